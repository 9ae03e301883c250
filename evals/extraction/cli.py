"""The command that makes the table."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from evals.progress import shown

SAMPLE_ARTICLES = Path(__file__).resolve().parents[2] / "ingest" / "samples"

HALVES: dict[str, Half] = {"all": "all", "fitted": "fitted", "kept": "kept"}

if TYPE_CHECKING:
    from evals.benchmarks.benchmark import Benchmark
    from evals.extraction.asking import Half
    from evals.extraction.figures import Bin, Figure, Threshold
    from evals.extraction.measure import Extraction


def extraction_command(
    suite: Annotated[Path, typer.Argument(help="Gold questions, or the file of a public set.")],
    benchmark: Annotated[
        str | None, typer.Option(help="Read SUITE as this public set; see the README.")
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Ask each question of its own documents only.")
    ] = False,
    half: Annotated[
        str, typer.Option(help="all, or the half that probabilities were fitted on, or kept from.")
    ] = "all",
    limit: Annotated[
        int | None, typer.Option(help="Ask so many questions, always the same.", min=1)
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Say how well sentences are chosen and how far their probabilities can be trusted."""
    from evals.benchmarks import BENCHMARKS
    from evals.extraction.measure import measure_extraction
    from ingest.settings import load
    from service.settings import ServiceSettings

    if benchmark is not None and benchmark not in BENCHMARKS:
        known = ", ".join(BENCHMARKS)
        raise typer.BadParameter(f"{benchmark!r} is none of {known}", param_hint="--benchmark")
    if half not in HALVES:
        raise typer.BadParameter(f"{half!r} is none of {', '.join(HALVES)}", param_hint="--half")
    with TemporaryDirectory(prefix="dateline-eval-") as folder, shown("reading") as progress:
        made = made_of(suite, benchmark, Path(folder), limit)
        if own and not any(made.documents.values()):
            raise typer.BadParameter(
                "the questions of this set came with no documents of their own", param_hint="--own"
            )
        found = measure_extraction(made, load(ServiceSettings), own, HALVES[half], progress)
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")
    else:
        _print(found)


def made_of(suite: Path, name: str | None, folder: Path, limit: int | None) -> Benchmark:
    """Return a public set, or a suite of our own form on the bundled articles."""
    from evals.benchmarks import BENCHMARKS
    from evals.benchmarks.benchmark import Benchmark, choose
    from evals.suite import load as load_suite

    if name is not None:
        return BENCHMARKS[name](suite, folder, limit)
    loaded = load_suite(suite)
    return Benchmark(replace(loaded, questions=choose(loaded.questions, limit)), SAMPLE_ARTICLES)


def _print(found: Extraction) -> None:
    from rich.console import Console

    console = Console()
    where = "their own documents" if found.own else "what is found"
    console.print(
        f"{found.questions} questions on {where}, {found.answerable} of them answerable",
        highlight=False,
    )
    console.print(_table(found.figures))
    console.print(_thresholds(found.thresholds))
    for name, rows in found.bins.items():
        console.print(_bins(name, rows))


def _table(figures: Mapping[str, Mapping[str, Figure]]) -> object:
    from rich.table import Table

    grid = Table()
    grid.add_column("")
    names = next(iter(figures.values()))
    for name in names:
        grid.add_column(name, justify="right")
    for way, row in figures.items():
        grid.add_row(way, *(_shown(figure) for figure in row.values()))
    return grid


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.interval is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.interval.low:.3f}–{figure.interval.high:.3f})"


def _thresholds(rows: Sequence[Threshold]) -> object:
    from rich.table import Table

    grid = Table(title="answers of the reader by threshold", title_justify="left")
    for column in ("probability", "answered", "precision", "recall", "abstained"):
        grid.add_column(column, justify="right")
    for row in rows:
        values = (row.answered, row.precision, row.recall, row.abstained)
        cells = ("–" if value is None else f"{value:.3f}" for value in values)
        grid.add_row(f"{row.probability:.1f}", *cells)
    return grid


def _bins(name: str, rows: Sequence[Bin]) -> object:
    from rich.table import Table

    grid = Table(title=f"probabilities of the {name} sentences", title_justify="left")
    for column in ("stated", "observed", "sentences"):
        grid.add_column(column, justify="right")
    for row in rows:
        grid.add_row(f"{row.stated:.3f}", f"{row.observed:.3f}", str(row.count))
    return grid
