"""What a reader gets, and the log says, when the language model's server fails.

A real service, its real client, and a server that speaks the protocol and breaks it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.writers.fallback import NOTICE
from tests.e2e.serving import Served, serving
from tests.model_server import ModelServer, Reply, whole

pytestmark = pytest.mark.e2e

QUESTION = {"question": "Which countries set off the snapback of UN sanctions?"}
TEXT = "Germany, France and Britain set off the snapback [1]."
PIECES = tuple(f"{word} " for word in TEXT.split(" "))
FAST = {"DATELINE_LLM_FIRST_TOKEN_S": "0.5", "DATELINE_LLM_BETWEEN_TOKENS_S": "0.5"}


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def served(
    sample_index: Path, model: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A service that is not patient; who fails before the first word is asked twice."""
    environment = {**FAST, "DATELINE_LLM_BASE_URL": model.base_url, "DATELINE_LLM_ATTEMPTS": "2"}
    with serving(tmp_path_factory.mktemp("served"), sample_index, **environment) as served:
        yield served


@pytest.fixture(autouse=True)
def _circuit_closed(served: Served, model: ModelServer) -> None:
    """Let the model answer once, which ends a row of failures."""
    model.enqueue(Reply(PIECES))
    assert ask(served)["writer"]["kind"] == "openai"
    model.requests.clear()


def ask(served: Served) -> Any:
    reply = served.http.post("/v1/ask", json=QUESTION)
    assert reply.status_code == 200, reply.text
    return reply.json()


def refused(status: int, **headers: str) -> Reply:
    body = json.dumps({"error": {"message": "a secret of the server"}})
    return Reply(status=status, body=body, content_type="application/json", headers=headers)


FAULTS = {
    "401": ([refused(401)], "HTTP 401"),
    "404, no such model": ([refused(404)], "HTTP 404"),
    "429": ([refused(429)] * 2, "HTTP 429"),
    "429, come back in an hour": ([refused(429, **{"Retry-After": "3600"})], "HTTP 429"),
    "500": ([refused(500)] * 2, "HTTP 500"),
    "503": ([refused(503)] * 2, "HTTP 503"),
    "no first token": ([Reply(PIECES, first_pause_s=1.5)], "did not begin within 0.5 s"),
    "stall in the middle": ([Reply(PIECES[:3], None, False, hang=True)], "fell silent"),
    "cut in a marker": ([Reply(("Germany set it off [",), None, False)], "broke off"),
    "cut by the network": (
        [Reply(PIECES[:3], None, False, reset=True)],
        "cannot be reached, or its connection broke",
    ),
    "content filter": ([Reply(PIECES[:3], "content_filter")], "withheld"),
    "empty": ([Reply()], "empty"),
    "tool call": ([Reply((), "tool_calls")], "empty"),
    "too long": ([Reply(("word ",) * 100_000)], "20000 characters"),
    "not UTF-8": ([Reply(body=b'data: {"choices": "\xff\xc3"}\n\n')], "cannot be read"),
    "not JSON": ([Reply(body="data: {oops\n\n")], "cannot be read"),
    "a page": ([Reply(body="<html>", content_type="text/html")], "broke off"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_sentences_of_the_articles_stand_in_and_the_log_says_why(
    served: Served, model: ModelServer, name: str
) -> None:
    replies, said = FAULTS[name]
    model.enqueue(*replies)
    logged = served.log.stat().st_size

    answer = ask(served)

    assert (answer["status"], answer["writer"]["kind"]) == ("answered", "extractive")
    assert answer["degraded"] == [NOTICE]
    assert len(model.requests) == len(replies)
    log = served.log.read_text("utf-8")[logged:]
    assert said in log
    assert "secret of the server" not in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("address", "name"),
    [("http://127.0.0.1:1/v1", "refused"), ("http://nobody.invalid/v1", "no such name")],
)
def test_a_server_that_is_not_there_is_stood_in_for(
    sample_index: Path, tmp_path: Path, address: str, name: str
) -> None:
    with serving(tmp_path, sample_index, DATELINE_LLM_BASE_URL=address) as alone:
        answer = ask(alone)

    assert (answer["writer"]["kind"], answer["degraded"]) == ("extractive", [NOTICE]), name
    assert "cannot be reached" in alone.log.read_text("utf-8")


def test_where_no_other_writer_is_wanted_a_failure_is_an_error(
    sample_index: Path, tmp_path: Path
) -> None:
    wanted = {"DATELINE_WRITER": "openai", "DATELINE_LLM_BASE_URL": "http://127.0.0.1:1/v1"}
    with serving(tmp_path, sample_index, **wanted) as alone:
        reply = alone.http.post("/v1/ask", json=QUESTION)

    assert (reply.status_code, reply.json()["code"]) == (503, "writer_unavailable")
    assert int(reply.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("reply", "text", "degraded"),
    [
        (Reply(body=whole(TEXT), content_type="application/json"), "snapback. [1]", 0),
        (Reply((TEXT, " And a half sen"), "length"), "snapback. [1]", 1),
    ],
)
def test_a_reply_that_is_odd_but_whole_is_used(
    served: Served, model: ModelServer, reply: Reply, text: str, degraded: int
) -> None:
    model.enqueue(reply)

    answer = ask(served)

    assert answer["writer"]["kind"] == "openai"
    assert answer["answer"].endswith(text)
    assert len(answer["degraded"]) == degraded


def events(reply: httpx.Response) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in reply.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_a_stream_has_the_sources_first_then_the_text_as_it_comes_then_the_answer(
    served: Served, model: ModelServer
) -> None:
    model.answered.clear()
    model.enqueue(Reply(PIECES, pause_s=0.2))

    with served.http.stream("POST", "/v1/ask", json={**QUESTION, "stream": True}) as reply:
        heard = []
        for name, data in events(reply):
            heard.append((name, data))
            if [name for name, _ in heard] == ["sources", "delta"]:
                # It came while the model was still writing.
                assert not model.answered.is_set()

    names = [name for name, _ in heard]
    assert names[0] == "sources"
    assert names[-1] == "answer"
    assert set(names[1:-1]) == {"delta"}
    assert len(names) > len(PIECES) / 2
    final = heard[-1][1]
    assert "".join(data["text"] for name, data in heard if name == "delta") == final["answer"]


def test_a_stream_that_breaks_off_ends_with_the_other_writers_answer(
    served: Served, model: ModelServer
) -> None:
    model.enqueue(Reply(PIECES[:4], None, False, pause_s=0.1, reset=True))

    with served.http.stream("POST", "/v1/ask", json={**QUESTION, "stream": True}) as reply:
        *_, (name, final) = events(reply)

    assert (name, final["writer"]["kind"]) == ("answer", "extractive")
    assert final["degraded"] == [NOTICE]


def test_a_client_that_goes_away_ends_the_models_work(served: Served, model: ModelServer) -> None:
    model.abandoned.clear()
    model.enqueue(Reply(("word ",) * 200, pause_s=0.05))

    with served.http.stream("POST", "/v1/ask", json={**QUESTION, "stream": True}) as reply:
        for name, _ in events(reply):
            if name == "delta":
                break

    # It would write for ten seconds.
    assert model.abandoned.wait(5)
