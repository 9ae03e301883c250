"""The row of generations in a data folder: which is current, who uses which, what may go.

A generation is a folder that never changes once it has its final name. `CURRENT` holds the name of
the one in use and is replaced by an atomic rename, so a process killed at any moment leaves either
the old state or the new one, and perhaps a folder that the next writer removes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path

from ingest.errors import IndexDamaged, IndexMissing, SettingsError, WriterBusy
from ingest.index import manifest as manifests
from ingest.index.manifest import Manifest
from ingest.index.snapshot import in_use

KEPT = 2
BUILDING = "building-"
REMOVED = "removed-"


class Pin:
    """A shared lock on a generation; while it is held, no writer removes the folder."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            FileNotFoundError: The generation is gone.
        """
        self._descriptor = os.open(folder / manifests.NAME, os.O_RDONLY)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)


class WriterLock:
    """The one writer's lock; the file says who holds it."""

    def __init__(self, data_dir: Path) -> None:
        """Take the lock without waiting.

        Raises:
            WriterBusy: Another process holds it; names that process.
        """
        data_dir.mkdir(parents=True, exist_ok=True)
        path = data_dir / "writer.lock"
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise WriterBusy(
                f"another process is writing to this index ({path.read_text('utf-8').strip()}); "
                "wait until it is done, or end it and run again"
            ) from None
        since = datetime.now(UTC).isoformat(timespec="seconds")
        who = f"process {os.getpid()} on {socket.gethostname()} since {since}"
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, who.encode(), 0)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)


class Generations:
    """The generations of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        """Name the data folder; nothing is read or made."""
        self.data_dir = data_dir
        self.folder = data_dir / "generations"
        self._pointer = data_dir / "CURRENT"

    def current(self) -> int | None:
        """Return the number of the generation in use, None when nothing was ever published.

        Raises:
            IndexDamaged: `CURRENT` holds something else than a number.
        """
        try:
            text = self._pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        if not text.isdecimal():
            raise IndexDamaged(
                f"{self._pointer} holds {text[:40]!r}; run `dateline index list`, "
                "then `dateline index use N`"
            )
        return int(text)

    def require_current(self) -> int:
        """Return the number of the generation in use.

        Raises:
            IndexMissing: Nothing was ever published.
        """
        number = self.current()
        if number is None:
            raise IndexMissing(
                f"no index in {self.data_dir}; run `dateline ingest PATH`, or set DATELINE_DATA_DIR"
            )
        return number

    def numbers(self) -> list[int]:
        """Return the numbers of the published generations, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.folder.iterdir() if path.name.isdecimal())

    def path(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self.folder / f"{number:06d}"

    def before(self, number: int) -> list[int]:
        """Return the generations older than `number`, newest first."""
        return [other for other in reversed(self.numbers()) if other < number]

    def next_number(self) -> int:
        """Return a number that no generation has had."""
        return max([0, self.current() or 0, *self.numbers()]) + 1

    def building(self, number: int) -> Path:
        """Return the folder in which generation `number` is built."""
        return self.folder / f"{BUILDING}{number:06d}"

    def publish(self, number: int) -> None:
        """Give the folder built for `number` its final name and make it the one in use."""
        self.building(number).rename(self.path(number))
        manifests.sync(self.folder)
        self._flip(number)
        self.remove_old()

    def use(self, number: int) -> Manifest:
        """Make a kept generation the one in use.

        Raises:
            SettingsError: There is no such generation; names those there are.
        """
        if number not in self.numbers():
            have = ", ".join(map(str, self.numbers())) or "none"
            raise SettingsError(f"there is no generation {number}; there are: {have}")
        manifest = manifests.read(self.path(number))
        self._flip(number)
        return manifest

    def _flip(self, number: int) -> None:
        temporary = self._pointer.with_name("CURRENT.new")
        temporary.write_text(f"{number:06d}\n", "utf-8")
        manifests.sync(temporary)
        temporary.replace(self._pointer)
        manifests.sync(self.data_dir)

    def remove_garbage(self) -> None:
        """Remove what killed writers left; only the holder of the writer's lock may call it."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name.startswith((BUILDING, REMOVED)):
                    shutil.rmtree(path, ignore_errors=True)

    def remove_old(self) -> None:
        """Remove all but the generation in use, the last before it, and those somebody reads."""
        current = self.require_current()
        keep = {current, *self.before(current)[: KEPT - 1]}
        for number in self.numbers():
            path = self.path(number)
            if number in keep or in_use(path / manifests.NAME):
                continue
            # Renamed first: nobody can ever open a generation that is half removed.
            gone = path.rename(self.folder / f"{REMOVED}{path.name}")
            shutil.rmtree(gone, ignore_errors=True)

    def has_readers(self) -> bool:
        """Return whether any process has a generation open."""
        return any(in_use(self.path(number) / manifests.NAME) for number in self.numbers())
