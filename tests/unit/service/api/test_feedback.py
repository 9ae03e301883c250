from __future__ import annotations

import httpx
import pytest

from service.errors import FeedbackUnavailable
from tests.unit.service.api.fake_backend import ANSWER, FakeBackend

GOOD = {"answer_id": ANSWER.id, "rating": "down", "comment": "It was Tuesday."}


async def test_a_rating_is_kept(client: httpx.AsyncClient, backend: FakeBackend) -> None:
    reply = await client.post("/v1/feedback", json=GOOD)

    assert (reply.status_code, reply.content) == (204, b"")
    assert backend.ratings == [(ANSWER.id, "down", "It was Tuesday.")]


async def test_an_answer_that_is_not_known_is_not_found(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/feedback", json={**GOOD, "answer_id": "ans_x"})

    assert (reply.status_code, reply.json()["code"]) == (404, "answer_not_found")


@pytest.mark.parametrize(
    "wrong", [{"rating": "five"}, {"comment": "x" * 4001}, {"answer_id": 7}, {"stars": 5}]
)
async def test_what_is_no_rating_is_refused(
    client: httpx.AsyncClient, wrong: dict[str, object]
) -> None:
    assert (await client.post("/v1/feedback", json={**GOOD, **wrong})).status_code == 422


async def test_a_rating_that_cannot_be_kept_is_told(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    backend.failure = FeedbackUnavailable("full")

    reply = await client.post("/v1/feedback", json=GOOD)

    assert (reply.status_code, reply.json()["code"]) == (503, "feedback_unavailable")
