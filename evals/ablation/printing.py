"""The table as a person sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.ablation.measure import Ablation

COLUMNS = {
    "evidence_recall_at_10": "ev@10",
    "all_evidence_at_10": "all@10",
    "hits_at_4": "hits@4",
    "hits_at_10": "hits@10",
    "reciprocal_rank": "MRR@10",
}


def print_ablation(table: Ablation, path: Path) -> None:
    """Print a row for each variant, then the first row by type of question."""
    console = Console()
    console.print(_rows(table))
    by_type = _headed("all of it, by type of question")
    for kind, figures in table.rows[0].by_type.items():
        by_type.add_row(kind, *_shown(figures))
    console.print(by_type)
    console.print(Text(f"kept: {path}"), soft_wrap=True)


def _rows(table: Ablation) -> Table:
    grid = _headed(f"{table.questions} questions, {table.passages} passages", "Δ ev@10", "ms")
    whole = table.rows[0]
    for row in table.rows:
        change = row.figures["evidence_recall_at_10"] - whole.figures["evidence_recall_at_10"]
        shown = f"{change:+.3f}" if row is not whole else ""
        grid.add_row(row.name, *_shown(row.figures), shown, f"{row.milliseconds:.1f}")
    return grid


def _headed(title: str, *more: str) -> Table:
    grid = Table(title=title, title_justify="left")
    grid.add_column("")
    for name in (*COLUMNS.values(), *more):
        grid.add_column(name, justify="right")
    return grid


def _shown(figures: Mapping[str, float]) -> Iterator[str]:
    return (f"{figures[name]:.3f}" for name in COLUMNS)
