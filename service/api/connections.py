"""Connections that ask nothing, or take for ever to ask it, are closed.

uvicorn limits how long it keeps a connection after a request, and not how long one may take to send
its head: some hundreds of silent ones would keep everybody else out.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S = 10.0
"""From the opening of a connection, or the first byte of a further request, to its head's end."""


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with a time limit for the head of a request."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Begin to wait where these are the first bytes of a further request."""
        if self._timer is None and self.cycle is not None and self.cycle.response_complete:
            self._begin()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Wait no more: what follows has limits of its own."""
        self._end()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._timer = self.loop.call_later(HEAD_S, self._cut)

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _cut(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()
