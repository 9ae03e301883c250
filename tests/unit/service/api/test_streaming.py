"""Answers as server-sent events."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import IndexMissing
from service.api.streaming import events
from service.domain import Answer, Statement
from service.listening import pieces
from tests.unit.service.api.fake_backend import ANSWER, SOURCE, FakeBackend

SCOPE = {"path": "/v1/ask", "state": {"request_id": "req_1"}}


def parse(text: str) -> list[tuple[str, Any]]:
    """Return (name, data) of each event, comments left out."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block]
    fields = [dict(line.split(": ", 1) for line in lines) for lines in blocks]
    return [(entry["event"], json.loads(entry["data"])) for entry in fields if "event" in entry]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "accept"),
    [
        ({"stream": True}, "*/*"),
        ({}, "text/event-stream"),
        ({"stream": False}, "application/json, Text/Event-Stream;q=0.5"),
    ],
)
async def test_streams_sources_then_text_then_the_answer(
    client: httpx.AsyncClient, body: dict[str, bool], accept: str
) -> None:
    body = {"question": "Q", **body}
    reply = await client.post("/v1/ask", json=body, headers={"Accept": accept})
    names, data = zip(*parse(reply.text), strict=True)

    assert names == ("sources", "delta", "delta", "answer")
    assert data[0] == {"sources": [SOURCE.model_dump()]}
    assert [delta["text"] for delta in data[1:3]] == [
        "Nobody was hurt [1].",
        " The ferry sank [1].",
    ]
    assert Answer.model_validate(data[3]) == ANSWER


@pytest.mark.asyncio
@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/event-stream;q=0", ""])
async def test_answers_in_plain_json_unless_asked_otherwise(
    client: httpx.AsyncClient, accept: str
) -> None:
    reply = await client.post("/v1/ask", json={"question": "Q"}, headers={"Accept": accept})

    assert reply.headers["content-type"] == "application/json"


@pytest.mark.asyncio
async def test_says_what_proxies_need_to_know(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/ask", json={"question": "Q", "stream": True})

    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"
    assert reply.headers["cache-control"] == "no-cache"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("failure", "code"), [(IndexMissing("/srv"), "index_missing"), (ValueError("/srv"), None)]
)
async def test_a_failure_is_one_error_event(
    client: httpx.AsyncClient, backend: FakeBackend, failure: Exception, code: str | None
) -> None:
    backend.failure = failure
    reply = await client.post("/v1/ask", json={"question": "Q", "stream": True})
    [(name, problem)] = parse(reply.text)

    assert (name, problem["code"]) == ("error", code or "internal_error")
    assert problem["request_id"] == reply.headers["x-request-id"]
    assert "/srv" not in reply.text


@pytest.mark.asyncio
async def test_a_bad_request_is_refused_before_the_stream(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/ask", json={"question": " ", "stream": True})

    assert (reply.status_code, reply.json()["code"]) == (422, "question_empty")


@pytest.mark.asyncio
async def test_comments_bridge_the_silence() -> None:
    slow = FakeBackend(delay_s=0.05)
    chunks = [
        chunk async for chunk in events(SCOPE, lambda heard: slow.ask(None, heard), ping_s=0.01)
    ]

    pings = [chunk for chunk in chunks if chunk.startswith(b":")]
    assert len(pings) >= 2
    assert chunks[: len(pings)] == pings
    assert [name for name, _ in parse(b"".join(chunks).decode())][-1] == "answer"


@pytest.mark.asyncio
async def test_a_closed_stream_cancels_the_question() -> None:
    slow = FakeBackend(delay_s=60)
    chunks = events(SCOPE, lambda heard: slow.ask(None, heard), ping_s=0.01)
    await anext(chunks)
    await chunks.aclose()
    await asyncio.sleep(0.01)

    assert slow.cancelled


@given(st.text(), st.lists(st.integers(-5, 30)))
def test_pieces_are_the_text_whatever_the_offsets_say(text: str, ends: list[int]) -> None:
    made = [Statement(text="", start=0, end=end, support="uncited", citations=[]) for end in ends]
    answer = ANSWER.model_copy(update={"answer": text, "statements": made})

    assert "".join(pieces(answer)) == text
    assert all(pieces(answer))
