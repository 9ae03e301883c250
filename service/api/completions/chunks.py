"""A chat completion as a stream of chunks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

from fastapi.sse import KEEPALIVE_COMMENT
from starlette.types import Scope

from service.api.completions.reply import Completion, head
from service.api.completions.request import error_of
from service.api.problems import Problem
from service.api.streaming import PING_S, DeltaEvent, Work, happenings
from service.domain import Answer

DONE = b"data: [DONE]\n\n"


async def chunks(
    scope: Scope, work: Work, include_usage: bool, ping_s: float = PING_S
) -> AsyncIterator[bytes]:
    """Yield the stream: the text as it comes, the sources with their places, `dateline`, the end.

    Args:
        scope: The request's.
        work: Makes the answer.
        include_usage: Whether a last chunk counts tokens.
        ping_s: After so many seconds of silence a comment is sent.
    """
    parts = _Parts(include_usage)
    yield parts.begin()
    async for event in happenings(scope, work, ping_s):
        match event:
            case None:
                yield KEEPALIVE_COMMENT
            case DeltaEvent(text=text):
                yield parts.text(text)
            case Answer():
                for part in parts.end(event):
                    yield part
            case Problem():
                yield _data({"error": error_of(event.model_dump())})
    yield DONE


class _Parts:
    """The chunks of one completion, and how much of its text was told."""

    def __init__(self, include_usage: bool) -> None:
        self._head = head(uuid4().hex, "chat.completion.chunk")
        self._include_usage = include_usage
        self._told = ""

    def begin(self) -> bytes:
        return self._chunk({"role": "assistant", "content": ""})

    def text(self, text: str) -> bytes:
        self._told += text
        return self._chunk({"content": text})

    def end(self, answer: Answer) -> list[bytes]:
        completion = Completion(answer, self._told)
        last: dict[str, Any] = {"content": completion.rest}
        if annotations := completion.annotations():
            last["annotations"] = annotations
        parts = [
            self._chunk(last),
            self._chunk({}, "stop", dateline=answer.model_dump()),
        ]
        if self._include_usage:
            parts.append(_data({**self._head, "choices": [], "usage": completion.usage()}))
        return parts

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage = {"usage": None} if self._include_usage else {}
        return _data({**self._head, "choices": [choice], **usage, **more})


def _data(document: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(document, ensure_ascii=False)}\n\n".encode()
