"""Generations change under a service that is asked twenty times a second."""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Run
from tests.e2e.serving import serving
from tests.faults import traffic

pytestmark = [pytest.mark.e2e, pytest.mark.faults]

EVERY_S = 0.05
CLIENTS = 24
QUESTION = "What does the gauge at Upper Marl show?"
COLOURS = ("amber", "cobalt")
KINDS: tuple[Callable[[httpx.Client], Any], ...] = (
    traffic.stats,
    lambda http: traffic.ask(http, QUESTION),
    lambda http: traffic.search(http, QUESTION),
    lambda http: traffic.ask_streaming(http, QUESTION),
)


@contextmanager
def asked_all_the_time(address: str, every_s: float = EVERY_S) -> Iterator[list[Future[Any]]]:
    """Send a request every so many seconds until the block ends, and wait for the replies."""
    sent: list[Future[Any]] = []
    ended = threading.Event()
    limits = httpx.Limits(max_connections=CLIENTS)

    def send() -> None:
        for number in count():
            if ended.wait(every_s):
                return
            sent.append(pool.submit(KINDS[number % len(KINDS)], http))

    with (
        httpx.Client(base_url=address, timeout=60, limits=limits) as http,
        ThreadPoolExecutor(CLIENTS) as pool,
        ThreadPoolExecutor(1) as sender,
    ):
        sending = sender.submit(send)
        try:
            yield sent
        finally:
            ended.set()
        sending.result()


def write_news(folder: Path, colour: str) -> Path:
    """Write two reports that say what the gauge shows now, and a third that stays."""
    reports = {
        "gauge-one": ("Gauge watched", f"The gauge at Upper Marl shows {colour}, said the board."),
        "gauge-two": (
            "River board",
            f"On Friday the gauge at Upper Marl shows {colour} once more.",
        ),
        colour: (f"A fair in {colour}", f"The fair at Lower Marl chose {colour} for its flags."),
    }
    path = folder / f"{colour}.jsonl"
    with path.open("w") as file:
        for name, (title, body) in reports.items():
            url = f"https://marl.example/{name}"
            file.write(json.dumps({"title": title, "body": body, "url": url}) + "\n")
    return path


def colours_in(reply: dict[str, Any]) -> set[str]:
    """Return what the gauge shows in any part of a reply."""
    text = json.dumps(reply)
    return {colour for colour in COLOURS if f"shows {colour}" in text}


def test_ten_flips_fail_no_request_and_mix_no_two_generations(
    run: Run, indexed: Path, tmp_path: Path
) -> None:
    served_generations = [1]
    with serving(tmp_path, indexed) as served, asked_all_the_time(served.address) as sent:
        before = traffic.stats(served.http)["articles"]

        def flip(generation: int, *arguments: str) -> None:
            assert run(*arguments).returncode == 0
            traffic.until_served(served.http, generation)
            served_generations.append(generation)

        for newest, colour in enumerate(COLOURS, 2):
            flip(newest, "ingest", str(write_news(tmp_path, colour)))
            for generation in (newest - 1, newest, newest - 1, newest):
                flip(generation, "index", "use", str(generation))

    assert served_generations == [1, 2, 1, 2, 1, 2, 3, 2, 3, 2, 3]
    replies = [future.result() for future in sent]
    counted = {(r["generation"], r["articles"]) for r in replies[:: len(KINDS)]}
    assert counted == {(1, before), (2, before + 3), (3, before + 4)}
    others = [reply for n, reply in enumerate(replies) if n % len(KINDS)]
    colours = Counter(tuple(sorted(colours_in(reply))) for reply in others)
    sys.stdout.write(f"{len(replies)} requests; {colours}\n")
    assert set(colours) == {(), *((colour,) for colour in COLOURS)}
