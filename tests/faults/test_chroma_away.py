"""Twenty questions a second while the Chroma server is killed, hangs and is started again."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.chroma_run import ChromaRun, chroma_run
from tests.e2e.conftest import Run
from tests.e2e.serving import Served, serving

pytestmark = [pytest.mark.e2e, pytest.mark.faults, pytest.mark.timeout(300)]

QUESTIONS = (
    "Which countries set off the snapback of UN sanctions?",
    "By how much did trade between Iran and Russia grow last year?",
    "When does the Rasht-Astara railway open?",
    "Who spoke about the reservoir gates?",
)
EVERY_S = 0.05
BEFORE_S, AWAY_S, AFTER_S = 3.0, 6.0, 10.0
SOON_S, WHOLE_S = 2.0, 5.0


@dataclass(frozen=True)
class Asked:
    """One question: when it was sent, on a monotonic clock, how it went, and for how long."""

    at: float
    took_s: float
    status: int
    degraded: tuple[str, ...]


class Load:
    """Asks at an even pace, whatever becomes of the questions before, until the block ends."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=60)
        self._pool = ThreadPoolExecutor(100)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go)
        self._sent: list[Future[Asked]] = []
        self.asked: list[Asked] = []

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._pool.shutdown()
        self._http.close()
        # One that had no answer at all raises here.
        self.asked = [one.result() for one in self._sent]

    def _go(self) -> None:
        next_at, number = time.monotonic(), 0
        while not self._stop.is_set():
            self._sent.append(self._pool.submit(self._ask, QUESTIONS[number % len(QUESTIONS)]))
            number, next_at = number + 1, next_at + EVERY_S
            time.sleep(max(0.0, next_at - time.monotonic()))

    def _ask(self, question: str) -> Asked:
        at = time.monotonic()
        reply = self._http.post("/v1/ask", json={"question": question})
        took_s = time.monotonic() - at
        degraded = tuple(reply.json().get("degraded", ()))
        return Asked(at, took_s, reply.status_code, degraded)


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaRun]:
    with chroma_run(tmp_path / "store") as started:
        yield started


@pytest.fixture
def served(run: Run, indexed: Path, chroma: ChromaRun, tmp_path: Path) -> Iterator[Served]:
    """A service over the samples whose vectors are on the server."""
    rebuilt = run("index", "rebuild", DATELINE_CHROMA_URL=chroma.url)
    assert rebuilt.returncode == 0, rebuilt.stderr
    own = {"DATELINE_CHROMA_URL": chroma.url, "DATELINE_READER": "false"}
    with serving(tmp_path, indexed, **own) as started:
        yield started


FAULTS: dict[str, tuple[Callable[[ChromaRun], None], Callable[[ChromaRun], None], float]] = {
    "killed": (ChromaRun.kill, ChromaRun.start, AWAY_S),
    "hung": (ChromaRun.hang, ChromaRun.go_on, AWAY_S),
    "restarted": (ChromaRun.kill, ChromaRun.start, 0.0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_question_is_answered_in_time_and_the_service_is_whole_again(
    fault: str, served: Served, chroma: ChromaRun
) -> None:
    leave, come_back, away_s = FAULTS[fault]
    with Load(served.address) as load:
        time.sleep(BEFORE_S)
        left = time.monotonic()
        leave(chroma)
        time.sleep(away_s)
        returning = time.monotonic()
        come_back(chroma)
        back = time.monotonic()
        time.sleep(AFTER_S)
    before = [one for one in load.asked if one.at + one.took_s < left]
    away = [one for one in load.asked if left + SOON_S < one.at < returning]
    affected = [one for one in load.asked if one.degraded]
    whole_s = max([one.at + one.took_s - back for one in affected], default=0.0)
    slowest = max(load.asked, key=lambda one: one.took_s)
    normal = sorted(one.took_s for one in before)[len(before) // 2]
    sys.stdout.write(
        f"{fault}: {len(load.asked)} asked, {normal:.2f} s before, {len(affected)} by words alone, "
        f"slowest {slowest.took_s:.2f} s ({slowest.at - left:+.2f} s), whole after "
        f"{whole_s:.2f} s\n"
    )
    assert {one.status for one in load.asked} == {200}
    assert before and not any(one.degraded for one in before)
    assert away or not away_s
    assert all(one.degraded for one in away)
    assert all("chroma: the server" in one.degraded[0] for one in affected)
    assert slowest.took_s < SOON_S
    assert whole_s < WHOLE_S
    assert served.http.get("/readyz").json()["degraded"] == []
