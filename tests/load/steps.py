"""One step of a load at a time, and what came of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np

from tests.e2e.conftest import ROOT
from tests.load.clients import Job

HEAD = (
    "load",
    "clients",
    "answers/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "first delta p50 / p95 / p99 ms",
    "answered",
    "429",
    "503",
    "other",
    "client CPU",
)


@dataclass(frozen=True)
class Step:
    """What one load came to.

    Attributes:
        what: Names the load.
        rate: Answers a second, from the first question to the last answer.
        ms: What answers took: p50, p95 and p99.
        first_ms: Until the first delta, the same.
        statuses: How the requests ended, by status; 0 for those that just broke off.
        by_model: Share of the answers that the language model wrote.
        client_cpu: Share of one core that the clients took.
        settled_s: How soon after the load an answer was quick again.
    """

    what: str
    clients: int
    rate: float
    ms: tuple[float, ...]
    first_ms: tuple[float, ...]
    statuses: Counter[int]
    by_model: float
    client_cpu: float
    settled_s: float | None

    @property
    def refused(self) -> int:
        """How many requests were told to come back."""
        return self.statuses[429] + self.statuses[503]

    def row(self) -> str:
        """Return a line of the table."""
        asked = self.statuses.total() or 1
        known = [self.statuses[status] for status in (200, 429, 503)]
        shares = [f"{count / asked:.1%}" for count in (*known, asked - sum(known))]
        first = " / ".join(f"{value:.0f}" for value in self.first_ms) or "–"
        times = [f"{value:.0f}" for value in self.ms] or ["–"] * 3
        cells = [self.what, str(self.clients), f"{self.rate:.1f}", *times, first, *shares]
        return line([*cells, f"{self.client_cpu:.0%}"])


class Asking:
    """Asks each question once, whoever asks it."""

    def __init__(self, questions: list[str]) -> None:
        self._questions = iter(questions)

    def step(self, what: str, address: str, clients: int, seconds: float, **rest: Any) -> Step:
        """Load the service at `address`; see Job for the rest."""
        wanted = list(islice(self._questions, per_step(clients, seconds)))
        job = Job(address, clients, seconds, wanted, **rest)
        done = subprocess.run(
            [sys.executable, "-m", "tests.load.clients"],
            cwd=ROOT,
            input=json.dumps(asdict(job)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return _step(what, job, json.loads(done.stdout))


def per_step(clients: int, seconds: float) -> int:
    """Return how many questions a step may need: far more than are answered here."""
    return int(clients * (seconds + 10) + 120 * seconds)


def _step(what: str, job: Job, seen: dict[str, Any]) -> Step:
    replies = seen["replies"]
    answered = [reply for reply in replies if reply["status"] == 200]
    statuses = Counter(reply["status"] for reply in replies)
    statuses[0] += seen["cut"] if job.settle_ms is None else 0
    return Step(
        what=what,
        clients=job.clients,
        rate=len(answered) / seen["wall_s"],
        ms=_spread([reply["ms"] for reply in answered]),
        first_ms=_spread([r["first_ms"] for r in answered if r["first_ms"] is not None]),
        statuses=statuses,
        by_model=sum(reply["model"] for reply in answered) / (len(answered) or 1),
        client_cpu=seen["cpu_s"] / seen["wall_s"],
        settled_s=seen["settled_s"],
    )


def _spread(values: list[float]) -> tuple[float, ...]:
    return tuple(map(float, np.percentile(values, [50, 95, 99]))) if values else ()


def line(cells: list[str] | tuple[str, ...]) -> str:
    """Return a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


@contextmanager
def model_server() -> Iterator[str]:
    """Run the test model server; yield its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.load.model"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()
