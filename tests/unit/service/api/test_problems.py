"""Every error is a problem document that says what to do and nothing of the inside."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from ingest import errors as ingest_errors
from service.api import problems
from service.errors import ArticleNotFound, InvalidQuestion, ServiceError, WriterUnavailable
from tests.unit.service.api.fake_backend import FakeBackend

pytestmark = pytest.mark.asyncio

SECRET = "/srv/secret/generations/000012 hunter2"

FAILURES = [
    (ingest_errors.IndexMissing(SECRET), 503, "index_missing"),
    (ingest_errors.IndexDamaged(SECRET), 503, "index_damaged"),
    (ingest_errors.EmbedderMismatch(SECRET), 503, "embedder_mismatch"),
    (ingest_errors.EmbeddingFailed(SECRET), 503, "embedding_failed"),
    (ingest_errors.IndexUnavailable(SECRET), 503, "index_unavailable"),
    (ingest_errors.StorageFull(SECRET), 503, "index_unavailable"),
    (WriterUnavailable(SECRET), 503, "writer_unavailable"),
    (ArticleNotFound(SECRET), 404, "article_not_found"),
    (ServiceError(SECRET), 500, "internal_error"),
    (ingest_errors.SettingsError(SECRET), 500, "internal_error"),
    (ZeroDivisionError(SECRET), 500, "internal_error"),
    (KeyError(SECRET), 500, "internal_error"),
]


def assert_is_problem(reply: httpx.Response, status: int, code: str) -> None:
    """Check the document's required members and that it agrees with the reply."""
    document = reply.json()
    assert reply.headers["content-type"] == "application/problem+json"
    assert (reply.status_code, document["status"], document["code"]) == (status, status, code)
    assert document["type"] == f"urn:dateline:problem:{code}"
    assert document["request_id"] == reply.headers["x-request-id"]
    assert document["title"]
    assert document["detail"]


@pytest.mark.parametrize(("failure", "status", "code"), FAILURES)
async def test_an_error_of_the_backend_becomes_a_problem_without_its_message(
    client: httpx.AsyncClient, backend: FakeBackend, failure: Exception, status: int, code: str
) -> None:
    backend.failure = failure
    for reply in (
        await client.post("/v1/ask", json={"question": "Q"}),
        await client.post("/v1/search", json={"query": "Q"}),
        await client.get("/v1/articles"),
        await client.get("/v1/stats"),
    ):
        assert_is_problem(reply, status, code)
        assert "secret" not in reply.text
        assert "hunter2" not in reply.text
        assert ("retry-after" in reply.headers) == (status == 503)


async def test_the_message_of_an_invalid_question_is_shown(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    backend.failure = InvalidQuestion("no outlet is called 'Ghost'", code="unknown_outlet")
    reply = await client.post("/v1/ask", json={"question": "Q"})

    assert_is_problem(reply, 422, "unknown_outlet")
    assert reply.json()["detail"] == "no outlet is called 'Ghost'"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/v1/articles/", 404, "not_found"),
        ("GET", "/web/nothing.js", 404, "not_found"),
        ("GET", "/web/..%2f..%2fsettings.py", 404, "not_found"),
        ("GET", "/web/%00", 404, "not_found"),
        ("GET", "/docs/none.js", 404, "not_found"),
        ("GET", "/v1/articles/ffffffffffffffff", 404, "article_not_found"),
        ("GET", "/v1/ask", 405, "method_not_allowed"),
        ("DELETE", "/v1/articles", 405, "method_not_allowed"),
        ("POST", "/web/index.html", 405, "method_not_allowed"),
    ],
)
async def test_bare_statuses_are_problems_too(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    reply = await client.request(method, path)

    assert_is_problem(reply, status, code)
    assert ("allow" in reply.headers) == (status == 405)


async def test_instance_is_the_path_as_a_uri(client: httpx.AsyncClient) -> None:
    reply = await client.get("/no where/é?q=secret")

    assert reply.json()["instance"] == "/no%20where/%C3%A9"


async def test_a_body_that_says_it_is_too_large_is_refused(client: httpx.AsyncClient) -> None:
    reply = await client.post("/v1/ask", json={"question": "x" * 20_000})

    assert_is_problem(reply, 413, "body_too_large")


async def test_a_body_that_turns_out_too_large_is_refused(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"question": "'
        for _ in range(30):
            yield b"x" * 1000

    headers = {"Content-Type": "application/json"}
    reply = await client.post("/v1/ask", content=chunks(), headers=headers)

    assert_is_problem(reply, 413, "body_too_large")


async def test_no_two_kinds_share_a_code() -> None:
    kinds = [*problems.KINDS.values(), *problems.STATUS_KINDS.values()]
    kinds += [problems.INVALID_REQUEST, problems.OVERLOADED]
    codes = [kind.code for kind in kinds]

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("status", [401, 418, 429])
async def test_a_status_without_an_entry_is_named_after_its_phrase(status: int) -> None:
    kind = problems.kind_of_status(status)

    assert kind.status == status
    assert kind.code.isidentifier()
