"""What a person sees of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.run import Outcome, Sample
from evals.summary import Figure


def print_outcome(outcome: Outcome, out: Path) -> None:
    """Print a table of figures, then every answer that fell short, and where the rest is."""
    console = Console()
    console.print(_table(outcome))
    for sample in outcome.samples:
        for line in _shortcomings(sample):
            console.print(Text(f"{sample.id}: {line}"), soft_wrap=True)
    console.print(Text(f"written to {out}"), soft_wrap=True)


def _table(outcome: Outcome) -> Table:
    summary = outcome.summary
    table = Table(title=f"{summary.questions} questions, {summary.errors} errors")
    table.add_column("metric")
    for name in ("mean", "95 % interval", "scored", "unscored"):
        table.add_column(name, justify="right")
    for name, figure in summary.metrics.items():
        table.add_row(name, *_cells(figure), str(figure.n), str(figure.unscored))
    return table


def _cells(figure: Figure) -> Iterator[str]:
    yield "–" if figure.mean is None else f"{figure.mean:.3f}"
    no_interval = figure.low is None or figure.high is None
    yield "–" if no_interval else f"{figure.low:.3f} – {figure.high:.3f}"


def _shortcomings(sample: Sample) -> Iterator[str]:
    if sample.error is not None:
        yield sample.error
    for name, score in sample.scores.items():
        if name != "latency_ms" and score.value is not None and score.value < 1:
            yield f"{name} {score.value:.2f}: {score.why}"
