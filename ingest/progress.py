"""What a person sees of an ingest: a line that moves on a terminal, a table at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from ingest.report import Report

MAX_FAILURES_SHOWN = 20


@contextmanager
def progress_shown(quiet: bool) -> Iterator[Callable[[Report], None]]:
    """Yield what to call as the report grows; shows nothing when quiet or not on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _report: None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        yield lambda report: status.update(_line(report))


def _line(report: Report) -> str:
    done = report.added + report.updated + report.unchanged + report.duplicate
    return f"{done} articles, {report.passages} passages, {len(report.failures)} failed"


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
        "failed": len(report.failures),
        "passages": report.passages,
        "seconds": round(report.seconds, 1),
    }
    for name, count in counts.items():
        table.add_row(name, str(count))
    console = Console()
    console.print(table)
    for failure in report.failures[:MAX_FAILURES_SHOWN]:
        console.print(escape(f"{failure.path}: {failure.step}: {failure.reason}"), soft_wrap=True)
    if len(report.failures) > MAX_FAILURES_SHOWN:
        console.print(f"… and {len(report.failures) - MAX_FAILURES_SHOWN} more; see --json")


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
