"""The command that measures retrieval."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ingest.settings import load

SAMPLES = Path(__file__).resolve().parents[2] / "ingest" / "samples"
SIZES = (10_000, 100_000)


def perf_command(
    passages: Annotated[
        list[int],
        typer.Option(help="Passages of an index; give it several times for several.", min=1),
    ] = list(SIZES),  # noqa: B006 - Typer reads it, nobody changes it
    articles: Annotated[
        Path,
        typer.Option(
            help="Whose sentences the indexes are made of; default: the bundled articles.",
            show_default=False,
        ),
    ] = SAMPLES,
    questions: Annotated[
        Path | None,
        typer.Option(
            help="What is asked, `question` or `query` in a JSON object a line; default: made of "
            "the sentences.",
            show_default=False,
        ),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(help="Keeps the indexes for the next time; default below the data folder."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the record; default below the data folder.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Measure retrieval from indexes of several sizes, beside a bare query of Chroma.

    The first run of a size builds its index: minutes for 100,000 passages, up to an hour for a
    million.
    """
    from evals.performance.perf import PerfPlan, measure_perf
    from service.settings import ServiceSettings

    settings = load(ServiceSettings)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    folder = settings.data_dir / "evals" / "perf" / stamp if out is None else out
    kept = settings.data_dir / "perf" if work is None else work
    with _shown() as progress:
        plan = PerfPlan(settings, articles, passages, questions, kept, folder, progress)
        record = measure_perf(plan)
    if as_json:
        sys.stdout.write(record.model_dump_json() + "\n")
    else:
        from evals.performance.perf_printing import print_perf

        print_perf(record, folder)


@contextmanager
def _shown() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on a terminal and nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("embedding sentences", total=None)
        yield lambda what, done, total: bar.update(
            task, description=what, completed=done, total=total or None
        )
