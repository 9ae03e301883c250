"""The service as a process of its own, over real HTTP."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Run
from tests.e2e.serving import Served, serving

pytestmark = pytest.mark.e2e


@pytest.fixture
def served(indexed: Path, tmp_path: Path) -> Iterator[Served]:
    """A service over the samples on a free port."""
    with serving(tmp_path, indexed) as served:
        yield served


def test_an_answer_over_http_cites_a_slice_of_an_article(served: Served) -> None:
    question = {"question": "Which countries set off the snapback of UN sanctions?"}
    answer = served.http.post("/v1/ask", json=question).json()
    citation = answer["statements"][0]["citations"][0]
    article = served.http.get(f"/v1/articles/{citation['article_id']}").json()
    assert answer["status"] == "answered"
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert "Germany, France and Britain" in citation["quote"]


def test_filters_and_as_of_hold_over_http(served: Served) -> None:
    question = "When will the Joint Economic Commission of Iran and Russia meet?"
    body = {"query": question, "k": 20, "as_of": "2025-03-01"}
    early = served.http.post("/v1/search", json=body).json()["results"]
    only = served.http.post("/v1/search", json={"query": question, "outlets": ["Volga Post"]})
    assert early and all(s["published_at"] < "2025-03-02" for s in early)
    assert {s["outlet"] for s in only.json()["results"]} == {"Volga Post"}
    none = served.http.post("/v1/ask", json={"question": question, "as_of": "2024-01-01"}).json()
    assert none["abstention"]["reason"] == "out_of_range"


def test_a_wire_copy_takes_one_place_and_is_named(served: Served) -> None:
    body = {"query": "consultation programme 2026 to 2028 signed in Moscow", "k": 20}
    results = served.http.post("/v1/search", json=body).json()["results"]
    copied = [source for source in results if source["also_in"]]
    assert len({source["article_id"] for source in copied}) == 1
    other = served.http.get(f"/v1/articles/{copied[0]['also_in'][0]}").json()
    assert other["story_id"] == copied[0]["story_id"]


def test_new_articles_are_found_without_a_restart(served: Served, run: Run, tmp_path: Path) -> None:
    (tmp_path / "late.txt").write_text("Storks return\n\nStorks came back to Gorgan on Sunday.")
    assert run("ingest", str(tmp_path / "late.txt")).returncode == 0
    end = time.monotonic() + 10
    while _asked(served, "Where did storks come back?")["status"] != "answered":
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_damaged_generation_is_left_and_said(served: Served, tmp_path: Path) -> None:
    (tmp_path / "data/generations/000001/catalog.db").write_bytes(b"")
    end = time.monotonic() + 10
    while served.http.get("/readyz").json()["degraded"] == []:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert served.process.poll() is None


def test_sigterm_ends_the_service_with_status_0(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=20) == 0


def _asked(served: Served, text: str) -> Any:
    return served.http.post("/v1/ask", json={"question": text}).json()


def test_the_page_is_served_with_nothing_from_elsewhere(served: Served) -> None:
    page = served.http.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"(src|href)=\"https?://", page.text)


def test_every_error_is_a_problem_document(served: Served) -> None:
    ask: Callable[..., httpx.Response] = served.http.post
    answers = [
        ask("/v1/ask", json={"question": ""}),
        ask("/v1/ask", json={"question": "a" * 100_000}),
        served.http.get("/v1/articles/nope"),
        served.http.get("/nowhere"),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 404, 404]
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "code", "request_id"} <= set(answer.json())
