"""Serving the application with uvicorn."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Iterator

import structlog
import uvicorn
from fastapi import FastAPI

from ingest.errors import SettingsError

# A stopping server first lets questions finish, then ends them with a problem, and only then
# lets uvicorn cut connections.
GRACE_S = 10
GIVE_UP_S = 8.0
MAX_CONNECTIONS = 512
BACKLOG = 1024

log = structlog.get_logger("service.api")


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then return.

    Args:
        app: Made by `create_app`.
        host: A name or an address of this machine.
        port: 0 takes any free port; the log line says which.

    Raises:
        SettingsError: The port is in use, or the host is not one of this machine.
    """
    listener = _listen(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_S,
    )
    _Server(config).run(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn that ends in good order, with exit status 0."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say where."""
        await super().startup(sockets)
        for listener in sockets or []:
            log.info("serving", url=_url(listener))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, but let questions finish first."""
        app = self.config.app
        assert isinstance(app, FastAPI)
        app.state.wiring.running.stop(GIVE_UP_S)
        await super().shutdown(sockets)

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
