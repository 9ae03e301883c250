"""What the steps of an ingest on Ray cost, and how much faster more workers can make it.

`python -m evals.performance.ray_ingest ARTICLES… [--ray N …]`. The stages of the workers run one
after another in this process, on one core, and between them the part that stays in one process
anyway: what is decided by the ledger, the cache of vectors, the publisher. CPU seconds are counted,
so that a busy machine changes little. `--ray N` also runs it on a Ray of N embedding workers on
this machine, and tells the seconds that passed.

The publisher works while the workers go on, so the stages form a pipeline, of which the slowest
part sets the pace; only the last publication waits for all of them:

    T(n) = max(serial, parallel / n) + last

Amdahl's law, by which nothing overlaps, is printed beside it as what cannot be missed:

    A(n) = serial + parallel / n + last

Neither counts the start of Ray and of the workers, which `--ray` tells; what it costs to pass rows
between processes and over a network; storage that many read at once; a last block that one worker
is busy with while the others wait; nor that cores slow each other down.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from evals.performance.timing import cpu_s
from ingest.cluster.address import Address
from ingest.cluster.connect import connected
from ingest.cluster.readings import ClusterTools, Workers
from ingest.cluster.rows import Job, Plan, packed
from ingest.cluster.stages import EmbedStage, KnownStage, ReadStage, SplitStage, Stage
from ingest.pipeline import Options, ingest
from ingest.report import Report
from ingest.settings import IndexSettings

SAMPLES = Path(__file__).resolve().parents[2] / "ingest" / "samples"
PROJECTED = (2, 8, 64)
ROWS_AT_ONCE = 32
NAMES = ("read", "describe and split", "look up", "embed")
# One publication, whatever this machine's speed: `last`.
ONE_CHECKPOINT_S = 86_400.0


@dataclass
class Costs:
    """CPU seconds of one ingest.

    Attributes:
        stages: Of the workers, by name.
        serial: Of the process that publishes, while the workers have work.
        last: Of the same, after their last row: the rest of the publication and its check.
        loading: Of loading the model and the word pieces.
    """

    stages: dict[str, float] = field(default_factory=lambda: dict.fromkeys(NAMES, 0.0))
    serial: float = 0.0
    last: float = 0.0
    loading: float = 0.0
    passages: int = 0

    @property
    def parallel(self) -> float:
        """What more workers share."""
        return sum(self.stages.values())

    @property
    def outside_embedding(self) -> float:
        """The share of all that is not embedding."""
        total = self.parallel + self.serial + self.last
        return 1.0 - self.stages["embed"] / total

    def pipeline(self, workers: int) -> float:
        """Return T(n)."""
        return max(self.serial, self.parallel / workers) + self.last

    def amdahl(self, workers: int) -> float:
        """Return A(n)."""
        return self.serial + self.parallel / workers + self.last


class TimedStages:
    """Runs the stages in this process, and counts what each costs."""

    def __init__(self, costs: Costs) -> None:
        """Take what is counted into."""
        self._costs = costs
        self.ended_at = 0.0

    def run(self, plan: Plan, jobs: Sequence[Job]) -> Generator[list[bytes], None, None]:
        """See ingest.cluster.readings.Workers."""
        before = cpu_s()
        read = ReadStage(plan)
        rest: list[Stage] = [SplitStage(plan), KnownStage(plan), EmbedStage(plan)]
        self._costs.loading += cpu_s() - before
        try:
            for rows in self._batches(read(packed(job) for job in jobs)):
                for name, stage in zip(NAMES[1:], rest, strict=True):
                    rows = self._timed(name, stage, rows)
                yield rows
        finally:
            # Whoever has the last row asks for no more.
            self.ended_at = cpu_s()

    def _batches(self, rows: Iterator[bytes]) -> Iterator[list[bytes]]:
        while True:
            with self._counted(NAMES[0]):
                batch = [row for _, row in zip(range(ROWS_AT_ONCE), rows, strict=False)]
            if not batch:
                return
            yield batch

    def _timed(self, name: str, stage: Stage, rows: list[bytes]) -> list[bytes]:
        with self._counted(name):
            return list(stage(rows))

    @contextmanager
    def _counted(self, name: str) -> Iterator[None]:
        before = cpu_s()
        yield
        self._costs.stages[name] += cpu_s() - before


def measured(places: Sequence[Path]) -> Costs:
    """Return what an ingest of `places` costs.

    Raises:
        RuntimeError: No article went in.
    """
    costs = Costs()
    stages = TimedStages(costs)
    before = cpu_s()
    report = _ingested(places, stages)
    total = cpu_s() - before
    costs.passages = report.passages
    costs.last = cpu_s() - stages.ended_at
    costs.serial = total - costs.parallel - costs.loading - costs.last
    return costs


def _ingested(places: Sequence[Path], workers: Workers) -> Report:
    with tempfile.TemporaryDirectory(prefix="dateline-ray-") as folder:
        settings = IndexSettings(data_dir=Path(folder))
        with ClusterTools(settings, workers) as tools:
            options = Options(readings=tools.readings, checkpoint_s=ONE_CHECKPOINT_S)
            report = ingest(places, settings.data_dir, tools, options)
    if not report.added:
        raise RuntimeError(f"no article went in; {report.failed} failed")
    return report


class FirstRow:
    """Passes on what workers give, and tells how long the first of it took."""

    def __init__(self, workers: Workers) -> None:
        """Take the workers."""
        self._workers = workers
        self.seconds = 0.0

    def run(self, plan: Plan, jobs: Sequence[Job]) -> Generator[list[bytes], None, None]:
        """See ingest.cluster.readings.Workers."""
        started = time.monotonic()
        for rows in self._workers.run(plan, jobs):
            if rows and not self.seconds:
                self.seconds = time.monotonic() - started
            yield rows


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument(
        "--ray", type=int, nargs="*", default=[], metavar="N", help="embedding workers of a run"
    )
    given = parser.parse_args()
    # The first run imports what later ones have.
    measured([SAMPLES])
    _print_costs(measured(given.articles))
    for workers in given.ray:
        _print_run(given.articles, workers)


def _print_costs(costs: Costs) -> None:
    say = sys.stdout.write
    say(f"{costs.passages} passages, {time.strftime('%Y-%m-%d')}\n")
    say(f"{'':24}{'CPU s':>10}{'ms/passage':>12}{'share':>8}\n")
    total = costs.parallel + costs.serial + costs.last
    rows = {**costs.stages, "decide and publish": costs.serial, "last publication": costs.last}
    for name, seconds in rows.items():
        each = 1000 * seconds / costs.passages
        say(f"{name:24}{seconds:10.2f}{each:12.2f}{seconds / total:8.1%}\n")
    say(f"outside embedding: {costs.outside_embedding:.1%} of {total:.1f} CPU s")
    say(f"; loading, once for each worker: {costs.loading:.1f}\n\n")
    say("T(n) = max(serial, parallel / n) + last; A(n) = serial + parallel / n + last\n")
    say(f"{'workers':>8}{'T(n) s':>10}{'speed-up':>10}{'A(n) s':>10}{'speed-up':>10}\n")
    for n in (1, *PROJECTED):
        pipeline, amdahl = costs.pipeline(n), costs.amdahl(n)
        faster, least = costs.pipeline(1) / pipeline, costs.amdahl(1) / amdahl
        say(f"{n:8}{pipeline:10.1f}{faster:9.1f}x{amdahl:10.1f}{least:9.1f}x\n")


def _print_run(places: Sequence[Path], workers: int) -> None:
    with connected(Address(), workers) as ray_workers:
        first = FirstRow(ray_workers)
        report = _ingested(places, first)
    sys.stdout.write(
        f"on Ray, {workers} workers: {report.seconds:.1f} s, "
        f"{report.passages / report.seconds:.0f} passages/s; of it {first.seconds:.1f} s to start "
        "Ray and to the first row\n"
    )


if __name__ == "__main__":
    main()
