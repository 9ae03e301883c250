"""A reader's own copy of the projections of a published generation.

Chroma writes when it opens a store: to `chroma.sqlite3` always, and to its vector files when it
replays what they lack. So two services on one generation, or one on a read-only disk, would get in
each other's way, and hard links would carry the changes over. And a file that is cut while Tantivy
has it mapped into memory kills the process with SIGBUS.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import IndexDamaged, storage_error
from ingest.index.manifest import CHROMA, TANTIVY

FOLDER = "readers"
# A folder this new may be one whose owner has not locked it yet.
YOUNG_S = 60.0


class Snapshot:
    """A private folder that lives as long as its lock is held."""

    def __init__(
        self, generation: Path, data_dir: Path, projections: Sequence[str] = (CHROMA, TANTIVY)
    ) -> None:
        """Copy the projections of `generation`, those that lie in its folder.

        Raises:
            IndexDamaged: A projection's folder is missing or unreadable.
            StorageFull: Neither the data folder nor the system's temporary folder has room.
        """
        self._projections = projections
        try:
            self._take(generation, _own_folder(generation, data_dir / FOLDER))
        except OSError:
            # A full or read-only disk must not keep anybody from reading.
            self._take_elsewhere(generation)

    def _take_elsewhere(self, generation: Path) -> None:
        try:
            self._take(generation, Path(tempfile.mkdtemp(prefix="dateline-")))
        except OSError as error:
            if not all((generation / name).is_dir() for name in self._projections):
                raise IndexDamaged(f"generation {generation.name} lacks a folder") from error
            what = f"generation {generation.name} could not be copied for reading"
            raise storage_error(error, what) from error

    def _take(self, generation: Path, folder: Path) -> None:
        self.folder = folder
        self._lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        try:
            for name in self._projections:
                shutil.copytree(generation / name, folder / name, copy_function=shutil.copyfile)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Remove the folder; close what reads from it before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def _own_folder(generation: Path, parent: Path) -> Path:
    """Return a new folder below `parent`, locked while those of readers that are gone go."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(parent):
        for folder in parent.iterdir():
            if not in_use(folder) and time.time() - folder.stat().st_mtime > YOUNG_S:
                shutil.rmtree(folder, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=parent, prefix=f"{generation.name}-"))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the exclusive lock of a folder, waiting for it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def in_use(path: Path) -> bool:
    """Return whether a process holds a lock on a file or folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
