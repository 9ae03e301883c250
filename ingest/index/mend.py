"""Making a damaged index whole again."""

from __future__ import annotations

from typing import NamedTuple

from ingest.errors import IndexDamaged, IndexUnavailable
from ingest.index import manifest as manifests
from ingest.index.generations import Generations, WriterLock
from ingest.index.manifest import Manifest
from ingest.index.rebuilding import open_whole_catalog, rebuild


class Mended(NamedTuple):
    """What came of it.

    Attributes:
        made: The new generation.
        base: The generation whose catalog it was made from.
        unreadable: Newer generations whose catalogs cannot be read.
    """

    made: Manifest
    base: int
    unreadable: list[int]


def mend(generations: Generations) -> Mended:
    """Make the projections again from the newest catalog that is whole; nothing is embedded.

    Raises:
        IndexMissing: Nothing was ever published.
        IndexDamaged: No kept generation has a readable catalog.
        WriterBusy: An ingest is running.
    """
    lock = WriterLock(generations.data_dir)
    try:
        generations.remove_garbage()
        current = generations.require_current()
        return _from_newest([current, *generations.before(current)], generations)
    finally:
        lock.release()


def _from_newest(numbers: list[int], generations: Generations) -> Mended:
    unreadable: list[int] = []
    for number in numbers:
        try:
            catalog = open_whole_catalog(generations.path(number))
        except IndexDamaged:
            unreadable.append(number)
            continue
        # An error from here on says nothing about the catalog: going further back would lose
        # articles that are whole.
        try:
            made = rebuild(generations, catalog, _newest_whole(numbers, generations))
            return Mended(made, number, unreadable)
        finally:
            catalog.close()
    raise IndexDamaged(
        f"no catalog can be read (tried generations {', '.join(map(str, numbers))}); move "
        f"{generations.folder} away and ingest again: what was embedded is kept"
    )


def _newest_whole(numbers: list[int], generations: Generations) -> int | None:
    """Return the generation to keep beside the new one: the best that can be served.

    One newer than that in use was gone back from, so it comes last.
    """
    newer = [number for number in reversed(generations.numbers()) if number not in numbers]
    for number in [*numbers, *newer]:
        folder = generations.path(number)
        try:
            manifests.verify(folder, manifests.read(folder))
        except IndexUnavailable:
            continue
        return number
    return None
