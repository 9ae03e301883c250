"""How many ask a language model at a time, and how many wait for their turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.errors import WriterBusy


class Admission:
    """A bounded number of places, and a bounded queue before them, first come first served."""

    def __init__(self, at_once: int, waiting: int) -> None:
        """Take how many places there are, at least one, and how many may wait for one."""
        self._places = asyncio.Semaphore(at_once)
        self._room = at_once + waiting
        self._inside = 0

    @asynccontextmanager
    async def place(self, wait_s: float) -> AsyncIterator[None]:
        """Hold a place until the block ends.

        Raises:
            WriterBusy: The queue is full, or no place came free within `wait_s` seconds.
        """
        if self._inside >= self._room:
            raise WriterBusy(f"{self._inside} questions already ask or wait for the language model")
        self._inside += 1
        try:
            await self._wait(wait_s)
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._inside -= 1

    async def _wait(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._places.acquire()
        except TimeoutError as error:
            raise WriterBusy(f"no turn at the language model within {wait_s:g} s") from error
