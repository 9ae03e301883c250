"""The time of day goes back by an hour while the service, or an ingest, is at work."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from ingest.index import manifest as manifests
from ingest.index.generations import Generations
from tests.e2e.kills import Bench, check
from tests.e2e.many_articles import write_articles
from tests.e2e.serving import Served, serving
from tests.faults import traffic
from tests.faults.stepping_clock import BACK_S, environment, step_back

pytestmark = [pytest.mark.e2e, pytest.mark.faults]

QUESTION = "Which countries set off the snapback of UN sanctions?"
WINDOW_S = 5


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    folder = tmp_path / "clock"
    folder.mkdir()
    return folder


def patiently(served: Served, path: str) -> httpx.Response:
    """Ask again, once, after as many seconds as the service says."""
    reply = served.http.get(path)
    if reply.status_code == 429:
        wait_s = int(reply.headers["Retry-After"])
        assert 1 <= wait_s <= 2 * WINDOW_S
        time.sleep(wait_s)
        reply = served.http.get(path)
    return reply


def is_limited_and_served_again(served: Served) -> None:
    """Ask for more than is allowed; assert that it is refused, for a short while."""
    asked = Counter(served.http.get("/v1/stats").status_code for _ in range(40))
    assert set(asked) == {200, 429}
    assert patiently(served, "/v1/stats").status_code == 200


def told_time(served: Served) -> float:
    """Return the time of day that the service puts in a reply."""
    time.sleep(WINDOW_S)
    return float(traffic.complete(served.http, QUESTION, False)["created"])


def test_a_service_goes_on_when_its_clock_goes_back(
    indexed: Path, tmp_path: Path, clock: Path
) -> None:
    limit = {"DATELINE_RATE_LIMIT": f"10/{WINDOW_S}second"}
    with serving(tmp_path, indexed, **environment(clock), **limit) as served:
        assert abs(told_time(served) - time.time()) < 60
        is_limited_and_served_again(served)
        step_back(clock)
        is_limited_and_served_again(served)
        assert abs(told_time(served) - (time.time() - BACK_S)) < 60
        time.sleep(WINDOW_S)
        assert served.http.get("/readyz").json()["ready"] is True
        assert traffic.ask_streaming(served.http, QUESTION)["status"] == "answered"
        traffic.rate(served.http, QUESTION)


def test_an_ingest_in_which_the_clock_goes_back_leaves_whole_generations_in_order(
    tmp_path: Path, clock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(clock).items():
        monkeypatch.setenv(name, value)
    bench = Bench(tmp_path / "articles", tmp_path / "data", True)
    bench.articles.mkdir()
    write_articles(bench.articles / "first.jsonl", 50)
    bench.finish()
    add_later_articles(bench)
    process = bench.start()
    while process.poll() is None and not list(bench.data_dir.glob("generations/building-*")):
        time.sleep(0.001)
    step_back(clock)
    assert process.wait() == 0

    generations = Generations(bench.data_dir)
    assert (generations.numbers(), generations.current()) == ([1, 2], 2)
    first, second = (manifests.read(generations.path(number)) for number in (1, 2))
    assert second.created < first.created
    assert (first.articles, second.articles) == (50, 350)
    assert check(bench.data_dir).returncode == 0


def add_later_articles(bench: Bench) -> None:
    """Add 300 articles beside those that are there."""
    lines = write_articles(bench.articles.parent / "all.jsonl", 350).read_text().splitlines(True)
    (bench.articles / "later.jsonl").write_text("".join(lines[50:]))
