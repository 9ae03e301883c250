"""Ten minutes of everything at once: nothing fails, and nothing grows."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.feedback import REMEMBERED
from tests.e2e.conftest import Run
from tests.e2e.serving import Served, serving
from tests.faults import traffic
from tests.faults.usage import Usage, gauge, quarters, usage
from tests.model_server import ModelServer, Reply

SOAK_S = float(os.environ.get("DATELINE_SOAK_S", "600"))
FLIP_EVERY_S = 60.0
SAMPLE_EVERY_S = 1.0
CLIENTS = 4
PAUSE_S = 0.1
RSS_WITHIN_MB = 15
QUESTIONS = (
    "Which countries set off the snapback of UN sanctions?",
    "When will the Joint Economic Commission of Iran and Russia meet?",
    "What was signed in Moscow for 2026 to 2028?",
    "What does the gauge at Upper Marl show?",
)
PIECES = tuple(f"{word} " for word in ["Germany,", "France", "and", "Britain", "did", "it", "[1]."])
SERVER_ERRORS = re.compile(r'^dateline_requests_total\{.*status="5.*$', re.MULTILINE)

Kind = Callable[[httpx.Client, int], Any]

pytestmark = [pytest.mark.e2e, pytest.mark.faults]


def question(number: int) -> str:
    return QUESTIONS[number % len(QUESTIONS)]


KINDS: dict[str, Kind] = {
    "ask": lambda http, n: traffic.ask(http, question(n)),
    "ask, streaming": lambda http, n: traffic.ask_streaming(http, question(n)),
    "search": lambda http, n: traffic.search(http, question(n)),
    "stats": lambda http, _: traffic.stats(http),
    "article": lambda http, _: traffic.read_an_article(http),
    "feedback": lambda http, n: traffic.rate(http, question(n)),
    "completion": lambda http, n: traffic.complete(http, question(n), False),
    "completion, streaming": lambda http, n: traffic.complete(http, question(n), True),
    "gone in mid-stream": lambda http, n: traffic.leave_in_mid_stream(http, question(n)),
    "wrong": traffic.ask_wrongly,
}


@pytest.fixture
def served(indexed: Path, tmp_path: Path) -> Iterator[Served]:
    """A service whose model streams its answers."""
    with (
        ModelServer(answer=lambda _: Reply(PIECES, pause_s=0.02)) as model,
        serving(
            tmp_path, indexed, DATELINE_LLM_BASE_URL=model.base_url, DATELINE_WRITER="openai"
        ) as served,
    ):
        yield served


def fill_memories(served: Served) -> None:
    """Ask until the service remembers as many answers as it ever will."""
    with ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda n: traffic.ask(served.http, question(n)), range(REMEMBERED)))


def ask_until(ended: threading.Event, address: str, first: int, done: Counter[str]) -> None:
    """Send one request of each kind after another."""
    with httpx.Client(base_url=address, timeout=60) as http:
        for number in count(first):
            if ended.wait(PAUSE_S):
                return
            name = list(KINDS)[number % len(KINDS)]
            KINDS[name](http, number // len(KINDS) + first)
            done[name] += 1


def flip_until(ended: threading.Event, run: Run, folder: Path, done: Counter[str]) -> None:
    """Publish one more article every FLIP_EVERY_S."""
    begun = time.monotonic()
    for number in count():
        due = begun + (number + 0.5) * FLIP_EVERY_S
        if ended.wait(max(0.0, due - time.monotonic())):
            return
        path = folder / f"flip-{number}.txt"
        path.write_text(f"Ferry {number}\n\nFerry number {number} sailed from Gorgan on Sunday.")
        assert run("ingest", str(path)).returncode == 0
        done["flip"] += 1


def sampled(served: Served, workers: list[Any]) -> list[Usage]:
    """Sample what the service uses for SOAK_S, or until a worker fails."""
    samples = []
    until = time.monotonic() + SOAK_S
    while time.monotonic() < until and not any(worker.done() for worker in workers):
        samples.append(usage(served.process.pid, served.http.get("/metrics").text))
        time.sleep(SAMPLE_EVERY_S)
    return samples


def until_no_question_is_open(served: Served) -> None:
    for _ in range(100):
        if gauge("open_questions", served.http.get("/metrics").text) == 0:
            return
        time.sleep(0.1)
    raise AssertionError("questions are still open")


def show(name: str, values: list[float]) -> None:
    sys.stdout.write(f"{name}: " + ", ".join(f"{value:.1f}" for value in values) + "\n")


@pytest.mark.timeout(SOAK_S + 300)
def test_under_everything_at_once_nothing_fails_and_little_grows(
    served: Served, run: Run, tmp_path: Path
) -> None:
    fill_memories(served)
    ended, done = threading.Event(), Counter[str]()
    generation = traffic.stats(served.http)["generation"]
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        workers = [
            *(pool.submit(ask_until, ended, served.address, n, done) for n in range(CLIENTS)),
            pool.submit(flip_until, ended, run, tmp_path, done),
        ]
        samples = sampled(served, workers)
        ended.set()
    for worker in workers:
        worker.result()
    until_no_question_is_open(served)

    sys.stdout.write(f"\n{len(samples)} samples; {sum(done.values())} done: {dict(done)}\n")
    rss, pss = quarters(samples, lambda s: s.rss_mb), quarters(samples, lambda s: s.pss_mb)
    descriptors = quarters(samples, lambda s: s.descriptors)
    threads = quarters(samples, lambda s: s.threads)
    show("RSS in MB, median of each quarter", rss)
    show("PSS in MB", pss)
    show("descriptors", descriptors)
    show("threads", threads)
    show("open questions", quarters(samples, lambda s: s.open_questions))
    tasks = quarters(samples, lambda s: s.tasks)
    show("tasks", tasks)
    assert set(done) >= set(KINDS)
    assert SERVER_ERRORS.findall(served.http.get("/metrics").text) == []
    assert traffic.stats(served.http)["generation"] == generation + done["flip"]
    # PSS falls whenever an ingest maps the same files.
    assert rss[3] - rss[1] <= RSS_WITHIN_MB
    assert descriptors[3] - descriptors[1] <= 5
    assert tasks[3] - tasks[1] <= 5
    assert threads[3] - threads[1] <= 5
