"""An answer as server-sent events: `sources`, `delta`, then one `answer`; or one `error`."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from itertools import pairwise
from typing import Any

import structlog
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import BaseModel
from starlette.types import Scope

from service.api.handlers import problem_for
from service.api.problems import INTERNAL, kind_of
from service.api.running import ClientGone
from service.domain import Answer, Source

# Proxies commonly close a connection that is silent for 30 to 60 seconds.
PING_S = 15.0
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

log = structlog.get_logger("service.api")


class SourcesEvent(BaseModel):
    """The passages that the answer was written from."""

    sources: list[Source]


class DeltaEvent(BaseModel):
    """The next piece of the answer's text."""

    text: str


def stream(scope: Scope, work: Callable[[], Coroutine[Any, Any, Answer]]) -> EventSourceResponse:
    """Return the response that sends the answer which `work` makes once it is sent."""
    return EventSourceResponse(events(scope, work), headers=HEADERS)


async def events(
    scope: Scope, work: Callable[[], Coroutine[Any, Any, Answer]], ping_s: float = PING_S
) -> AsyncIterator[bytes]:
    """Yield the events, and a comment after every `ping_s` seconds of silence."""
    task = asyncio.ensure_future(work())
    task.add_done_callback(_seen)
    try:
        while not (await asyncio.wait({task}, timeout=ping_s))[0]:
            yield KEEPALIVE_COMMENT
        for event in _finished(scope, task):
            yield event
    finally:
        task.cancel()


def pieces(answer: Answer) -> list[str]:
    """Return the answer's text cut where statements end; joined, they are the text again."""
    ends = {min(max(statement.end, 0), len(answer.answer)) for statement in answer.statements}
    cuts = sorted(ends | {0, len(answer.answer)})
    return [answer.answer[start:end] for start, end in pairwise(cuts)]


def _finished(scope: Scope, task: asyncio.Task[Answer]) -> list[bytes]:
    """Return the events of a finished task."""
    try:
        answer = task.result()
    except ClientGone:
        return []
    # The status line is long gone, so whatever went wrong has to be said in an event.
    except Exception as error:
        kind = kind_of(error)
        if kind is INTERNAL:
            log.error("stream", failure="".join(traceback.format_exception(error)))
        return [_event("error", problem_for(scope, kind))]
    deltas = [_event("delta", DeltaEvent(text=piece)) for piece in pieces(answer)]
    sources = _event("sources", SourcesEvent(sources=answer.sources))
    return [sources, *deltas, _event("answer", answer)]


def _event(name: str, data: BaseModel) -> bytes:
    exclude = name == "error"
    return format_sse_event(event=name, data_str=data.model_dump_json(exclude_none=exclude))


def _seen(task: asyncio.Task[Answer]) -> None:
    """Take note of the exception, which asyncio would otherwise complain about."""
    if not task.cancelled():
        task.exception()
