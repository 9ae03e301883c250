"""Bodies that are not what the contract says."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.unit.service.api.fake_backend import FakeBackend

pytestmark = pytest.mark.asyncio

WRONG = [
    ("question", {}),
    ("question", {"question": None}),
    ("question", {"question": 5}),
    ("question", {"question": ["Q"]}),
    ("stem", {"question": "Q", "stem": 1}),
    ("k", {"question": "Q", "k": 0}),
    ("k", {"question": "Q", "k": 51}),
    ("k", {"question": "Q", "k": "8"}),
    ("k", {"question": "Q", "k": 8.5}),
    ("k", {"question": "Q", "k": True}),
    ("stream", {"question": "Q", "stream": "yes"}),
    ("outlets", {"question": "Q", "outlets": "Harbour Post"}),
    ("outlets", {"question": "Q", "outlets": ["x"] * 51}),
    ("outlets.1", {"question": "Q", "outlets": ["x", " "]}),
    ("outlets.0", {"question": "Q", "outlets": ["x" * 201]}),
    ("as_of", {"question": "Q", "as_of": "2025-02-30"}),
    ("as_of", {"question": "Q", "as_of": "2025-2-3"}),
    ("as_of", {"question": "Q", "as_of": "20250203"}),
    ("as_of", {"question": "Q", "as_of": "2025-02-03T00:00:00Z"}),
    ("as_of", {"question": "Q", "as_of": "٢٠٢٥-٠٢-٠٣"}),
    ("as_of", {"question": "Q", "as_of": 1738540800}),
    ("as_of", {"question": "Q", "as_of": ""}),
    ("history.0.role", {"question": "Q", "history": [{"role": "system", "content": "x"}]}),
    ("history.0.content", {"question": "Q", "history": [{"role": "user", "content": None}]}),
    ("history.0.name", {"question": "Q", "history": [{"role": "user", "content": "", "name": ""}]}),
    ("history", {"question": "Q", "history": None}),
]


@pytest.mark.parametrize(("field", "body"), WRONG)
async def test_a_wrong_field_is_named(
    client: httpx.AsyncClient, backend: FakeBackend, field: str, body: dict[str, Any]
) -> None:
    reply = await client.post("/v1/ask", json=body)

    assert reply.status_code == 422
    assert reply.json()["code"] == "invalid_request"
    assert [error["field"] for error in reply.json()["errors"]] == [field]
    assert backend.questions == []


async def test_a_whole_number_may_have_a_point(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    await client.post("/v1/ask", json={"question": "Q", "k": 5.0})

    assert [question.k for question in backend.questions] == [5]


@pytest.mark.parametrize(("role", "allowed"), [("user", 100), ("assistant", 400)])
async def test_a_single_message_may_not_be_endless(
    client: httpx.AsyncClient, role: str, allowed: int
) -> None:
    def body(chars: int) -> dict[str, Any]:
        return {"question": "Q", "history": [{"role": role, "content": "é" * chars}]}

    fits = await client.post("/v1/ask", json=body(allowed))
    too_long = await client.post("/v1/ask", json=body(allowed + 1))

    assert fits.status_code == 200
    assert (too_long.status_code, too_long.json()["code"]) == (422, "history_too_long")
    assert f"{allowed} are allowed for the role {role}" in too_long.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        r'{"question": "a\ud800"}',
        r'{"question": "Q", "outlets": ["\udfff"]}',
        r'{"question": "Q", "history": [{"role": "user", "content": "\ud83d"}]}',
        r'{"question": "Q", "\ud800": 1}',
        r'{"question": "Q", "as_of": "\ud800"}',
    ],
)
async def test_half_a_surrogate_pair_is_refused(client: httpx.AsyncClient, body: str) -> None:
    reply = await client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})

    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")


async def test_a_whole_surrogate_pair_is_a_character(
    client: httpx.AsyncClient, backend: FakeBackend
) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    await client.post("/v1/ask", content=r'{"question": "\ud83d\udea2"}', headers=headers)

    assert [question.text for question in backend.questions] == ["🚢"]


@pytest.mark.parametrize(
    "content",
    [b"{", b"{'question': 1}", b'"\xff"', b"[" * 9000, b'{"k": ' + b"1" * 9000 + b"}"],
)
async def test_broken_json_is_refused(client: httpx.AsyncClient, content: bytes) -> None:
    reply = await client.post(
        "/v1/ask", content=content, headers={"Content-Type": "application/json"}
    )

    assert (reply.status_code, reply.json()["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'"Q"', b"NaN"])
async def test_a_body_that_is_no_object_is_refused(
    client: httpx.AsyncClient, content: bytes
) -> None:
    reply = await client.post(
        "/v1/ask", content=content, headers={"Content-Type": "application/json"}
    )

    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_another_content_type_is_refused(
    client: httpx.AsyncClient, content_type: str
) -> None:
    reply = await client.post(
        "/v1/ask", content=b'{"question": "Q"}', headers={"Content-Type": content_type}
    )

    assert (reply.status_code, reply.json()["code"]) == (415, "unsupported_media_type")
