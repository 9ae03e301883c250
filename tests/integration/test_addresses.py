"""Feeds, pages and files by their address, from a real server on loopback."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.fetch import FetchLimits
from tests.integration.conftest import Ingest, Stored, record
from tests.web_server import WebServer, answer, sends

HERE = FetchLimits(total_s=5, connect_s=2, read_s=2, allow_private=True)
ITEM = "<item><title>{0}</title><link>https://c.example/{0}</link><description>{1}</description></item>"
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Coast Daily</title>{}</channel></rss>'
)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as made:
        yield made


def _feed(*titles: str) -> bytes:
    text = "The story of {} was the talk of the harbour on Monday."
    items = "".join(ITEM.format(title, text.format(title)) for title in titles)
    return answer(FEED.format(items).encode(), headers=["Content-Type: application/rss+xml"])


def test_what_scrolls_off_a_feed_stays_in_the_index(
    ingest: Ingest, server: WebServer, stored: Stored
) -> None:
    server.pages["/feed"] = sends(_feed("Ferry", "Rail"))
    assert ingest(server.url("/feed"), limits=HERE).added == 2
    server.pages["/feed"] = sends(_feed("Rail", "Wheat"))
    report = ingest(server.url("/feed"), limits=HERE)
    assert (report.added, report.unchanged, report.removed) == (1, 1, 0)
    assert sorted(stored()) == ["Ferry", "Rail", "Wheat"]
    assert {article.outlet for article in stored().values()} == {"Coast Daily"}


def test_an_article_taken_from_an_address_outlives_prune(
    ingest: Ingest, server: WebServer, news: Path, stored: Stored
) -> None:
    (news / "a.jsonl").write_text(record("Barley"))
    server.pages["/feed"] = sends(_feed("Ferry"))
    ingest(server.url("/feed"), news, limits=HERE)
    assert ingest(news, prune=True).removed == 0
    assert sorted(stored()) == ["Barley", "Ferry"]


def test_a_packed_file_is_unpacked_and_its_address_may_give_a_page_another_day(
    ingest: Ingest, server: WebServer, stored: Stored
) -> None:
    lines = f"{record('Ferry')}\n{record('Rail')}\n"
    server.pages["/day.jsonl.gz"] = sends(answer(gzip.compress(lines.encode())))
    assert ingest(server.url("/day.jsonl.gz"), limits=HERE).added == 2
    excuse = "<html><body><h1>Back soon</h1><p>This site is being mended until Monday.</p></body>"
    page = answer(excuse.encode(), headers=["Content-Type: text/html"])
    server.pages["/day.jsonl.gz"] = sends(page)
    assert ingest(server.url("/day.jsonl.gz"), limits=HERE).removed == 0
    assert {"Ferry", "Rail"} <= set(stored())


def test_the_summary_in_a_feed_does_not_replace_the_whole_article(
    ingest: Ingest, server: WebServer, news: Path, stored: Stored
) -> None:
    text = "The ferry ran aground on Monday. " * 20
    (news / "a.jsonl").write_text(record("Ferry", text, url="https://c.example/Ferry"))
    ingest(news)
    server.pages["/feed"] = sends(_feed("Ferry"))
    report = ingest(server.url("/feed"), limits=HERE)
    assert (report.duplicate, report.updated, report.failed) == (1, 0, 0)
    assert stored()["Ferry"].text == text.strip()


def test_an_address_that_cannot_be_had_keeps_what_it_gave_before(
    ingest: Ingest, server: WebServer, stored: Stored
) -> None:
    server.pages["/day.jsonl"] = sends(answer(record("Ferry").encode()))
    ingest(server.url("/day.jsonl"), limits=HERE)
    server.pages["/day.jsonl"] = sends(answer(status="503 Service Unavailable"))
    report = ingest(server.url("/day.jsonl"), limits=HERE)
    assert [(f.path, f.step) for f in report.failures] == [(server.url("/day.jsonl"), "read")]
    assert (report.removed, sorted(stored())) == (0, ["Ferry"])


def test_a_password_in_an_address_is_shown_nowhere(ingest: Ingest, server: WebServer) -> None:
    address = server.url("/feed").replace("http://", "http://me:secret@")
    [failure] = ingest(address, limits=HERE).failures
    assert "secret" not in f"{failure.path} {failure.reason}"


def test_a_stop_ends_a_fetch_that_hangs(ingest: Ingest, server: WebServer) -> None:
    asked = threading.Event()

    def hang(_socket: socket.socket, stopped: threading.Event) -> None:
        asked.set()
        stopped.wait(10)

    server.pages["/feed"] = hang
    report = ingest(server.url("/feed"), limits=HERE, stop=asked.is_set)
    assert (report.interrupted, report.failed) == (True, 0)
