"""Serving the application with uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import threading
from collections.abc import Iterator
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from ingest.errors import SettingsError
from service.api.connections import IDLE_S, TimedProtocol
from service.computing import take_turns_sooner

# A stopping server first lets questions finish, then ends them with a problem, and only then
# lets uvicorn cut connections.
GRACE_S = 10
GIVE_UP_S = 8.0
# For what is sent already, however long it was drained before.
MIN_CLOSE_S = 2
# The last resort, answered in plain text: `frame.MAX_IN_FLIGHT` answers overload before that. Below
# the 1024 files that a process may usually have open.
MAX_CONNECTIONS = 768
MAX_PORT = 65535
BACKLOG = 1024
_LOOK_S = 0.02

log = structlog.get_logger("service.api")


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then return.

    Args:
        app: Made by `create_app`.
        host: A name or an address of this machine.
        port: 0 takes any free port; the log line says which.

    Raises:
        SettingsError: The port is in use or none, or the host is not one of this machine.

    What the application's lifespan raises passes through unchanged.
    """
    proxies = app.state.wiring.settings.trusted_proxies
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        http=TimedProtocol,
        ws="none",
        lifespan="off",
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    take_turns_sooner()
    logging.getLogger("uvicorn.error").addFilter(_is_no_cancellation)
    with _listen(host, port) as listener:
        _Server(config, app).run(sockets=[listener])


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    """Tell failures from requests that ended with the server, which have their line in the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


class _Server(uvicorn.Server):
    """uvicorn that ends in good order, with exit status 0.

    It runs the application's lifespan itself, because uvicorn would write a traceback of what it
    raises and exit with 3.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app
        self._lifespan = contextlib.AsyncExitStack()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say where."""
        await self._lifespan.enter_async_context(self._app.router.lifespan_context(self._app))
        await super().startup(sockets)
        for listener in sockets or []:
            log.info("serving", url=_url(listener))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, but let questions finish first."""
        wiring = self._app.state.wiring
        wiring.running.stop(GIVE_UP_S)
        # Whoever connects meanwhile is told that the service stops, not that there is none.
        clock = asyncio.get_running_loop().time
        stopped = clock()
        until = stopped + wiring.settings.drain_s
        while not self.force_exit and (wiring.running.is_busy or clock() < until):
            await asyncio.sleep(_LOOK_S)
        left = GRACE_S - (clock() - stopped)
        self.config.timeout_graceful_shutdown = max(MIN_CLOSE_S, round(left))
        await super().shutdown(sockets)
        # Those that were not read to their end, which would be waited for.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await self._lifespan.aclose()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in good order at the first signal, at once at the second, whichever it is."""
        self.force_exit = self.should_exit
        super().handle_exit(sig, frame)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on the usual signals; uvicorn would raise them again, and exit with 143."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        names = (signal.SIGINT, signal.SIGTERM)
        before = {name: signal.signal(name, self.handle_exit) for name in names}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket."""
    if not 0 <= port <= MAX_PORT:
        raise SettingsError(
            f"port {port} is not between 0 and {MAX_PORT}; pass --port or set DATELINE_PORT"
        )
    try:
        # IPv4 first (its number is the lower one): "localhost" means 127.0.0.1 to most clients.
        family = min(entry[0] for entry in socket.getaddrinfo(host, port))
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        raise SettingsError(_why_not(error, host, port)) from error


def _why_not(error: Exception, host: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"port {port} is in use; pass --port or set DATELINE_PORT"
    if number == errno.EACCES:
        return f"port {port} is not allowed; pass --port or set DATELINE_PORT to one above 1023"
    return f"cannot listen on {host!r}; pass --host or set DATELINE_HOST"


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
