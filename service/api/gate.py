"""Who is let in: the name that was asked for, the key, its scopes, and how much one may ask.

Whatever is not named here as open needs a key, so that a new route is never open by mistake.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from service.access import Key, Scope, find_key
from service.api import problems
from service.api.document import OPEN
from service.api.handlers import problem_response
from service.api.limits import OpenQuestions, Rates
from service.api.problems import Kind

OPEN_BELOW = ("/web/", "/docs/")
QUESTIONS = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions"})
BODY_S = 15.0
"""A body that takes longer is given up."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")
SCOPES: tuple[tuple[str, Scope], ...] = (
    ("/v1/ask", "ask"),
    ("/v1/chat/", "ask"),
    ("/v1/models", "ask"),
    ("/v1/feedback", "feedback"),
    ("/metrics", "metrics"),
)
"""What a path begins with, and what a key must allow there; `read` everywhere else."""


@dataclass(frozen=True)
class Rules:
    """Who is let in.

    Attributes:
        keys: Without any, everybody is; then only this machine may reach the service.
        hosts: Names that the service goes by, lower case; empty lets all pass. A page of another
            site that had its name lead here would be told apart by it (DNS rebinding).
        rates: None sets no limit.
    """

    keys: Sequence[Key]
    hosts: frozenset[str]
    rates: Rates | None
    open_questions: OpenQuestions


@dataclass(frozen=True)
class _Refusal:
    kind: Kind
    headers: dict[str, str]


class Gate:
    """ASGI middleware, inside the frame."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Serve a request, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        found = self._identify(scope)
        refusal = found if isinstance(found, _Refusal) else await self._too_much(scope, found)
        if refusal is not None:
            response = problem_response(scope, refusal.kind, headers=refusal.headers)
            await response(scope, receive, send)
            return
        assert isinstance(found, str)
        with self._counted(scope, found):
            await self._app(scope, _in_time(receive), send)

    def _identify(self, scope: AsgiScope) -> str | _Refusal:
        """Return what the client is called, or why it is not let in."""
        headers = Headers(scope=scope)
        if self._rules.hosts and _host(headers) not in self._rules.hosts:
            return _Refusal(problems.HOST_NOT_ALLOWED, {})
        address = scope["client"][0] if scope.get("client") else "unknown"
        path = scope["path"]
        if not self._rules.keys or _is_open(path):
            return address
        key = find_key(self._rules.keys, _token(scope))
        if key is None:
            return _Refusal(problems.UNAUTHORIZED, {"WWW-Authenticate": 'Bearer realm="dateline"'})
        needed = next((need for start, need in SCOPES if path.startswith(start)), "read")
        if needed not in key.scopes:
            wanted = f'Bearer error="insufficient_scope", scope="{needed}"'
            return _Refusal(problems.FORBIDDEN, {"WWW-Authenticate": wanted})
        return f"key {key.name}"

    async def _too_much(self, scope: AsgiScope, client: str) -> _Refusal | None:
        if _is_open(scope["path"]):
            return None
        if self._rules.rates is not None:
            wait_s = await self._rules.rates.wait_s(client)
            if wait_s is not None:
                return _Refusal(problems.RATE_LIMITED, {"Retry-After": str(wait_s)})
        if scope["path"] in QUESTIONS:
            if self._rules.open_questions.is_full():
                return _Refusal(problems.OVERLOADED, {})
            if self._rules.open_questions.is_full_for(client):
                retry = {"Retry-After": str(problems.RETRY_AFTER_S)}
                return _Refusal(problems.TOO_MANY_OPEN, retry)
        return None

    def _counted(self, scope: AsgiScope, client: str) -> AbstractContextManager[None]:
        if scope["path"] in QUESTIONS:
            return self._rules.open_questions.one(client)
        return nullcontext()


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def _in_time(receive: Receive) -> Receive:
    """Return a `receive` that raises HTTPException 408 when the body is not there in time."""
    until = asyncio.get_running_loop().time() + BODY_S
    is_whole = False

    async def timed() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        is_whole = not message.get("more_body", False)
        return message

    return timed


def _host(headers: Headers) -> str:
    """Return the name that was asked for, without its port; "" for none, several or no name."""
    asked = headers.getlist("host")
    found = _HOST.fullmatch(asked[0].lower()) if len(asked) == 1 else None
    return found[1].strip("[]") if found else ""


def _token(scope: AsgiScope) -> bytes:
    """Return what the client offers as its key, as the bytes that came; b"" without any."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = bytes(value).partition(b" ")
            return token.strip() if scheme.lower() == b"bearer" else b""
    return b""
