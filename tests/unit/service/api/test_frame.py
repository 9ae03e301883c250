"""What surrounds every request: id, headers, log line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
from fastapi import FastAPI

from service.api.frame import Frame
from service.api.metrics import Metrics, Prices
from service.holdings import Readiness
from tests.unit.service.api.fake_backend import FakeBackend

pytestmark = pytest.mark.asyncio

PATHS = ["/", "/healthz", "/readyz", "/v1/stats", "/web/style.css", "/nothing", "/openapi.json"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_reply_has_an_id_and_safe_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    assert headers["x-request-id"].startswith("req_")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] in ("no-store", "no-cache")


async def test_an_unforeseen_error_has_them_too(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    backend.failure = ZeroDivisionError()
    reply = await client.get("/v1/stats", headers={"X-Request-ID": "mine-1_A"})

    assert reply.status_code == 500
    assert reply.headers["x-request-id"] == reply.json()["request_id"] == "mine-1_A"
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "é".encode()])
async def test_an_odd_request_id_is_replaced(client: httpx.AsyncClient, given: str | bytes) -> None:
    reply = await client.get("/healthz", headers={"X-Request-ID": given})

    assert reply.headers["x-request-id"].startswith("req_")


async def test_one_line_is_logged_without_the_question(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        await client.post(
            "/v1/ask?q=whispered", json={"question": "secret"}, headers={"X-Request-ID": "r1"}
        )

    [line] = lines
    assert line.pop("ms") >= 0
    expected = {"event": "request", "log_level": "info", "method": "POST", "status": 200}
    assert line == {**expected, "route": "/v1/ask"}


async def test_the_line_names_the_route_and_not_the_address(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        await client.get("/v1/articles/ffff")
        await client.get("/nothing/here")
        await client.get("/web/nothing/here")

    routes = [line["route"] for line in lines]
    assert routes == ["/v1/articles/{article_id}", "-", "/web"]


async def test_an_unforeseen_error_is_logged_with_its_traceback(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    backend.failure = ZeroDivisionError("why")
    with structlog.testing.capture_logs() as lines:
        await client.get("/v1/stats")

    assert [line["log_level"] for line in lines] == ["error"]
    assert "ZeroDivisionError: why" in lines[0]["failure"]


async def test_other_log_lines_carry_the_request_id(
    client: httpx.AsyncClient, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def readiness() -> Readiness:
        seen.append(structlog.contextvars.get_contextvars())
        return backend.ready

    monkeypatch.setattr(backend, "readiness", readiness)
    await client.get("/readyz", headers={"X-Request-ID": "r1"})

    assert seen == [{"request_id": "r1"}]


@pytest.fixture
async def full(app: FastAPI, backend: FakeBackend) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that takes one request at a time and is busy for half a second."""
    backend.delay_s = 0.5
    metrics = Metrics(lambda: 0, Prices(0, 0))
    framed = Frame(app, max_body_bytes=20_000, metrics=metrics, max_in_flight=1)
    transport = httpx.ASGITransport(app=framed)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        asked = asyncio.create_task(client.post("/v1/ask", json={"question": "Q"}))
        while not backend.questions:
            await asyncio.sleep(0.01)
        yield client
        await asked


async def test_overload_is_a_problem_with_a_line_in_the_log(full: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        reply = await full.get("/v1/stats")

    assert (reply.status_code, reply.json()["code"]) == (503, "overloaded")
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-request-id"] == reply.json()["request_id"]
    assert reply.headers["retry-after"] == "5"
    assert [line["status"] for line in lines] == [503]


async def test_an_overloaded_process_still_says_that_it_lives(full: httpx.AsyncClient) -> None:
    assert (await full.get("/healthz")).status_code == 200


async def test_overload_ends_with_the_requests(full: httpx.AsyncClient) -> None:
    refused = (await full.get("/v1/stats")).status_code
    await asyncio.sleep(0.8)

    assert (refused, (await full.get("/v1/stats")).status_code) == (503, 200)
