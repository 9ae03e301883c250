"""The commands that measure."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.settings import load

if TYPE_CHECKING:
    from evals.run import Outcome
    from evals.suite import Suite
    from service.settings import ServiceSettings

HERE = Path(__file__).resolve().parent
SAMPLE_SUITE = HERE / "gold" / "samples.jsonl"
SAMPLE_ARTICLES = HERE.parent / "ingest" / "samples"

app = typer.Typer(help="Quality of answers, measured.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@app.callback()
def _group() -> None:
    """Keep `run` a command of its own: Typer folds an app with a single command into one."""


@app.command("run")
def run_command(
    suite: Annotated[
        Path,
        typer.Option(
            help="Gold questions, one JSON object a line; default: the bundled ones.",
            show_default=False,
        ),
    ] = SAMPLE_SUITE,
    articles: Annotated[
        Path,
        typer.Option(
            help="What they are about; default: the bundled articles.", show_default=False
        ),
    ] = SAMPLE_ARTICLES,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; default below the data folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask every question of a suite of a fresh index of the articles, and score the answers."""
    from evals.suite import load as load_suite
    from service.settings import ServiceSettings

    settings = load(ServiceSettings)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    folder = settings.data_dir / "evals" / stamp if out is None else out
    outcome = _measure(load_suite(suite), articles, settings, folder)
    if as_json:
        document = {"out": str(folder), **outcome.summary.model_dump()}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        from evals.printing import print_outcome

        print_outcome(outcome, folder)
    raise typer.Exit(1 if outcome.summary.errors else 0)


def _measure(suite: Suite, articles: Path, settings: ServiceSettings, out: Path) -> Outcome:
    from evals.results import describe_run, write
    from evals.temporary_index import index_of

    with index_of(articles, settings) as index:
        outcome = asyncio.run(_asked(suite, index.settings))
        write(outcome, describe_run(suite, articles, index.embedder, settings, outcome), out)
    return outcome


async def _asked(suite: Suite, settings: ServiceSettings) -> Outcome:
    from evals.run import run
    from service.bootstrap import build

    backend = build(settings)
    try:
        return await run(suite, backend)
    finally:
        await backend.aclose()
