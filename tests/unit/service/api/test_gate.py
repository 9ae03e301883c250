from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.access import hash_of
from service.api.app import create_app
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import FakeBackend

KEYS = {"reader": "dl_reader", "watch": "dl_watch", "asker": "dl_asker"}
ENTRIES = ",".join(
    (hash_of(KEYS["reader"]), f"{hash_of(KEYS['watch'])}:metrics", f"{hash_of(KEYS['asker'])}:ask")
)
QUESTION = {"question": "Was anybody hurt?"}
ROUTES = [
    ("POST", "/v1/ask"),
    ("POST", "/v1/search"),
    ("POST", "/v1/feedback"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/dateline"),
    ("GET", "/v1/articles"),
    ("GET", "/v1/articles/0123456789abcdef"),
    ("GET", "/v1/stats"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/nothing"),
]


def client(**settings: Any) -> httpx.AsyncClient:
    app = create_app(FakeBackend(), ServiceSettings(_env_file=None, **settings))
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 1234))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


def bearer(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {KEYS[name]}"}


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b"Bearer",
        b"Bearer dl_reade",
        b"Basic ZGxfcmVhZGVy",
        b"Bearer \xff\x00",
        b"dl_reader",
    ],
)
async def test_a_stranger_gets_nothing(method: str, path: str, header: bytes | None) -> None:
    headers = [] if header is None else [(b"authorization", header)]
    async with client(api_keys=ENTRIES) as asking:
        reply = await asking.request(method, path, headers=headers)

    assert reply.status_code == 401
    assert reply.json()["code"] == "unauthorized"
    assert reply.headers["www-authenticate"].startswith("Bearer")


def test_every_route_of_the_document_is_among_those_tried() -> None:
    paths = create_app(FakeBackend(), ServiceSettings(_env_file=None)).openapi()["paths"]
    closed = {path for path in paths if path not in ("/healthz", "/readyz")}
    tried = {path.replace("0123456789abcdef", "{article_id}") for _, path in ROUTES}

    assert closed <= {path.replace("models/dateline", "models/{model}") for path in tried}


@pytest.mark.parametrize(
    "path", ["/", "/web/main.js", "/docs", "/docs/viewer.js", "/healthz", "/readyz"]
)
async def test_the_page_and_its_watchdogs_need_no_key(path: str) -> None:
    async with client(api_keys=ENTRIES) as asking:
        assert (await asking.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("name", "method", "path", "status"),
    [
        ("reader", "POST", "/v1/ask", 200),
        ("reader", "GET", "/v1/stats", 200),
        ("reader", "GET", "/metrics", 403),
        ("watch", "GET", "/metrics", 200),
        ("watch", "POST", "/v1/ask", 403),
        ("asker", "POST", "/v1/ask", 200),
        ("asker", "GET", "/v1/models", 200),
        ("asker", "GET", "/v1/articles", 403),
        ("asker", "POST", "/v1/feedback", 403),
    ],
)
async def test_a_key_may_do_what_its_scopes_say(
    name: str, method: str, path: str, status: int
) -> None:
    body = {"json": QUESTION} if method == "POST" else {}
    async with client(api_keys=ENTRIES) as asking:
        reply = await asking.request(method, path, headers=bearer(name), **body)

    assert reply.status_code == status


async def test_a_key_that_is_taken_out_of_the_setting_lets_nobody_in() -> None:
    async with client(api_keys=hash_of("dl_new")) as asking:
        reply = await asking.get("/v1/stats", headers=bearer("reader"))

    assert reply.status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "", "127.0.0.1.evil.example"]
)
async def test_a_forged_host_is_refused(host: str) -> None:
    async with client(trusted_hosts="localhost,127.0.0.1,::1") as asking:
        reply = await asking.get("/v1/stats", headers={"Host": host})

    assert (reply.status_code, reply.json()["code"]) == (400, "host_not_allowed")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:80", "[::1]:8000", "[::1]"]
)
async def test_its_own_names_are_answered(host: str) -> None:
    async with client(trusted_hosts="localhost, 127.0.0.1, ::1") as asking:
        assert (await asking.get("/v1/stats", headers={"Host": host})).status_code == 200


async def test_other_origins_are_allowed_only_where_they_are_listed() -> None:
    asked = {"Origin": "https://desk.example", "Access-Control-Request-Method": "POST"}
    async with client(api_keys=ENTRIES) as closed:
        refused = await closed.options("/v1/ask", headers=asked)
    async with client(api_keys=ENTRIES, cors_origins="https://desk.example") as open_to_one:
        allowed = await open_to_one.options("/v1/ask", headers=asked)
        other = await open_to_one.options(
            "/v1/ask", headers=asked | {"Origin": "https://x.example"}
        )

    assert "access-control-allow-origin" not in refused.headers
    assert allowed.headers["access-control-allow-origin"] == "https://desk.example"
    assert "access-control-allow-origin" not in other.headers


async def test_a_key_has_a_rate_of_its_own_and_is_told_when_to_come_back() -> None:
    async with client(api_keys=ENTRIES, rate_limit="2/minute") as asking:
        replies = [await asking.get("/v1/models", headers=bearer("asker")) for _ in range(3)]
        other = await asking.get("/v1/models", headers=bearer("reader"))

    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert replies[-1].json()["code"] == "rate_limited"
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 120
    assert other.status_code == 200


async def test_what_needs_no_key_is_not_counted() -> None:
    async with client(rate_limit="1/minute") as asking:
        assert {(await asking.get("/healthz")).status_code for _ in range(5)} == {200}


async def test_counters_tell_requests_answers_and_support_and_no_question() -> None:
    async with client() as asking:
        await asking.post("/v1/ask", json=QUESTION)
        await asking.get("/v1/articles/unknown")
        text = (await asking.get("/metrics")).text

    assert 'dateline_requests_total{method="POST",route="/v1/ask",status="200"} 1.0' in text
    assert 'route="/v1/articles/{article_id}"' in text
    assert 'dateline_statements_total{support="supported"} 2.0' in text
    assert 'dateline_answer_seconds_count{stage="retrieve"} 1.0' in text
    assert "hurt" not in text


async def test_several_hosts_are_none() -> None:
    forged = [("Host", "localhost"), ("Host", "evil.example")]
    async with client(trusted_hosts="localhost") as asking:
        assert (await asking.get("/v1/stats", headers=forged)).status_code == 400


async def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.gate.BODY_S", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield b'{"question": '
        await asyncio.sleep(0.3)
        yield b'"Who?"}'

    async with client() as asking:
        headers = {"Content-Type": "application/json"}
        reply = await asking.post("/v1/ask", content=slow(), headers=headers)

    assert (reply.status_code, reply.json()["code"]) == (408, "body_too_slow")
