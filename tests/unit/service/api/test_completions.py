from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from ingest.errors import IndexMissing
from service.api.completions.chunks import chunks
from service.api.completions.reply import WITHDRAWN, Completion
from service.api.completions.request import SOURCES_HEAD
from service.domain import Citation, Statement, Turn
from service.errors import WriterBusy
from tests.unit.service.api.fake_backend import ANSWER, ARTICLE_ID, SOURCE, FakeBackend

LISTED = "[1] Harbour Post, Ferry sinks, 2025-03-01"
CITATION = Citation(source=1, article_id=ARTICLE_ID, start=0, end=5, quote="The f")
CITED = ANSWER.model_copy(
    update={
        "answer": "It [9] sank. [1] Nobody was hurt. [1]",
        "statements": [
            Statement(
                text="It [9] sank.", start=0, end=16, support="supported", citations=[CITATION]
            ),
            Statement(
                text="Nobody was hurt.", start=17, end=37, support="partial", citations=[CITATION]
            ),
        ],
    }
)


def asks(*messages: tuple[str, Any], **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": r, "content": c} for r, c in messages], **more}


async def post(client: httpx.AsyncClient, body: object) -> httpx.Response:
    return await client.post("/v1/chat/completions", json=body)


async def test_the_answer_comes_as_a_completion_with_its_sources(client: httpx.AsyncClient) -> None:
    reply = (await post(client, asks(("user", "Was anybody hurt?"), model="dateline"))).json()

    (choice,) = reply["choices"]
    assert (reply["object"], reply["model"]) == ("chat.completion", "dateline")
    assert (choice["message"]["role"], choice["finish_reason"]) == ("assistant", "stop")
    assert choice["message"]["content"] == f"{ANSWER.answer}{SOURCES_HEAD}{LISTED}"
    assert reply["dateline"] == ANSWER.model_dump()
    assert reply["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def test_annotations_say_where_each_source_is_cited() -> None:
    completion = Completion(CITED)

    found = [entry["url_citation"] for entry in completion.annotations()]

    spans = [completion.content[one["start_index"] : one["end_index"]] for one in found]
    assert spans == ["[1]", "[1]"]
    assert {one["url"] for one in found} == {f"/v1/articles/{ARTICLE_ID}"}
    assert {one["title"] for one in found} == {SOURCE.title}


def test_a_source_that_was_published_somewhere_is_linked_there() -> None:
    source = SOURCE.model_copy(update={"url": "https://post.example/ferry"})
    completion = Completion(CITED.model_copy(update={"sources": [source]}))

    assert completion.annotations()[0]["url_citation"]["url"] == "https://post.example/ferry"
    assert completion.content.endswith("<https://post.example/ferry>")


@pytest.mark.parametrize("told", ["", "It [9]", CITED.answer])
def test_what_was_told_and_the_rest_are_the_whole_text(told: str) -> None:
    completion = Completion(CITED, told)

    assert told + completion.rest == Completion(CITED).content


def test_a_text_that_broke_off_is_withdrawn_and_the_places_are_still_right() -> None:
    completion = Completion(CITED, "Some other")

    assert completion.content.startswith(f"Some other{WITHDRAWN}It [9] sank. [1]")
    assert "Some other" + completion.rest == completion.content
    span = completion.annotations()[0]["url_citation"]
    assert completion.content[span["start_index"] : span["end_index"]] == "[1]"


def test_an_answer_cut_off_in_a_sentence_is_not_withdrawn() -> None:
    completion = Completion(CITED, f"{CITED.answer} And then the")

    assert completion.content.startswith(f"{CITED.answer} And then the …{SOURCES_HEAD}")
    assert completion.rest.startswith(" …")


@pytest.mark.parametrize("field", ["title", "outlet"])
def test_no_link_image_or_marker_comes_in_by_an_articles_own_words(field: str) -> None:
    evil = "![x](https://evil.example/p.png) [2] [go](https://evil.example) <img src=x>"
    source = SOURCE.model_copy(update={field: evil, "url": "https://e.example/a>![i](http://b)"})
    completion = Completion(CITED.model_copy(update={"sources": [source]}))

    listed = completion.content.split(SOURCES_HEAD)[1]
    assert "evil" not in listed
    assert listed.count("[") == listed.count("<") == listed.count(">") == 1
    assert completion.annotations()[0]["url_citation"]["url"].count(">") == 0


async def test_the_last_user_message_is_the_question_and_those_before_are_its_history(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    said = f"Yes. [1]{SOURCES_HEAD}{LISTED}"
    parts = [{"type": "text", "text": "And when?"}, {"type": "image_url", "image_url": {}}]

    await post(
        client,
        asks(
            ("system", "Be rude."), ("user", "Did it sink?"), ("assistant", said), ("user", parts)
        ),
    )

    (asked,) = backend.questions
    assert asked.text == "And when?"
    assert asked.history == (Turn("user", "Did it sink?"), Turn("assistant", "Yes. [1]"))


async def test_of_a_long_conversation_the_end_is_kept(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    turns = [("user", f"Question {n}? " + "x" * 200) for n in range(9)]

    await post(client, asks(*turns, ("user", "Why?")))

    (asked,) = backend.questions
    assert [turn.content[:11] for turn in asked.history] == ["Question 7?", "Question 8?"]


async def test_filters_may_come_with_the_request(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    await post(client, asks(("user", "Q"), dateline={"outlets": ["Post"], "k": 3}))

    (asked,) = backend.questions
    assert (asked.filters.outlets, asked.k) == (("Post",), 3)


async def test_what_clients_send_beside_that_is_passed_over(client: httpx.AsyncClient) -> None:
    more = {"temperature": 0.7, "tools": [], "max_tokens": 5, "user": "me", "n": 1, "stop": None}

    assert (await post(client, asks(("user", "Q"), **more))).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (asks(("user", " ")), 422, "question_empty"),
        (asks(("system", "x")), 422, "question_empty"),
        (asks(("user", "x" * 101)), 422, "question_too_long"),
        (asks(("user", "Q"), model="gpt-9"), 404, "model_not_found"),
        (asks(("user", "Q"), n=2), 422, "invalid_request"),
        (asks(("user", "Q"), dateline={"k": 0}), 422, "invalid_request"),
        (asks(("user", 7)), 422, "invalid_request"),
        ({"messages": []}, 422, "invalid_request"),
        ([], 422, "invalid_request"),
    ],
)
async def test_a_bad_request_says_so_to_clients_of_either_kind(
    client: httpx.AsyncClient, body: object, status: int, code: str
) -> None:
    reply = await post(client, body)

    problem = reply.json()
    assert (reply.status_code, problem["code"], problem["error"]["code"]) == (status, code, code)
    assert problem["error"]["message"] == problem["detail"]
    assert problem["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("failure", "code"),
    [(IndexMissing("/srv"), "index_missing"), (WriterBusy("full"), "writer_busy")],
)
async def test_a_failure_is_an_error_of_the_server(
    client: httpx.AsyncClient, backend: FakeBackend, failure: Exception, code: str
) -> None:
    backend.failure = failure

    reply = await post(client, asks(("user", "Q")))

    assert (reply.status_code, reply.json()["error"]["type"]) == (503, "server_error")
    assert reply.json()["error"]["code"] == code
    assert reply.headers["retry-after"]


def streamed(text: str) -> list[dict[str, Any]]:
    """Return the chunks of a stream, which must end as the protocol wants."""
    lines = [line for line in text.split("\n\n") if line]
    assert lines[-1] == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]


async def test_a_stream_has_the_text_the_sources_the_answer_and_the_count(
    client: httpx.AsyncClient,
) -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}}
    reply = await post(client, asks(("user", "Q"), **options))

    *parts, end, usage = streamed(reply.text)
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = "".join(part["choices"][0]["delta"]["content"] for part in parts)
    assert told == f"{ANSWER.answer}{SOURCES_HEAD}{LISTED}"
    assert parts[0]["choices"][0]["delta"]["role"] == "assistant"
    assert (end["choices"][0]["finish_reason"], end["dateline"]["id"]) == ("stop", ANSWER.id)
    assert (usage["choices"], usage["usage"]["total_tokens"]) == ([], 0)
    assert len({part["id"] for part in [*parts, end, usage]}) == 1


async def test_a_failure_in_a_stream_is_one_error(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    backend.failure = IndexMissing("/srv")

    reply = await post(client, asks(("user", "Q"), stream=True))

    assert streamed(reply.text)[-1]["error"]["code"] == "index_missing"
    assert "/srv" not in reply.text


async def test_comments_bridge_the_silence() -> None:
    slow = FakeBackend(delay_s=0.05)
    scope = {"path": "/v1/chat/completions", "state": {"request_id": "r"}}

    parts = [c async for c in chunks(scope, lambda heard: slow.ask(None, heard), False, 0.01)]

    assert sum(part.startswith(b":") for part in parts) >= 2


async def test_the_one_model_is_listed(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/v1/models")).json()

    assert [entry["id"] for entry in listed["data"]] == ["dateline"]
    assert (await client.get("/v1/models/dateline")).json() == listed["data"][0]
    assert (await client.get("/v1/models/other")).status_code == 404
