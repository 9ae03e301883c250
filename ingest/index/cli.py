"""The commands that care for the index."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.errors import SettingsError
from ingest.settings import IndexSettings, load

index_app = typer.Typer(help="Care of the index.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def write_json(document: dict[str, object]) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


@index_app.command("check")
def check_command(as_json: Json = False) -> None:
    """Check that the generation in use is whole and that every passage can be found."""
    from ingest.index.check import check_in_child
    from ingest.index.generations import generations_of

    generations = generations_of(load(IndexSettings))
    number = generations.require_current()
    problems = check_in_child(generations.path(number), generations.server)
    if as_json:
        write_json({"generation": number, "ok": not problems, "problems": problems})
    for problem in [] if as_json else problems:
        sys.stdout.write(f"{problem}\n")
    if not problems and not as_json:
        sys.stdout.write(f"generation {number} is whole\n")
    raise typer.Exit(3 if problems else 0)


@index_app.command("rebuild")
def rebuild_command(as_json: Json = False) -> None:
    """Make Chroma's and Tantivy's parts again from the newest catalog that can be read."""
    from ingest.index.generations import generations_of
    from ingest.index.mend import mend

    settings = load(IndexSettings)
    made, base, lost = mend(generations_of(settings))
    _push(settings)
    if as_json:
        write_json({"generation": made.generation, "from": base, "unreadable": lost})
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
            row |= {"vectors": found.vectors.model_dump()}
        except IndexUnavailable as error:
            row["problem"] = str(error)
        rows.append(row)
    if as_json:
        write_json({"generations": rows})
    else:
        from ingest.progress import print_generations

        print_generations(rows)


@index_app.command("use")
def use_command(
    number: Annotated[int, typer.Argument(help="A generation that `index list` shows.")],
) -> None:
    """Go back, or forward, to another kept generation."""
    from ingest.index import manifest
    from ingest.index.generations import WriterLock, generations_of
    from ingest.index.projection import require_chosen

    settings = load(IndexSettings)
    generations = generations_of(settings)
    lock = WriterLock(settings.data_dir)
    try:
        if number in generations.numbers():
            # What cannot be opened with these settings must not be in use, and not be pushed.
            require_chosen(manifest.read(generations.path(number)), generations.server)
        found = generations.use(number)
    finally:
        lock.release()
    sys.stdout.write(f"generation {number} is in use: {found.articles} articles\n")
    _push(settings)


@index_app.command("prune")
def prune_command() -> None:
    """Remove every generation but the one in use, and what killed programs left."""
    from ingest.index.generations import WriterLock, generations_of
    from ingest.index.pushed import is_outstanding
    from ingest.index.sweeping import sweep

    settings = load(IndexSettings)
    lock = WriterLock(settings.data_dir)
    try:
        generations = generations_of(settings)
        generations.remove_garbage()
        current = generations.require_current()
        generations.keep_only(current)
        waits = is_outstanding(settings.data_dir, generations.numbers())
        if not waits:
            sweep(generations)
        left = [number for number in generations.numbers() if number != current]
    finally:
        lock.release()
    sys.stdout.write(f"generation {current} is in use and kept\n")
    for number in left:
        sys.stdout.write(f"generation {number} is read by a service and kept\n")
    if waits and generations.server:
        sys.stdout.write(
            "vectors stay on the Chroma server, as replicas look up what was pushed last: run "
            "`dateline index push`, and then this again\n"
        )


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
    from ingest.index.chroma_address import address_of

    settings = load(IndexSettings)
    found = restore(settings.data_dir, file, address_of(settings))
    made = found.manifest
    sys.stdout.write(f"generation {made.generation} is in use: {made.articles} articles\n")
    for name in found.kept:
        sys.stdout.write(f"{name} was there already and stays as it is\n")
    _push(settings)


@index_app.command("push")
def push_command(
    again: Annotated[
        bool, typer.Option("--again", help="Send also what is there already: it may be damaged.")
    ] = False,
) -> None:
    """Send the generation in use to DATELINE_PUBLISH_URL, where replicas find it."""
    from ingest.index.publishing import Publishing

    settings = load(IndexSettings)
    if not settings.publish_url:
        raise SettingsError("set DATELINE_PUBLISH_URL to where it shall go")
    pushed = Publishing(settings).push(again=again)
    if pushed is None:
        raise SettingsError("there is no index yet; run `dateline ingest PATH`")
    sys.stdout.write(
        f"generation {pushed.generation} counts there now: {pushed.files} files were sent, "
        f"{pushed.size_bytes / 1e6:.1f} MB\n"
    )


def _push(settings: IndexSettings) -> None:
    from ingest.index.publishing import Publishing

    Publishing(settings).push()
