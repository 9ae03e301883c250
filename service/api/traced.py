"""A trace of each request that is let in."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.frame import route_of
from service.tracing import span

UNTRACED = frozenset({"/healthz", "/readyz", "/metrics"})
"""What is asked every few seconds, and says nothing in a trace."""
_SERVER_FAILED = 500


class Traced:
    """ASGI middleware, inside the gate: a stranger leaves no trace.

    Neither the address nor its query is in it: they may hold an id, or what somebody asks.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["path"] in UNTRACED:
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        asked = {"http.request.method": method, "dateline.request.id": scope["state"]["request_id"]}
        with span(method, asked, "server", Headers(scope=scope)) as traced:

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    traced.note({"http.response.status_code": message["status"]})
                    if message["status"] >= _SERVER_FAILED:
                        traced.fail(str(message["status"]))
                await send(message)

            try:
                await self._app(scope, receive, noted)
            finally:
                route = route_of(scope)
                traced.rename(f"{method} {route}")
                traced.note({"http.route": route})
