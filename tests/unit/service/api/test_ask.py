"""POST /v1/ask and POST /v1/search as plain JSON."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from ingest.domain import Filters
from service.domain import Answer, Question, Turn
from service.search_result import SearchResult
from tests.unit.service.api.fake_backend import ANSWER, HIT, FakeBackend

pytestmark = pytest.mark.asyncio


async def test_returns_the_answer_of_the_backend(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/ask", json={"question": "Was anybody hurt?"})

    assert reply.status_code == 200
    assert Answer.model_validate(reply.json()) == ANSWER


async def test_asks_with_everything_the_body_says(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    body = {
        "question": "  And the crew? ",
        "history": [{"role": "user", "content": "Was anybody hurt?"}],
        "outlets": [" Harbour Post "],
        "published_after": "2025-01-01",
        "published_before": "2025-12-31",
        "as_of": "2025-06-30",
        "k": 3,
        "stream": False,
    }
    await client.post("/v1/ask", json=body)

    days = (date(2025, 1, 1), date(2025, 12, 31), date(2025, 6, 30))
    history = (Turn("user", "Was anybody hurt?"),)
    expected = Question("And the crew?", history, Filters(("Harbour Post",), *days), 3)
    assert backend.questions == [expected]


async def test_nulls_and_left_out_fields_mean_no_filter(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    await client.post("/v1/ask", json={"question": "Q", "published_after": None, "as_of": None})

    assert backend.questions == [Question("Q", k=8)]


async def test_search_returns_passages(client: httpx.AsyncClient, backend: FakeBackend) -> None:
    reply = await client.post("/v1/search", json={"query": "ferry", "k": 50})

    assert SearchResult.model_validate(reply.json()).results == [HIT]
    assert backend.questions == [Question("ferry", k=50)]


@pytest.mark.parametrize(("path", "name"), [("/v1/search", "query"), ("/v1/ask", "question")])
async def test_what_shall_not_be_read_out_of_a_question_is_passed_on(
    client: httpx.AsyncClient, backend: FakeBackend, path: str, name: str
) -> None:
    body = {name: "ferry", "disregard": ["days", "outlets", "days"]}

    assert (await client.post(path, json=body)).status_code == 200
    refused = await client.post(path, json={**body, "disregard": ["weather"]})

    assert backend.questions == [Question("ferry", disregard=frozenset({"days", "outlets"}))]
    assert refused.status_code == 422


async def test_a_search_tells_why_each_passage_is_there(client: httpx.AsyncClient) -> None:
    reply = (await client.post("/v1/search", json={"query": "ferry"})).json()

    assert reply["results"][0]["why"] == HIT.why.model_dump()
    assert reply["undated"] == []


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\u200b\u00a0", "\u0000"])
@pytest.mark.parametrize(("path", "field"), [("/v1/ask", "question"), ("/v1/search", "query")])
async def test_a_blank_question_is_refused(
    client: httpx.AsyncClient, path: str, field: str, blank: str
) -> None:
    reply = await client.post(path, json={field: blank})

    assert (reply.status_code, reply.json()["code"]) == (422, "question_empty")


async def test_a_question_may_have_the_longest_length_but_no_more(
    client: httpx.AsyncClient,
) -> None:
    fits = await client.post("/v1/ask", json={"question": "é" * 100})
    too_long = await client.post("/v1/ask", json={"question": "é" * 101})

    assert fits.status_code == 200
    assert (too_long.status_code, too_long.json()["code"]) == (422, "question_too_long")
    assert "101" in too_long.json()["detail"]
    assert "100" in too_long.json()["detail"]


@pytest.mark.parametrize(
    "history",
    [
        [{"role": "user", "content": "x"}] * 3,
        [{"role": "user", "content": "x" * 4001}, {"role": "assistant", "content": "y" * 4000}],
    ],
)
async def test_a_history_beyond_the_limits_is_refused(
    client: httpx.AsyncClient, history: list[dict[str, str]]
) -> None:
    reply = await client.post("/v1/ask", json={"question": "Q", "history": history})

    assert (reply.status_code, reply.json()["code"]) == (422, "history_too_long")


async def test_days_in_the_wrong_order_are_refused(client: httpx.AsyncClient) -> None:
    days = {"published_after": "2025-02-02", "published_before": "2025-02-01"}
    reply = await client.post("/v1/search", json={"query": "Q", **days})

    assert (reply.status_code, reply.json()["code"]) == (422, "dates_reversed")
    assert "2025-02-02" in reply.json()["detail"]
