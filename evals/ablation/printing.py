"""The table as a person sees it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.ablation.measure import Ablation, Row

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
    title = f"{table.questions} questions, {table.passages} passages"
    console.print(_grid(title, [(row.name, row) for row in table.rows], table.rows[0]))
    by_type = Table(title="all of it, by type of question", title_justify="left")
    by_type.add_column("")
    for name in COLUMNS.values():
        by_type.add_column(name, justify="right")
    for kind, figures in table.rows[0].by_type.items():
        by_type.add_row(kind, *(f"{figures[name]:.3f}" for name in COLUMNS))
    console.print(by_type)
    console.print(Text(f"kept: {path}"), soft_wrap=True)


def _grid(title: str, rows: list[tuple[str, Row]], whole: Row) -> Table:
    grid = Table(title=title, title_justify="left")
    grid.add_column("")
    for name in COLUMNS.values():
        grid.add_column(name, justify="right")
    grid.add_column("Δ ev@10", justify="right")
    grid.add_column("ms", justify="right")
    for name, row in rows:
        change = row.figures["evidence_recall_at_10"] - whole.figures["evidence_recall_at_10"]
        grid.add_row(
            name,
            *(f"{row.figures[column]:.3f}" for column in COLUMNS),
            f"{change:+.3f}" if row is not whole else "",
            f"{row.milliseconds:.1f}",
        )
    return grid
