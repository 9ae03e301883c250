"""Questions end with their client, or with the server."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service.api.problems import DeadlinePassed, ServiceStopping
from service.api.running import ClientGone, Running
from tests.unit.service.api.fake_backend import ANSWER, FakeBackend

pytestmark = pytest.mark.asyncio


async def stays() -> MutableMapping[str, Any]:
    """Receive nothing, as from a client that waits."""
    await asyncio.Event().wait()
    return {}


async def leaves() -> MutableMapping[str, Any]:
    """Receive that the client is gone."""
    await asyncio.sleep(0.01)
    return {"type": "http.disconnect"}


async def test_returns_the_result() -> None:
    assert await Running().until_gone(FakeBackend().ask(None), stays, 30) == ANSWER


async def test_passes_errors_on() -> None:
    with pytest.raises(ZeroDivisionError):
        await Running().until_gone(FakeBackend(ZeroDivisionError()).ask(None), stays, 30)


async def test_a_client_that_leaves_cancels_its_question() -> None:
    slow = FakeBackend(delay_s=60)
    with pytest.raises(ClientGone):
        await Running().until_gone(slow.ask(None), leaves, 30)

    assert slow.cancelled


async def test_stopping_gives_up_what_still_runs() -> None:
    slow, running = FakeBackend(delay_s=60), Running()
    asyncio.get_running_loop().call_soon(running.stop, 0.01)
    with pytest.raises(ServiceStopping):
        await running.until_gone(slow.ask(None), stays, 30)

    assert slow.cancelled


@pytest.mark.parametrize("stream", [b"false", b"true"])
async def test_the_application_notices_that_its_client_left(
    app: FastAPI, backend: FakeBackend, stream: bytes
) -> None:
    backend.delay_s = 60
    body = b'{"question": "Q", "stream": ' + stream + b"}"
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> MutableMapping[str, Any]:
        return next(messages, None) or await leaves()

    async def send(_message: MutableMapping[str, Any]) -> None: ...

    scope = {"type": "http", "method": "POST", "path": "/v1/ask", "query_string": b""}
    headers = [(b"content-type", b"application/json")]
    await asyncio.wait_for(app({**scope, "headers": headers}, receive, send), 5)
    await asyncio.sleep(0)

    assert backend.cancelled


async def test_an_answer_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(DeadlinePassed):
        await Running().until_gone(FakeBackend(delay_s=30).ask(None), stays, 0.05)


async def test_a_stopping_service_takes_no_further_question_and_is_not_ready(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    assert (await client.get("/readyz")).status_code == 200
    app.state.wiring.running.stop(60)

    ready = await client.get("/readyz")
    asked = await client.post("/v1/ask", json={"question": "Was anybody hurt?"})

    assert (ready.status_code, ready.json()["reason"]) == (503, "stopping")
    assert (asked.status_code, asked.json()["code"]) == (503, "stopping")
    assert (await client.get("/healthz")).status_code == 200
