"""Asks a server that may fail at any moment, and lets nobody wait for it while it does."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ingest.errors import VectorsUnavailable
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_collection import ChromaCollection

T = TypeVar("T")

PROBE_S = 1.0
"""Seconds between two looks at the server, so that readiness knows too."""
PATIENT, LONGEST_S = 10, 8.0
"""After so many looks in vain the pauses between them double, up to that."""

log = logging.getLogger("ingest.index")


class Circuit:
    """One failure opens it, as the next request would wait as long; a look closes it again.

    It is looked once a second at first, whether anybody asks or not.
    """

    def __init__(
        self, server: ChromaCollection, address: ChromaAddress, look: Callable[[], Awaitable[None]]
    ) -> None:
        """Begin to look at a server, now and then until it is closed.

        Args:
            server: Whom to ask.
            address: Where it is, and how long one request may take.
            look: Raises what is wrong with the server.
        """
        self._server = server
        self._address = address
        self._look = look
        self._problem: VectorsUnavailable | None = None
        self._in_vain = 0
        server.every(self._pause_s, self._probe)

    @property
    def problem(self) -> str | None:
        """What keeps the server from being asked now; None when all is well."""
        problem = self._problem
        return None if problem is None else problem.degraded

    def ask(self, what: Callable[[], Awaitable[T]]) -> T:
        """Return what is asked for in the thread of the server's event loop.

        Raises:
            VectorsUnavailable: The server cannot be used, or failed a moment ago.
        """
        problem = self._problem
        if problem is not None:
            raise VectorsUnavailable(str(problem), problem.why)
        try:
            # What is asked for in a second request has what is left of the time.
            return self._server.ask(what, self._address.timeout_s)
        except VectorsUnavailable as error:
            self._tell(error)
            raise

    def _pause_s(self) -> float:
        doubled = min(10, max(0, self._in_vain - PATIENT))
        return min(LONGEST_S, PROBE_S * 2.0**doubled)

    async def _probe(self) -> None:
        if self._problem is None and self._address.is_cloud:
            # There each search is paid for.
            return
        try:
            await self._server.within(self._look, self._address.timeout_s)
        except VectorsUnavailable as error:
            self._in_vain += 1
            self._tell(error)
        else:
            self._in_vain = 0
            if self._problem is not None:
                log.warning("the Chroma server answers again")
            self._problem = None

    def _tell(self, error: VectorsUnavailable) -> None:
        before, self._problem = self._problem, error
        if before is None or before.why != error.why:
            log.warning("%s", error)
