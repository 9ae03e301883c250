"""Requests of every kind to a served service; what is not as it should be is an AssertionError."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx

WRONG: tuple[tuple[str, dict[str, Any] | None, int], ...] = (
    ("/v1/ask", {"question": ""}, 422),
    ("/v1/ask", {"question": "What?", "k": 1000}, 422),
    ("/v1/search", {"query": "rail", "colour": "red"}, 422),
    ("/v1/articles/nope", None, 404),
    ("/nowhere", None, 404),
)


def ask(http: httpx.Client, question: str) -> Any:
    return _whole(_document(http.post("/v1/ask", json={"question": question})))


def ask_streaming(http: httpx.Client, question: str) -> Any:
    """Return the document of the last event, which is the answer."""
    body = {"question": question, "stream": True}
    with http.stream("POST", "/v1/ask", json=body) as reply:
        assert reply.status_code == 200, reply.read()
        events = list(_events(reply))
    assert events and events[-1][0] == "answer", events
    return _whole(json.loads(events[-1][1]))


def search(http: httpx.Client, query: str) -> Any:
    return _document(http.post("/v1/search", json={"query": query}))


def stats(http: httpx.Client) -> Any:
    return _document(http.get("/v1/stats"))


def until_served(http: httpx.Client, generation: int) -> None:
    """Return once a generation is the one that answers."""
    end = time.monotonic() + 60
    while stats(http)["generation"] != generation:
        assert time.monotonic() < end, f"generation {generation} is not served"
        time.sleep(0.05)


def read_an_article(http: httpx.Client) -> None:
    first = _document(http.get("/v1/articles", params={"limit": 5}))["articles"][0]
    assert _document(http.get(f"/v1/articles/{first['article_id']}"))["text"]


def rate(http: httpx.Client, question: str) -> None:
    answer = ask(http, question)
    rated = http.post("/v1/feedback", json={"answer_id": answer["id"], "rating": "up"})
    assert rated.status_code == 204, rated.text


def complete(http: httpx.Client, question: str, streaming: bool) -> Any:
    """Ask as clients of the OpenAI protocol do; return the document, or None of a stream."""
    body = {"model": "dateline", "messages": [{"role": "user", "content": question}]}
    reply = http.post("/v1/chat/completions", json={**body, "stream": streaming})
    assert reply.status_code == 200, reply.text
    if not streaming:
        return reply.json()
    assert reply.text.rstrip().endswith("data: [DONE]"), reply.text
    assert '"error"' not in reply.text, reply.text
    return None


def leave_in_mid_stream(http: httpx.Client, question: str) -> None:
    """Go away after the first words."""
    body = {"question": question, "stream": True}
    with http.stream("POST", "/v1/ask", json=body) as reply:
        assert reply.status_code == 200, reply.read()
        assert any(name == "delta" for name, _ in _events(reply))


def ask_wrongly(http: httpx.Client, which: int) -> None:
    path, body, status = WRONG[which % len(WRONG)]
    reply = http.get(path) if body is None else http.post(path, json=body)
    assert reply.status_code == status, reply.text


def _whole(answer: Any) -> Any:
    assert answer["degraded"] == [], answer
    return answer


def _document(reply: httpx.Response) -> Any:
    assert reply.status_code == 200, reply.text
    return reply.json()


def _events(reply: httpx.Response) -> Iterator[tuple[str, str]]:
    name = ""
    for line in reply.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, line.removeprefix("data: ")
