"""Connections that ask nothing, take for ever to ask it, or do not read the reply, are closed.

uvicorn limits how long it keeps a connection after a request, and neither how long one may take to
send its head nor how long to read what it asked for: some hundreds would keep everybody else out.

A client that uses a connection again just when it is closed for being idle does not know whether it
was heard. So idle ones are kept for longer than clients and proxies keep them, and while there are
many, none is: each reply says that its connection ends there.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S = 10.0
"""From the opening of a connection, or the first byte of a further request, to its head's end."""

IDLE_S = 75
"""Longer than nginx keeps a connection that it may use again (60), and httpx (5)."""

CROWD = 512
"""With more connections than this, none is kept after its reply."""

READ_S = 20.0
"""What waits to be sent, some 64 KB, must be taken within this time."""


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with time limits for the head of a request and for reading the reply."""

    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

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
        if self.cycle is not None and len(self.connections) > CROWD:
            self.cycle.keep_alive = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._end()
        self._read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        super().pause_writing()
        self._unread = self.loop.call_later(READ_S, self._give_up)

    def resume_writing(self) -> None:
        """Wait no more: it reads."""
        self._read()
        super().resume_writing()

    def _give_up(self) -> None:
        # Else what is written next would meet a closed transport.
        if self.cycle is not None:
            self.cycle.disconnected = True
        self.transport.abort()

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

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
