"""A service that runs elsewhere is asked as one of our own, and its failures are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date

import httpx
import pytest

from evals.errors import ServiceUnusable
from evals.running_service import RunningService
from ingest.domain import Filters
from service.api.app import create_app
from service.domain import Question, Turn
from service.errors import ArticleNotFound
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import (
    ANSWER,
    ARTICLE_ID,
    HIT,
    STATS,
    SUMMARY,
    FakeBackend,
)

ASKED = Question(
    "And before?",
    (Turn("user", "When did it sail?"),),
    Filters(outlets=("Volga Post",), published_after=date(2025, 1, 2), as_of=date(2025, 3, 1)),
    k=5,
)


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
async def service(backend: FakeBackend) -> AsyncIterator[RunningService]:
    """Ask the real application, without a network."""
    app = create_app(backend, ServiceSettings(_env_file=None))
    transport = httpx.ASGITransport(app=app)
    async with RunningService("http://dateline.test/", transport=transport) as made:
        yield made


def answering(reply: Callable[[httpx.Request], httpx.Response]) -> RunningService:
    return RunningService("http://dateline.test", "hush", httpx.MockTransport(reply))


async def test_a_question_arrives_whole(service: RunningService, backend: FakeBackend) -> None:
    assert await service.ask(ASKED) == ANSWER
    assert backend.questions == [ASKED]


async def test_what_is_in_the_index_arrives(service: RunningService) -> None:
    assert (await service.search(ASKED)).results == [HIT]
    assert (await service.articles(20, "c", None)).articles == [SUMMARY]
    assert (await service.article(ARTICLE_ID)).article_id == ARTICLE_ID
    assert await service.stats() == STATS


async def test_an_article_that_is_not_there_is_not_found(service: RunningService) -> None:
    with pytest.raises(ArticleNotFound):
        await service.article("nowhere")


async def test_the_key_is_sent() -> None:
    seen: list[str] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(200, content=STATS.model_dump_json())

    await answering(reply).stats()

    assert seen == ["Bearer hush"]


@pytest.mark.parametrize(
    ("status", "text", "problem"),
    [(503, "busy", "answered 503: busy"), (200, "<html>", "gave no Stats"), (200, "{}", "gave no")],
)
async def test_what_is_no_answer_is_told(status: int, text: str, problem: str) -> None:
    with pytest.raises(ServiceUnusable, match=problem):
        await answering(lambda _: httpx.Response(status, text=text)).stats()


async def test_a_service_that_is_not_there_is_told() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(ServiceUnusable, match="is it a running Dateline"):
        await answering(refuse).stats()
