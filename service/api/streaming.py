"""An answer as server-sent events: `sources`, `delta` while it is written, then one `answer`.

Or one `error`. The text of `answer` counts: a model that breaks off is stood in for by another
writer, and then it is not what the deltas said.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any

import structlog
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import BaseModel
from starlette.types import Scope

from service.api.handlers import problem_for
from service.api.problems import INTERNAL, Problem, kind_of
from service.api.running import ClientGone
from service.domain import Answer, Source
from service.listening import Listener

# Proxies commonly close a connection that is silent for 30 to 60 seconds.
PING_S = 15.0
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

Work = Callable[[Listener], Coroutine[Any, Any, Answer]]

log = structlog.get_logger("service.api")


class SourcesEvent(BaseModel):
    """The passages that the answer is written from."""

    sources: list[Source]


class DeltaEvent(BaseModel):
    """The next piece of the answer's text."""

    text: str


Event = SourcesEvent | DeltaEvent | Answer | Problem
_NAMES: dict[type[BaseModel], str] = {
    SourcesEvent: "sources",
    DeltaEvent: "delta",
    Answer: "answer",
    Problem: "error",
}


def stream(scope: Scope, work: Work) -> EventSourceResponse:
    """Return the response that sends the answer which `work` makes once it is sent."""
    return EventSourceResponse(events(scope, work), headers=HEADERS)


async def events(scope: Scope, work: Work, ping_s: float = PING_S) -> AsyncIterator[bytes]:
    """Yield the events, and a comment after every `ping_s` seconds of silence."""
    async for event in happenings(scope, work, ping_s):
        if event is None:
            yield KEEPALIVE_COMMENT
        else:
            without_none = isinstance(event, Problem)
            data = event.model_dump_json(exclude_none=without_none)
            yield format_sse_event(event=_NAMES[type(event)], data_str=data)


async def happenings(
    scope: Scope, work: Work, ping_s: float = PING_S
) -> AsyncIterator[Event | None]:
    """Yield what happens while an answer is made, None after every `ping_s` seconds of nothing.

    The last one is an Answer or a Problem; nothing more comes when the client has gone.
    """
    heard = _Queue()
    task = asyncio.ensure_future(work(heard))
    task.add_done_callback(heard.end)
    try:
        while True:
            try:
                async with asyncio.timeout(ping_s):
                    event = await heard.next()
            except TimeoutError:
                yield None
                continue
            if event is None:
                break
            yield event
        last = _outcome(scope, task)
        if last is not None:
            yield last
    finally:
        task.cancel()


class _Queue:
    """Keeps what a listener hears until it is sent; a model's answer has a greatest length."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[SourcesEvent | DeltaEvent | None] = asyncio.Queue()

    def sources(self, sources: Sequence[Source]) -> None:
        self._events.put_nowait(SourcesEvent(sources=list(sources)))

    def delta(self, text: str) -> None:
        self._events.put_nowait(DeltaEvent(text=text))

    def end(self, task: asyncio.Task[Answer]) -> None:
        """Take note that nothing more comes, and of the exception: asyncio would complain."""
        if not task.cancelled():
            task.exception()
        self._events.put_nowait(None)

    async def next(self) -> SourcesEvent | DeltaEvent | None:
        return await self._events.get()


def _outcome(scope: Scope, task: asyncio.Task[Answer]) -> Answer | Problem | None:
    """Return the answer of a finished task, or what went wrong; None when nobody waits for it."""
    try:
        return task.result()
    except ClientGone:
        return None
    # The status line is long gone, so whatever went wrong has to be said in an event.
    except Exception as error:
        kind = kind_of(error)
        if kind is INTERNAL:
            log.error("stream", failure="".join(traceback.format_exception(error)))
        return problem_for(scope, kind)
