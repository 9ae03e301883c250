from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import ArticleError, SettingsError
from ingest.fetch import FetchLimits, fetch
from ingest.fetch.limits import Patience
from ingest.fetch.network import Network
from ingest.settings import IndexSettings, load
from tests.web_server import Page, WebServer, answer, hangs, moves, repeats, sends

ENDLESS = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def after(calls: int) -> Callable[[], bool]:
    """Return a `still_wanted` that says no from then on."""
    left = iter([True] * calls)
    return lambda: next(left, False)


@pytest.fixture
def seconds() -> Iterator[Callable[[], float]]:
    began = time.monotonic()
    yield lambda: time.monotonic() - began


def test_a_body_of_exactly_the_limit_is_taken(server: WebServer, local: FetchLimits) -> None:
    server.pages["/"] = sends(answer(b"x" * 1000))

    assert len(fetch(server.url(), replace(local, max_bytes=1000)).data) == 1000


@pytest.mark.parametrize(
    "page",
    [
        sends(answer(b"x" * 1001)),
        sends(answer(b"x", length=10**15)),
        repeats(ENDLESS, b"x" * 65_536),
        repeats(CHUNKED, b"100\r\n" + b"x" * 256 + b"\r\n"),
    ],
    ids=["one byte more", "announced", "endless", "endless chunks"],
)
def test_a_body_above_the_limit_is_refused(
    server: WebServer, local: FetchLimits, page: Page
) -> None:
    server.pages["/"] = page

    with pytest.raises(
        ArticleError, match=r"^is larger than 1,000 bytes; raise DATELINE_FETCH_MAX"
    ):
        fetch(server.url(), replace(local, max_bytes=1000))


@pytest.mark.parametrize(
    "page",
    [
        repeats(ENDLESS, b"x", pause_s=0.05),
        repeats(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n", pause_s=0.05),
        repeats(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", pause_s=0.05),
        repeats(CHUNKED, b"1\r\nx\r\n"),
        hangs(),
        hangs(answer(b"x", length=2)),
    ],
    ids=["body", "headers", "early hints", "chunks without pause", "silent", "silent in the body"],
)
def test_an_answer_that_drips_beyond_the_deadline_is_cut(
    server: WebServer, local: FetchLimits, page: Page, seconds: Callable[[], float]
) -> None:
    server.pages["/"] = page

    with pytest.raises(ArticleError, match=r"^took longer than 0\.5 s; try again later, or raise"):
        fetch(server.url(), replace(local, total_s=0.5))

    assert seconds() < 5


def test_the_deadline_holds_over_all_redirects(server: WebServer, local: FetchLimits) -> None:
    server.pages["/"] = sends(b"HTTP/1.1 302 Found\r\n", b"Location: /\r\n\r\n", pause_s=0.3)

    with pytest.raises(ArticleError, match=r"which took longer than 0\.5 s"):
        fetch(server.url(), replace(local, total_s=0.5))


def test_a_server_that_falls_silent_is_left(server: WebServer, local: FetchLimits) -> None:
    server.pages["/"] = moves("/next")
    server.pages["/next"] = hangs(answer(b"x", length=2))

    with pytest.raises(ArticleError, match=r"which sent nothing for 0\.3 s; try again later"):
        fetch(server.url(), replace(local, read_s=0.3))


def test_a_look_up_that_hangs_is_left(local: FetchLimits) -> None:
    stopped = threading.Event()
    network = Network(resolve=lambda *_: [str(stopped.wait(30))])

    with pytest.raises(ArticleError, match=r"'slow\.example' \(did not come up in 0\.4 s\)"):
        fetch("http://slow.example/", replace(local, connect_s=0.2), network=network)

    stopped.set()


@pytest.mark.parametrize(
    "page",
    [hangs(), hangs(answer(b"x", length=2)), repeats(ENDLESS, b"x", pause_s=0.01)],
    ids=["silent", "silent in the body", "endless"],
)
def test_a_fetch_that_nobody_wants_any_more_ends_at_once(
    server: WebServer, local: FetchLimits, page: Page, seconds: Callable[[], float]
) -> None:
    server.pages["/"] = page

    with pytest.raises(ArticleError, match=r"^was not fetched: the run was stopped; run it again"):
        fetch(server.url(), local, after(6))

    assert seconds() < 4


def test_a_connection_that_the_system_gave_up_is_not_waited_for(local: FetchLimits) -> None:
    tries: list[float] = []

    def step(wait_s: float) -> None:
        tries.append(wait_s)
        raise OSError(errno.ETIMEDOUT, "Connection timed out")

    with pytest.raises(TimeoutError, match="Connection timed out"):
        Patience(local, lambda: True).wait(step, 5.0)

    assert len(tries) == 1


def test_a_fetch_that_nobody_wants_is_not_begun(server: WebServer, local: FetchLimits) -> None:
    with pytest.raises(ArticleError, match=r"^was not fetched"):
        fetch(server.url(), local, lambda: False)

    assert server.requests == []


def test_the_settings_start_from_the_same_limits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings, limits = load(IndexSettings), FetchLimits()

    assert (settings.fetch_max_bytes, settings.fetch_timeout_s, settings.fetch_private) == (
        limits.max_bytes,
        limits.total_s,
        limits.allow_private,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAX_BYTES", "0"), ("TIMEOUT_S", "0"), ("TIMEOUT_S", "inf"), ("PRIVATE", "perhaps")],
)
def test_a_limit_that_means_nothing_is_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"DATELINE_FETCH_{name}", value)

    with pytest.raises(SettingsError, match=f"^DATELINE_FETCH_{name}='{value}'"):
        load(IndexSettings)
