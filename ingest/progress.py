"""What a person sees of an ingest: a bar on a terminal, lines in a log, a table at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from ingest.report import Report

MAX_FAILURES_SHOWN = 20
LOG_EVERY_S = 10.0


@contextmanager
def progress_shown(quiet: bool) -> Iterator[Callable[[Report], None]]:
    """Yield what to call as the report grows: a bar on a terminal, else a line now and then."""
    if quiet:
        yield lambda _report: None
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield LogLines(time.monotonic, sys.stderr.write)


@contextmanager
def _bar() -> Iterator[Callable[[Report], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    started = time.monotonic()
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None)

        def show(report: Report) -> None:
            progress.update(
                task,
                description=_state(report, time.monotonic() - started),
                completed=report.read_bytes,
                total=report.total_bytes or None,
            )

        yield show


class LogLines:
    """Writes where an ingest stands, at most every LOG_EVERY_S seconds."""

    def __init__(self, clock: Callable[[], float], write: Callable[[str], object]) -> None:
        """Take a clock in seconds and what writes a line."""
        self._clock = clock
        self._write = write
        self._started = self._last = clock()

    def __call__(self, report: Report) -> None:
        """Write a line if it is time."""
        now = self._clock()
        if now - self._last < LOG_EVERY_S:
            return
        self._last = now
        elapsed = now - self._started
        self._write(f"dateline: {_state(report, elapsed)}{_left(report, elapsed)}\n")


def _state(report: Report, elapsed_s: float) -> str:
    speed = report.passages / elapsed_s if elapsed_s > 0 else 0.0
    failed = f", {report.failed} failed" if report.failed else ""
    return f"{report.articles} articles, {report.passages} passages, {speed:.0f}/s{failed}"


def _left(report: Report, elapsed_s: float) -> str:
    if not 0 < report.read_bytes < report.total_bytes:
        return ""
    share = report.read_bytes / report.total_bytes
    return f", {share:.0%} read, about {elapsed_s * (1 - share) / share:.0f} s left"


def print_report(report: Report) -> None:
    """Print what was done and what failed."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"generation {report.generation}", show_header=False)
    counts = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "duplicate": report.duplicate,
        "failed": report.failed,
        "passages": report.passages,
        "seconds": round(report.seconds, 1),
    }
    for name, count in counts.items():
        table.add_row(name, str(count))
    console = Console()
    console.print(table)
    for failure in report.failures[:MAX_FAILURES_SHOWN]:
        console.print(escape(f"{failure.path}: {failure.step}: {failure.reason}"), soft_wrap=True)
    if report.failed > MAX_FAILURES_SHOWN:
        console.print(f"… and {report.failed - MAX_FAILURES_SHOWN} more; see --json")
    if report.interrupted:
        console.print("stopped before the end; the next run goes on from here")


def print_generations(rows: Sequence[Mapping[str, object]]) -> None:
    """Print a table of generations."""
    from rich.console import Console
    from rich.table import Table

    names = ("generation", "current", "created", "articles", "stories", "passages", "embedder")
    table = Table(*names)
    for row in rows:
        cells = {**row, "current": "yes" if row["current"] else ""}
        cells["embedder"] = row.get("problem") or _embedder(row["embedder"])
        table.add_row(*(str(cells.get(name, "")) for name in names))
    Console().print(table)


def _embedder(record: object) -> str:
    return f"{record['name']} {record['precision']}" if isinstance(record, dict) else ""
