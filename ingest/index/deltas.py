"""What changed of a file, in place of all of it: an ingest changes few pages of a large catalog.

A delta is the size of the file as it is now, and each run of pages that are not those of the file
that it was made of.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ingest.errors import IndexDamaged

PAGE = 4096
"""SQLite's; what other files change in place is found as well."""
READ = 1024 * PAGE
_HEAD = b"dateline delta 1\n"
_SIZE, _RUN = struct.Struct("<Q"), struct.Struct("<QI")


@dataclass(frozen=True)
class Run:
    """Pages that changed, one after the other, READ bytes at most."""

    offset: int
    length: int


@dataclass(frozen=True)
class Delta:
    """What changed from one file to another.

    Attributes:
        file: As it is now.
        size: Of that file.
        runs: In order.
    """

    file: Path
    size: int
    runs: list[Run]

    @property
    def length(self) -> int:
        """How many bytes it is."""
        changed = sum(_RUN.size + run.length for run in self.runs)
        return len(_HEAD) + _SIZE.size + changed

    def parts(self) -> Iterator[bytes]:
        """Yield it bit by bit.

        Raises:
            OSError: The file cannot be read.
        """
        yield _HEAD + _SIZE.pack(self.size)
        with self.file.open("rb") as file:
            for run in self.runs:
                file.seek(run.offset)
                yield _RUN.pack(run.offset, run.length) + file.read(run.length)

    def sha256(self) -> str:
        """Return its SHA-256, lower-case hex."""
        found = hashlib.sha256()
        for part in self.parts():
            found.update(part)
        return found.hexdigest()


def delta_between(base: BinaryIO, file: Path, most: int) -> Delta | None:
    """Return what changed from one file to another, None where that is more than `most` bytes.

    Raises:
        OSError: A file cannot be read.
    """
    delta = Delta(file, file.stat().st_size, [])
    changed = 0
    with file.open("rb") as now:
        for offset in range(0, delta.size, READ):
            old, new = base.read(READ), now.read(READ)
            runs = [] if old == new else _runs(old, new, offset)
            delta.runs.extend(runs)
            changed += sum(_RUN.size + run.length for run in runs)
            if changed > most:
                return None
    return delta


def _runs(old: bytes, new: bytes, offset: int) -> list[Run]:
    """Return the runs of one stretch of a file, which begins at `offset`."""
    runs: list[Run] = []
    for start in range(0, len(new), PAGE):
        page = new[start : start + PAGE]
        if old[start : start + PAGE] == page:
            continue
        last = runs[-1] if runs else None
        if last is not None and last.offset + last.length == offset + start:
            runs[-1] = Run(last.offset, last.length + len(page))
        else:
            runs.append(Run(offset + start, len(page)))
    return runs


def apply(delta: Path, target: Path) -> None:
    """Change a file in place, from what a delta was made of into what it was made for.

    Raises:
        IndexDamaged: It is no delta.
        OSError: A file cannot be read or written.
    """
    with delta.open("rb") as changes, target.open("r+b") as file:
        if changes.read(len(_HEAD)) != _HEAD:
            raise IndexDamaged(f"{delta.name} is no delta")
        try:
            [size] = _SIZE.unpack(changes.read(_SIZE.size))
            file.truncate(size)
            while head := changes.read(_RUN.size):
                offset, length = _RUN.unpack(head)
                file.seek(offset)
                file.write(changes.read(length))
        except struct.error as error:
            raise IndexDamaged(f"{delta.name} is no whole delta") from error
