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
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import (
    IndexDamaged,
    IndexMissing,
    SettingsError,
    WriterBusy,
    storage_error,
)
from ingest.index import manifest as manifests
from ingest.index.chroma_address import ChromaAddress, address_of
from ingest.index.manifest import Manifest
from ingest.index.snapshot import in_use

if TYPE_CHECKING:
    from ingest.settings import IndexSettings

BUILDING = "building-"
REMOVED = "removed-"
RESTORING = "restoring-"
MAX_DIGITS = 12


class Pin:
    """A shared lock on a generation; while it is held, no writer removes the folder."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            IndexDamaged: The generation, or its manifest, is gone or cannot be read.
        """
        try:
            self._descriptor = os.open(folder / manifests.NAME, os.O_RDONLY)
        except OSError as error:
            raise IndexDamaged(
                f"generation {folder.name} is damaged: {manifests.NAME} cannot be opened "
                f"({error.strerror}); {manifests.REMEDY}"
            ) from error
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
            IndexUnavailable: The data folder cannot be written.
        """
        path = data_dir / "writer.lock"
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise storage_error(error, f"{data_dir} cannot be written") from error
        try:
            self._take(path)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _take(self, path: Path) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WriterBusy(
                f"another process is writing to this index ({path.read_text('utf-8').strip()}); "
                "wait until it is done, or end it and run again"
            ) from None
        since = datetime.now(UTC).isoformat(timespec="seconds")
        who = f"process {os.getpid()} on {socket.gethostname()} since {since}"
        # On a full disk the name stays out; the lock holds without it.
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, who.encode(), 0)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)


def generations_of(settings: IndexSettings) -> Generations:
    """Return the generations that the settings name; nothing is read or made.

    Raises:
        SettingsError: Chroma Cloud is named without what it asks for.
    """
    return Generations(settings.data_dir, address_of(settings))


class Generations:
    """The generations of one data folder."""

    def __init__(self, data_dir: Path, server: ChromaAddress | None = None) -> None:
        """Name the data folder; nothing is read or made.

        Args:
            data_dir: Where the generations are.
            server: Where their vectors shall be; None for the generations' own folders.
        """
        self.data_dir = data_dir
        self.server = server
        self.folder = data_dir / "generations"
        self._pointer = data_dir / "CURRENT"

    def current(self) -> int | None:
        """Return the number of the generation in use, None when nothing was ever published.

        Raises:
            IndexDamaged: `CURRENT` holds something else than a number.
        """
        try:
            text = self._pointer.read_text("utf-8", errors="replace").strip()
        except FileNotFoundError:
            # Only whole generations ever get a number for a name.
            return max(self.numbers(), default=None)
        except OSError as error:
            raise storage_error(error, f"{self._pointer} cannot be read") from error
        if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
            have = ", ".join(map(str, self.numbers())) or "none"
            raise IndexDamaged(
                f"{self._pointer} holds {text[:40]!r}, which names no generation (there are: "
                f"{have}); run `dateline index use N`"
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

    def publish(self, number: int, fallback: int | None) -> None:
        """Give the folder built for `number` its final name and make it the one in use.

        Args:
            number: What was built.
            fallback: The generation to keep beside it.

        Raises:
            StorageFull: No space left; the one in use stays.
            IndexUnavailable: The data folder cannot be written; the one in use stays.
        """
        try:
            self.building(number).rename(self.path(number))
            manifests.sync(self.folder)
        except OSError as error:
            raise storage_error(error, f"generation {number} could not be named") from error
        self._flip(number)
        self._remove_all_but(number, fallback)

    def put_aside(self, number: int) -> None:
        """Take a generation's name away, if there is one; the writer's lock must be held.

        Who has it open goes on reading; `remove_garbage` removes it.
        """
        with suppress(FileNotFoundError):
            self.path(number).rename(self.folder / f"{REMOVED}{number:06d}")

    def use(self, number: int) -> Manifest:
        """Make a kept generation the one in use.

        Raises:
            SettingsError: There is no such generation; names those there are.
            IndexDamaged: Its files are not those that were published.
        """
        if number not in self.numbers():
            have = ", ".join(map(str, self.numbers())) or "none"
            raise SettingsError(f"there is no generation {number}; there are: {have}")
        manifest = manifests.read(self.path(number))
        manifests.verify(self.path(number), manifest)
        self._flip(number)
        return manifest

    def _flip(self, number: int) -> None:
        temporary = self._pointer.with_name("CURRENT.new")
        try:
            temporary.write_text(f"{number:06d}\n", "utf-8")
            manifests.sync(temporary)
            temporary.replace(self._pointer)
            manifests.sync(self.data_dir)
        except OSError as error:
            raise storage_error(error, f"{self._pointer} could not be replaced") from error

    def remove_garbage(self) -> None:
        """Remove what killed writers left; only the holder of the writer's lock may call it."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name.startswith((BUILDING, REMOVED)):
                    shutil.rmtree(path, ignore_errors=True)
        for path in self.data_dir.glob(f"{RESTORING}*"):
            shutil.rmtree(path, ignore_errors=True)

    def keep_only(self, number: int) -> None:
        """Remove every other generation that nobody reads; the writer's lock must be held."""
        self._remove_all_but(number, None)

    def _remove_all_but(self, current: int, fallback: int | None) -> None:
        """Remove the generations that are neither of the two and that nobody reads."""
        for number in self.numbers():
            path = self.path(number)
            if number in (current, fallback) or in_use(path / manifests.NAME):
                continue
            # Renamed first: nobody can ever open a generation that is half removed. What cannot be
            # removed now is garbage that the next writer removes.
            with suppress(OSError):
                gone = path.rename(self.folder / f"{REMOVED}{path.name}")
                shutil.rmtree(gone, ignore_errors=True)

    def has_readers(self) -> bool:
        """Return whether any process has a generation open."""
        return any(in_use(self.path(number) / manifests.NAME) for number in self.numbers())
