"""Making a damaged index whole again."""

from __future__ import annotations

from typing import NamedTuple

from ingest.errors import IndexDamaged
from ingest.index.builder import rebuild
from ingest.index.generations import Generations, WriterLock
from ingest.index.manifest import Manifest


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
            return Mended(rebuild(generations, number), number, unreadable)
        except IndexDamaged:
            unreadable.append(number)
    raise IndexDamaged(
        f"no catalog can be read (tried generations {', '.join(map(str, numbers))}); move "
        f"{generations.folder} away and ingest again: what was embedded is kept"
    )
