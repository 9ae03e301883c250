"""The commands that write and care for the index."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.settings import IndexSettings, load

if TYPE_CHECKING:
    from ingest.index.generations import Generations
    from ingest.report import Report

# A service that answers on the same machine goes first.
NICENESS = 15

index_app = typer.Typer(help="Care of the index.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def ingest_command(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders to walk.")],
    prune: Annotated[
        bool, typer.Option(help="Remove articles whose files are gone from the folders named.")
    ] = False,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing when there is an index already.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring files and folders into the index."""
    settings = load(IndexSettings)
    from ingest.index.generations import Generations

    generations = Generations(settings.data_dir)
    if if_empty and generations.current() is not None:
        return
    report = _ingest(paths, settings, generations, prune, quiet=as_json)
    if as_json:
        sys.stdout.write(json.dumps(report.as_json(), ensure_ascii=False) + "\n")
    else:
        from ingest.progress import print_report

        print_report(report)
    raise typer.Exit(1 if report.failures or report.interrupted else 0)


def _ingest(
    paths: list[Path], settings: IndexSettings, generations: Generations, prune: bool, quiet: bool
) -> Report:
    from ingest.pipeline import Options, ingest
    from ingest.progress import progress_shown
    from ingest.tools import SettingsTools

    os.nice(NICENESS)
    threads = 1 if generations.has_readers() else None
    with (
        SettingsTools(settings, threads) as tools,
        progress_shown(quiet) as progress,
        _stopped_by_signal() as stopped,
    ):
        options = Options(
            prune=prune,
            checkpoint_s=settings.checkpoint_s,
            stop=stopped,
            progress=progress,
        )
        return ingest(paths, settings.data_dir, tools, options)


@contextmanager
def _stopped_by_signal() -> Iterator[Callable[[], bool]]:
    """Yield a question whether to stop: the first Ctrl-C sets it, a second one interrupts."""
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        sys.stderr.write("dateline: publishing what is done; press Ctrl-C again to drop it\n")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@index_app.command("check")
def check_command(as_json: Json = False) -> None:
    """Check that the generation in use is whole and that every passage can be found."""
    from ingest.index.check import check_in_child
    from ingest.index.generations import Generations

    generations = Generations(load(IndexSettings).data_dir)
    number = generations.require_current()
    problems = check_in_child(generations.path(number))
    if as_json:
        _write_json({"generation": number, "ok": not problems, "problems": problems})
    for problem in [] if as_json else problems:
        sys.stdout.write(f"{problem}\n")
    if not problems and not as_json:
        sys.stdout.write(f"generation {number} is whole\n")
    raise typer.Exit(3 if problems else 0)


@index_app.command("rebuild")
def rebuild_command(as_json: Json = False) -> None:
    """Make Chroma's and Tantivy's parts again from the newest catalog that can be read."""
    from ingest.index.generations import Generations
    from ingest.index.mend import mend

    made, base, lost = mend(Generations(load(IndexSettings).data_dir))
    if as_json:
        _write_json({"generation": made.generation, "from": base, "unreadable": lost})
        return
    sys.stdout.write(
        f"generation {made.generation} was made again from generation {base}: "
        f"{made.articles} articles, {made.passages} passages\n"
    )
    for number in lost:
        sys.stdout.write(
            f"the catalog of generation {number} cannot be read; "
            "ingest again to bring in what was added in it\n"
        )


@index_app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the generations that are kept."""
    from ingest.errors import IndexDamaged, IndexUnavailable
    from ingest.index import manifest
    from ingest.index.generations import Generations

    generations = Generations(load(IndexSettings).data_dir)
    try:
        current: int | None = generations.require_current()
    except IndexDamaged:
        # The list is what one needs to mend it.
        current = None
    rows: list[dict[str, object]] = []
    for number in generations.numbers():
        row: dict[str, object] = {"generation": number, "current": number == current}
        try:
            found = manifest.read(generations.path(number))
            row |= found.model_dump(include={"created", "articles", "stories", "passages"})
            row |= {"chroma": found.chroma, "embedder": found.embedder.model_dump()}
        except IndexUnavailable as error:
            row["problem"] = str(error)
        rows.append(row)
    if as_json:
        _write_json({"generations": rows})
    else:
        from ingest.progress import print_generations

        print_generations(rows)


@index_app.command("use")
def use_command(
    number: Annotated[int, typer.Argument(help="A generation that `index list` shows.")],
) -> None:
    """Go back, or forward, to another kept generation."""
    from ingest.index.generations import Generations, WriterLock

    settings = load(IndexSettings)
    lock = WriterLock(settings.data_dir)
    try:
        found = Generations(settings.data_dir).use(number)
    finally:
        lock.release()
    sys.stdout.write(f"generation {number} is in use: {found.articles} articles\n")


def _write_json(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
