"""Says how a served index of 10,000 passages bears a load; run it on a quiet machine.

python -m tests.load [ARTICLES] [--work FOLDER]

The passages are made of the sentences of ARTICLES, which are the bundled ones if none are named, in
a new order. The clients, the model's server and the service share the machine's cores. All clients
have one address, so DATELINE_MAX_OPEN_PER_CLIENT is set to what DATELINE_MAX_OPEN is by itself.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from evals.performance.questions import made_questions
from evals.performance.scale_index import index_with
from evals.performance.sentences import sentences_of
from evals.results import Machine, describe_run
from evals.suite import Suite
from service.settings import ServiceSettings
from tests.e2e.conftest import ROOT
from tests.e2e.serving import Served, serving
from tests.load.steps import HEAD, Asking, Step, line, model_server

PASSAGES = 10_000
QUESTIONS = 60_000
STARTS = 5
STEADY, STEADY_S = (1, 8, 32, 128), 15.0
RISING, RISING_S = (192, 256, 288, 384, 512, 768), 10.0
STREAMING, STREAMING_S = (64, 256), 20.0
CROWD = 512
# An answer is as usual again when it takes no longer than so many of a lone client.
USUAL = 2.0
ONE_ADDRESS = {"DATELINE_MAX_OPEN_PER_CLIENT": "256"}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=Path, default=ROOT / "ingest" / "samples")
    parser.add_argument("--work", type=Path, help="keeps the index for the next time")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="dateline-load-") as made:
        folder = Path(made)
        settings = ServiceSettings(_env_file=None, data_dir=folder / "none")
        run = describe_run(Suite(asked.articles, "", (), ()), asked.articles, "", settings)
        assert run.articles is not None
        work = asked.work or folder / "work"
        found = sentences_of(asked.articles, run.articles.sha256, settings, work)
        data = index_with(found, PASSAGES, work, lambda _done, _total: None)
        asking = Asking([question.text for question in made_questions(found, QUESTIONS)])
        say(about(run.machine))
        starts = [started_s(folder, data) for _ in range(STARTS)]
        say("\n".join((line(HEAD), line(["---"] * len(HEAD)))))
        notes = [*extractive(folder, data, asking), *streaming(folder, data, asking)]
        middle, most = statistics.median(starts), max(starts)
        say(
            f"\n- From start to the first 200 of /readyz: {middle:.1f} s (median of {STARTS}), "
            f"{most:.1f} s at most."
        )
        say("\n".join(f"- {note}" for note in notes))


def about(machine: Machine) -> str:
    """Return what the figures depend on."""
    busy = os.getloadavg()[0]
    return (
        f"{machine.cpu}, {machine.cores} cores, Python {machine.python}, {machine.platform}; "
        f"{PASSAGES:,} passages; load average before {busy:.1f}. Clients, service and model's "
        "server share the cores.\n"
    )


def started_s(folder: Path, data: Path) -> float:
    """Return how long a start takes, to the twentieth of a second."""
    began = time.monotonic()
    with serving(folder, data) as served:
        while served.http.get("/readyz").status_code != httpx.codes.OK:
            time.sleep(0.02)
        return time.monotonic() - began


@contextmanager
def warmed(folder: Path, data: Path, asking: Asking, **settings: str) -> Iterator[Served]:
    """Serve, after a few questions that nobody counts."""
    with serving(folder, data, **ONE_ADDRESS, **settings) as served:
        asking.step("", served.address, 4, 3)
        yield served


def extractive(folder: Path, data: Path, asking: Asking) -> Iterator[str]:
    """Measure answers without a model, up to where some are refused; yield what was seen."""
    with warmed(folder, data, asking) as served:
        steady = [
            told(asking.step("extractive", served.address, clients, STEADY_S)) for clients in STEADY
        ]
        begins = first_refused(served, asking)
        within_ms = USUAL * steady[0].ms[0]
        crowd = asking.step(
            "overload", served.address, CROWD, RISING_S, drain_s=0.0, settle_ms=within_ms
        )
        told(crowd)
        settled = "not within a minute" if crowd.settled_s is None else f"{crowd.settled_s:.1f} s"
        yield f"Refusals begin between {begins[0]} and {begins[1]} clients."
        yield (
            f"After {CROWD} clients left in mid-answer, an answer took at most {within_ms:.0f} ms "
            f"({USUAL:g} times the median of one client) again {settled} later."
        )
        half = told(asking.step("half of it", served.address, begins[1] // 2, STREAMING_S))
        yield f"p99 at half that load: {half.ms[2]:.0f} ms."


def first_refused(served: Served, asking: Asking) -> tuple[int, int]:
    """Return the most clients of whom none was refused, and the fewest of whom some were."""
    most = STEADY[-1]
    for clients in RISING:
        step = told(asking.step("rising", served.address, clients, RISING_S))
        if step.refused:
            return most, clients
        most = clients
    raise AssertionError("nobody was refused")


def streaming(folder: Path, data: Path, asking: Asking) -> Iterator[str]:
    """Measure streams of a model's answers; yield what was seen."""
    with (
        model_server() as model,
        warmed(folder, data, asking, DATELINE_LLM_BASE_URL=model) as served,
    ):
        for clients in STREAMING:
            step = asking.step("streaming", served.address, clients, STREAMING_S, stream=True)
            told(step)
            yield (
                f"Of {clients} clients that stream, {step.refused / step.statuses.total():.1%} of "
                f"the requests were refused; the model wrote {step.by_model:.1%} of the answers."
            )


def told(step: Step) -> Step:
    """Print a step's line and return it."""
    say(step.row())
    return step


def say(text: str) -> None:
    """Print a text."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
