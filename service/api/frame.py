"""The frame around every request: its id, its log line, safe headers, and the last resort."""

from __future__ import annotations

import re
import time
import traceback
from secrets import token_hex

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import problems
from service.api.handlers import problem_response
from service.api.metrics import Metrics
from service.api.problems import Kind

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OWN = (
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(
    (
        *_OWN,
        "style-src 'self'",
        "img-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
# The viewer brings pictures along in its styles, and sets HTML that it has cleaned.
VIEWER_POLICY = "; ".join((*_OWN, "style-src 'self' 'unsafe-inline'", "img-src 'self' data:"))
VIEWER = "/docs"
# Threads and memory for so many at once; a further request is told to come back.
MAX_IN_FLIGHT = 512
# Who asks whether the process lives must not be told to come back.
ALWAYS_SERVED = frozenset({"/healthz"})
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

log = structlog.get_logger("service.api")


class Frame:
    """ASGI middleware; pure, because Starlette's base class buffers and breaks streams."""

    def __init__(
        self,
        app: ASGIApp,
        max_body_bytes: int,
        metrics: Metrics,
        max_in_flight: int = MAX_IN_FLIGHT,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._max_body_bytes = max_body_bytes
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, whatever happens inside."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = _Record(scope)
        with structlog.contextvars.bound_contextvars(request_id=record.request_id):
            try:
                await self._serve(scope, receive, record.sender(send))
            except ClientDisconnect:
                pass
            except Exception:
                record.failure = traceback.format_exc()
                if record.status is None:
                    response = problem_response(scope, problems.INTERNAL)
                    await response(scope, receive, record.sender(send))
            finally:
                record.write()
                self._metrics.requested(scope["method"], record.route, record.status)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refused(scope)
        if refused is not None:
            await problem_response(scope, refused)(scope, receive, send)
            return
        self._in_flight += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._in_flight -= 1

    def _refused(self, scope: Scope) -> Kind | None:
        """Return why a request is not let in; the server's own refusals are plain text."""
        if self._in_flight >= self._max_in_flight and scope["path"] not in ALWAYS_SERVED:
            return problems.OVERLOADED
        if _declared_length(scope) > self._max_body_bytes:
            return problems.kind_of_status(413)
        return None


class _Record:
    """What the log will say of one request."""

    def __init__(self, scope: Scope) -> None:
        self.request_id = _request_id(scope)
        self.status: int | None = None
        self.failure: str | None = None
        self._scope = scope
        self._started = time.perf_counter()
        scope.setdefault("state", {})["request_id"] = self.request_id

    def sender(self, send: Send) -> Send:
        """Return a `send` that adds the headers and notes the status."""

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self._add_headers(MutableHeaders(scope=message))
            await send(message)

        return framed

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers["X-Request-ID"] = self.request_id
        headers.setdefault("Cache-Control", "no-store")
        for name, value in SECURITY_HEADERS.items():
            headers[name] = value
        policy = VIEWER_POLICY if self._scope["path"] == VIEWER else CONTENT_SECURITY_POLICY
        headers["Content-Security-Policy"] = policy

    @property
    def route(self) -> str:
        return route_of(self._scope)

    def write(self) -> None:
        """Write the line: neither the address nor the body, which hold what people ask."""
        fields = {
            "method": self._scope["method"],
            "route": self.route,
            "status": self.status,
            "ms": round((time.perf_counter() - self._started) * 1000, 1),
        }
        if self.failure is None:
            log.info("request", **fields)
        else:
            log.error("request", **fields, failure=self.failure)


def route_of(scope: Scope) -> str:
    """Return the route of a request, without what stands for its parameters; "-" for none."""
    # A mount has no route, but shows in the root path.
    route = getattr(scope.get("route"), "path", "") or scope.get("root_path")
    return str(route or "-")


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else f"req_{token_hex(8)}"


def _declared_length(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "")
    return int(declared) if re.fullmatch(r"[0-9]{1,18}", declared) else 0
