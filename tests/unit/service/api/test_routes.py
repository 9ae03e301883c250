"""Articles, figures, health, and the OpenAPI document."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ingest.errors import IndexMissing
from service.holdings import Readiness
from tests.unit.service.api.fake_backend import ARTICLE_ID, STATS, SUMMARY, TEXT, FakeBackend

pytestmark = pytest.mark.asyncio


async def test_lists_articles(client: httpx.AsyncClient) -> None:
    page = (await client.get("/v1/articles")).json()

    assert page == {"articles": [SUMMARY.model_dump()], "total": 1, "next": "50/None/None"}


async def test_hands_on_limit_cursor_and_outlet(client: httpx.AsyncClient) -> None:
    params: dict[str, str] = {"limit": "200", "cursor": "c", "outlet": "Harbour Post"}
    page = (await client.get("/v1/articles", params=params)).json()

    assert page["next"] == "200/c/Harbour Post"


@pytest.mark.parametrize("limit", ["0", "201", "x", "1.5", ""])
async def test_a_limit_out_of_range_is_refused(client: httpx.AsyncClient, limit: str) -> None:
    reply = await client.get("/v1/articles", params={"limit": limit})

    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")
    assert [error["field"] for error in reply.json()["errors"]] == ["limit"]


async def test_a_broken_cursor_is_refused(client: httpx.AsyncClient) -> None:
    reply = await client.get("/v1/articles", params={"cursor": "broken"})

    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_cursor")


async def test_gives_an_article_with_its_text(client: httpx.AsyncClient) -> None:
    article = (await client.get(f"/v1/articles/{ARTICLE_ID}")).json()

    assert article == {**SUMMARY.model_dump(), "text": TEXT, "also_in": [], "updated": []}


async def test_gives_the_figures(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/stats")).json() == STATS.model_dump()


async def test_lives_even_without_an_index(client: httpx.AsyncClient, backend: FakeBackend) -> None:
    backend.failure = IndexMissing("")
    reply = await client.get("/healthz")

    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
async def test_readiness_is_the_status(
    client: httpx.AsyncClient, backend: FakeBackend, ready: bool, status: int
) -> None:
    backend.ready = Readiness(ready=ready, generation=None, degraded=["x"], reason="why")
    reply = await client.get("/readyz")

    assert reply.status_code == status
    assert reply.json() == backend.ready.model_dump()
    assert ("retry-after" in reply.headers) == (not ready)


async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    """Return the OpenAPI document."""
    reply: dict[str, Any] = (await client.get("/openapi.json")).json()
    return reply


async def test_the_document_lists_every_route(client: httpx.AsyncClient) -> None:
    paths = (await document(client))["paths"]

    assert {f"{method} {path}" for path, entry in paths.items() for method in entry} == {
        "post /v1/ask",
        "post /v1/chat/completions",
        "get /metrics",
        "get /v1/models",
        "get /v1/models/{model}",
        "post /v1/feedback",
        "post /v1/search",
        "get /v1/articles",
        "get /v1/articles/{article_id}",
        "get /v1/stats",
        "get /healthz",
        "get /readyz",
    }


async def test_the_document_declares_problems_and_no_validation_error_of_fastapi(
    client: httpx.AsyncClient,
) -> None:
    made = await document(client)
    replies = made["paths"]["/v1/ask"]["post"]["responses"]

    assert set(replies) == {"200", "400", "401", "403", "413", "415", "422", "429", "500", "503"}
    assert set(replies["200"]["content"]) == {"application/json", "text/event-stream"}
    assert set(replies["503"]["content"]) == {"application/problem+json"}
    assert "HTTPValidationError" not in made["components"]["schemas"]


async def test_every_reference_of_the_document_leads_somewhere(client: httpx.AsyncClient) -> None:
    reply = await client.get("/openapi.json")
    names = {part.split('"')[0] for part in reply.text.split('"#/components/schemas/')[1:]}

    assert {"Answer", "Problem", "FieldError", "Readiness", "AskRequest"} <= names
    assert names <= set(reply.json()["components"]["schemas"])
