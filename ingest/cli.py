"""The command that brings articles in."""

from __future__ import annotations

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
from ingest.index.cli import Json, write_json
from ingest.settings import IndexSettings, load

if TYPE_CHECKING:
    from ingest.cluster.address import Address
    from ingest.pipeline import Options
    from ingest.report import Report
    from ingest.tools import SettingsTools

Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="CLUSTER",
        help="Read and embed on Ray: `ray` starts one here, `ray://HOST:PORT` or `HOST:PORT` is a "
        "cluster.",
    ),
]

# A service that answers on the same machine goes first.
NICENESS = 15


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
    on: Cluster = None,
    as_json: Json = False,
) -> None:
    """Bring files, folders and web addresses into the index."""
    from ingest.cluster.address import parse_address

    settings = load(IndexSettings)
    cluster = None if on is None else parse_address(on)
    if show_cleaning:
        if cluster is not None:
            raise SettingsError("--show-cleaning runs here alone; leave --on out")
        _show_cleaning([Path(place) for place in places], as_json)
        return
    if force and not prune:
        raise SettingsError("--force goes with --prune; add it, or leave --force out")
    from ingest.index.generations import Generations
    from ingest.index.publishing import Publishing

    generations = Generations(settings.data_dir)
    if if_empty and generations.current() is not None:
        return
    publishing = Publishing(settings)
    options = replace(_options(settings, prune, force), published=publishing.push_if_possible)
    os.nice(NICENESS)
    with (
        _stopped_by_signal() as stopped,
        _tools(settings, cluster, generations.has_readers()) as tools,
    ):
        watched = replace(options, stop=stopped, readings=tools.readings)
        report = _ingest(places, tools, watched, settings.data_dir, quiet=as_json)
    _tell(report, as_json)
    publishing.require_pushed()
    raise typer.Exit(1 if report.failed or report.interrupted else 0)


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        write_json(report.as_json())
    else:
        from ingest.progress import print_report

        print_report(report)


def _show_cleaning(paths: list[Path], as_json: bool) -> None:
    from ingest.cleaning_shown import CleaningShown, cleaning_of, print_cleaning

    found = list(cleaning_of(paths))
    failures = [vars(item) for item in found if not isinstance(item, CleaningShown)]
    if as_json:
        articles = [item.as_json() for item in found if isinstance(item, CleaningShown)]
        write_json({"articles": articles, "failures": failures})
    else:
        print_cleaning(iter(found))
    raise typer.Exit(1 if failures else 0)


def _options(settings: IndexSettings, prune: bool, force: bool) -> Options:
    from ingest.fetch import FetchLimits
    from ingest.index.chroma_address import address_of
    from ingest.pipeline import Options

    limits = FetchLimits(
        max_bytes=settings.fetch_max_bytes,
        total_s=settings.fetch_timeout_s,
        allow_private=settings.fetch_private,
    )
    return Options(
        prune=prune,
        force=force,
        checkpoint_s=settings.checkpoint_s,
        limits=limits,
        server=address_of(settings),
    )


@contextmanager
def _tools(
    settings: IndexSettings, cluster: Address | None, has_readers: bool
) -> Iterator[SettingsTools]:
    from ingest.tools import SettingsTools

    threads = 1 if has_readers else None
    if cluster is None:
        with SettingsTools(settings, threads) as tools:
            yield tools
        return
    from ingest.cluster.connect import connected
    from ingest.cluster.readings import ClusterTools

    # A core of this machine is the readers'.
    spared = cluster.is_local and has_readers
    at_most = max(1, (os.cpu_count() or 1) - 1) if spared else None
    with connected(cluster, at_most) as workers, ClusterTools(settings, workers, threads) as there:
        yield there


def _ingest(
    places: list[str], tools: SettingsTools, options: Options, data_dir: Path, quiet: bool
) -> Report:
    from ingest.fetch import is_address
    from ingest.pipeline import ingest
    from ingest.progress import progress_shown

    with progress_shown(quiet) as progress:
        named = [place if is_address(place) else Path(place) for place in places]
        return ingest(named, data_dir, tools, replace(options, progress=progress))


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
