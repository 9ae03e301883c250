"""Whether questions can really be answered: one is asked of the index, again and again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

EVERY_S = 10.0
FRESH_S = 30.0
_TIMEOUT_S = 10.0

log = structlog.get_logger("service")


class Sentinel:
    """Asks in the background, and remembers when that last went well."""

    def __init__(
        self, ask: Callable[[], Awaitable[object]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take what is asked, and what tells the time.

        Args:
            ask: Raises what keeps it from being answered.
            clock: Seconds since any moment, never going back.
        """
        self._ask = ask
        self._clock = clock
        self._answered: float | None = None
        self._is_watching = False

    @property
    def problem(self) -> str | None:
        """What is wrong; None when all is well, or nobody watches."""
        if not self._is_watching:
            return None
        if self._answered is None or self._clock() - self._answered > FRESH_S:
            return f"the index answered no question in the last {FRESH_S:.0f} s"
        return None

    async def once(self) -> None:
        """Ask now; from here on readiness depends on it."""
        self._is_watching = True
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await self._ask()
            self._answered = self._clock()
        except Exception as error:  # whatever keeps questions from being answered
            log.warning("sentinel", error=type(error).__name__)

    async def watch(self, every_s: float = EVERY_S) -> None:
        """Ask every so many seconds, until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            await self.once()
