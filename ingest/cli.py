"""The commands that write and care for the index."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import SettingsError
from ingest.settings import IndexSettings, load

if TYPE_CHECKING:
    from ingest.pipeline import Options
    from ingest.report import Report

# A service that answers on the same machine goes first.
NICENESS = 15

index_app = typer.Typer(help="Care of the index.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def ingest_command(
    places: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="Files, folders to walk, or http(s) addresses."),
    ],
    prune: Annotated[
        bool, typer.Option(help="Remove articles whose files are gone from the folders named.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Prune even a folder that is missing or empty.")
    ] = False,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing when there is an index already.")
    ] = False,
    show_cleaning: Annotated[
        bool, typer.Option("--show-cleaning", help="Only print what cleaning leaves out, and why.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring files, folders and web addresses into the index."""
    settings = load(IndexSettings)
    if show_cleaning:
        _show_cleaning([Path(place) for place in places], as_json)
        return
    if force and not prune:
        raise SettingsError("--force goes with --prune; add it, or leave --force out")
    from ingest.index.generations import Generations

    generations = Generations(settings.data_dir)
    if if_empty and generations.current() is not None:
        return
    options = _options(settings, prune, force)
    report = _ingest(places, settings, options, generations.has_readers(), quiet=as_json)
    if as_json:
        _write_json(report.as_json())
    else:
        from ingest.progress import print_report

        print_report(report)
    raise typer.Exit(1 if report.failed or report.interrupted else 0)


def _show_cleaning(paths: list[Path], as_json: bool) -> None:
    from ingest.cleaning_shown import CleaningShown, cleaning_of, print_cleaning

    found = list(cleaning_of(paths))
    failures = [vars(item) for item in found if not isinstance(item, CleaningShown)]
    if as_json:
        articles = [item.as_json() for item in found if isinstance(item, CleaningShown)]
        _write_json({"articles": articles, "failures": failures})
    else:
        print_cleaning(iter(found))
    raise typer.Exit(1 if failures else 0)


def _options(settings: IndexSettings, prune: bool, force: bool) -> Options:
    from ingest.fetch import FetchLimits
    from ingest.pipeline import Options

    limits = FetchLimits(
        max_bytes=settings.fetch_max_bytes,
        total_s=settings.fetch_timeout_s,
        allow_private=settings.fetch_private,
    )
    return Options(prune=prune, force=force, checkpoint_s=settings.checkpoint_s, limits=limits)


def _ingest(
    places: list[str], settings: IndexSettings, options: Options, has_readers: bool, quiet: bool
) -> Report:
    from ingest.fetch import is_address
    from ingest.pipeline import ingest
    from ingest.progress import progress_shown
    from ingest.tools import SettingsTools

    os.nice(NICENESS)
    with (
        SettingsTools(settings, 1 if has_readers else None) as tools,
        progress_shown(quiet) as progress,
        _stopped_by_signal() as stopped,
    ):
        named = [place if is_address(place) else Path(place) for place in places]
        watched = replace(options, stop=stopped, progress=progress)
        return ingest(named, settings.data_dir, tools, watched)


@contextmanager
def _stopped_by_signal() -> Iterator[Callable[[], bool]]:
    """Yield a question whether to stop: the first Ctrl-C sets it, a second one interrupts."""
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        asked.append(number)
        if len(asked) > 1:
            raise KeyboardInterrupt
        sys.stderr.write("dateline: publishing what is done; press Ctrl-C again to drop it\n")

    def stopped() -> bool:
        # A library can have taken the interrupt for an error of its own.
        if len(asked) > 1:
            raise KeyboardInterrupt
        return bool(asked)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
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


@index_app.command("prune")
def prune_command() -> None:
    """Remove every generation but the one in use, and what killed programs left."""
    from ingest.index.generations import Generations, WriterLock

    settings = load(IndexSettings)
    lock = WriterLock(settings.data_dir)
    try:
        generations = Generations(settings.data_dir)
        generations.remove_garbage()
        current = generations.require_current()
        generations.keep_only(current)
        left = [number for number in generations.numbers() if number != current]
    finally:
        lock.release()
    sys.stdout.write(f"generation {current} is in use and kept\n")
    for number in left:
        sys.stdout.write(f"generation {number} is read by a service and kept\n")


@index_app.command("backup")
def backup_command(
    file: Annotated[Path, typer.Argument(help="The file to write; nothing may be there yet.")],
) -> None:
    """Write the index and the ratings into one file, also while they are in use."""
    from ingest.index.backup import back_up

    made = back_up(load(IndexSettings).data_dir, file)
    sys.stdout.write(
        f"generation {made.generation} was written to {file}: "
        f"{made.articles} articles, {file.stat().st_size / 1e6:.1f} MB\n"
    )


@index_app.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="A file that `index backup` wrote.")],
) -> None:
    """Bring a backup into use; `index use` goes back to what was there."""
    from ingest.index.backup import restore

    found = restore(load(IndexSettings).data_dir, file)
    made = found.manifest
    sys.stdout.write(f"generation {made.generation} is in use: {made.articles} articles\n")
    for name in found.kept:
        sys.stdout.write(f"{name} was there already and stays as it is\n")


def _write_json(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
