"""What a person sees of a history in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.folder import Run
from evals.headline import HEADLINES, shown
from evals.history import History, commit, writer

ROOMY = 100
"""Characters in a line from which on every word of a title fits into its column."""


def print_history(history: History) -> None:
    """Print one row per run, oldest first, and the folders that were left out."""
    console = Console()
    # What does not fit, rich leaves out without a word; on 80 characters, titles break in words.
    roomy = console.width >= ROOMY
    console.print(_table(history, len("citations") if roomy else len("0.123↑")))
    for reason in history.left_out:
        console.print(Text(f"left out: {reason}"), soft_wrap=True)


def _table(history: History, width: int) -> Table:
    table = Table(
        title=f"{len(history.runs)} runs",
        box=None,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        caption="* files were changed since the commit; arrows: against the run above, untested",
    )
    table.add_column("date", width=len("2025-12-17"))
    table.add_column("commit", no_wrap=True)
    table.add_column("writer", overflow="fold")
    table.add_column("n", justify="right", no_wrap=True)
    for name in HEADLINES.values():
        table.add_column(name, justify="right", width=width, overflow="fold")
    for before, run in pairwise([None, *history.runs]):
        if run is not None:
            table.add_row(*map(Text, _row(run, before)))
    return table


def _row(run: Run, before: Run | None) -> Iterator[str]:
    yield run.record.started[:16].replace("T", " ")
    yield commit(run)
    yield writer(run)
    yield str(run.summary.questions)
    for name in HEADLINES:
        mean = _mean(run, name)
        arrow = _arrow(_mean(before, name) if before else None, mean)
        yield "–" if mean is None else f"{shown(name, mean)}{arrow}"


def _mean(run: Run, name: str) -> float | None:
    figure = run.summary.metrics.get(name)
    return figure.mean if figure else None


def _arrow(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return ""
    return "↑" if after > before else "↓" if after < before else "="
