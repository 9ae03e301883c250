"""A backup: one file with the generation in use, the vectors that were embedded, and the ratings.

A tar archive whose members are `generation/…`, `embeddings.db`, `feedback.db` and, as the last one,
an inventory with the hashes of the databases. A generation
never changes and is pinned while it is read, and SQLite copies its databases as of one moment, so a
backup can be taken while the service answers and while an ingest writes.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import IndexDamaged, IndexUnavailable, SettingsError, is_full, storage_error
from ingest.index import manifest as manifests
from ingest.index.check import check_in_child
from ingest.index.chroma_address import ChromaAddress
from ingest.index.generations import RESTORING, Generations, Pin, WriterLock
from ingest.index.manifest import Manifest
from ingest.index.rebuilding import open_whole_catalog, rebuild

GENERATION = "generation"
DATABASES = ("embeddings.db", "feedback.db")
INVENTORY = "backup.json"
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""What file systems without links say."""


@dataclass(frozen=True)
class Restored:
    """What came of it.

    Attributes:
        manifest: Of the generation that is in use now.
        kept: Databases that were there already and stay as they are.
    """

    manifest: Manifest
    kept: list[str]


def back_up(data_dir: Path, file: Path) -> Manifest:
    """Write a backup; an interrupted one leaves nothing at `file`.

    On a file system without links one that is killed at the very end can leave an empty file.

    Raises:
        SettingsError: There is something at `file` already.
        IndexMissing: Nothing was ever published.
        IndexDamaged: The generation in use is not what was published.
        IndexUnavailable: The file cannot be written.
    """
    if file.exists():
        raise SettingsError(f"{str(file)!r} is there already; name another file")
    generations = Generations(data_dir)
    folder = generations.path(generations.require_current())
    pin = Pin(folder)
    try:
        manifest = manifests.read(folder)
        manifests.verify(folder, manifest)
        _write(data_dir, folder, file)
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        raise _translated(error, f"{str(file)!r} could not be written") from error
    finally:
        pin.release()
    return manifest


def restore(data_dir: Path, file: Path, server: ChromaAddress | None = None) -> Restored:
    """Make a backup's generation the one in use, beside those there are.

    Where vectors lie on a server, or did when it was backed up, the generation is made again from
    its catalog: it may have been another data folder's, or another server's.

    Args:
        data_dir: The data folder.
        file: What `back_up` wrote.
        server: Where the vectors shall be; None for the data folder.

    Raises:
        SettingsError: The file is no backup.
        IndexDamaged: What is in it is not whole; nothing is changed.
        WriterBusy: An ingest is running.
        IndexUnavailable: The data folder cannot be written, or the server cannot be used.
    """
    lock = WriterLock(data_dir)
    try:
        generations = Generations(data_dir, server)
        generations.remove_garbage()
        generations.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=RESTORING, dir=data_dir) as made:
            _extract(file, Path(made))
            manifest = _publish(generations, Path(made) / GENERATION)
            return Restored(manifest, _place(Path(made), data_dir))
    except OSError as error:
        raise _translated(error, f"{str(data_dir)!r} could not be written") from error
    finally:
        lock.release()


def _write(data_dir: Path, folder: Path, file: Path) -> None:
    with _unfinished(file) as unfinished:
        made = unfinished.parent
        # It holds what readers asked, if any of them rated an answer.
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "r+b") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
            archive.add(folder, GENERATION)
            hashes = {}
            for name in DATABASES:
                if (data_dir / name).is_file():
                    _copy(data_dir / name, made / name)
                    hashes[name] = manifests.sha256_of(made / name)
                    archive.add(made / name, name)
                    (made / name).unlink()
            # The last one: an archive without it was cut off.
            (made / INVENTORY).write_text(json.dumps({"databases": hashes}), "utf-8")
            archive.add(made / INVENTORY, INVENTORY)
        manifests.sync(unfinished)


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """Give a name near `file`; what is there gets that name when all went well."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as beside:
        unfinished = Path(beside, "archive")
        yield unfinished
        _give_name(unfinished, file)


def _give_name(made: Path, file: Path) -> None:
    """Put a file where there is none.

    Raises:
        FileExistsError: One has come up meanwhile; a rename would replace it.
    """
    try:
        os.link(made, file)
    except OSError as error:
        # Those of memory cards, and some shares.
        if error.errno not in _NO_LINKS:
            raise
        file.open("xb").close()
        try:
            made.replace(file)
        except BaseException:
            file.unlink()
            raise


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _extract(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file, "r:") as archive:
            members = [member for member in archive if _is_ours(member)]
            if sum(member.size for member in members) > file.stat().st_size:
                raise tarfile.TarError("its members are larger than itself")
            archive.extractall(folder, members, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        if is_full(error):
            raise
        raise SettingsError(f"{str(file)!r} is no backup, or is cut off: {error}") from error
    _require_whole(file, folder)


def _is_ours(member: tarfile.TarInfo) -> bool:
    is_known = member.name in (*DATABASES, INVENTORY) or member.name.split("/")[0] == GENERATION
    return is_known and (member.isreg() or member.isdir()) and not member.issparse()


def _require_whole(file: Path, folder: Path) -> None:
    """Raise SettingsError unless everything is there that was backed up, and nothing else."""
    try:
        listed = json.loads((folder / INVENTORY).read_bytes())["databases"]
        found = {
            name: manifests.sha256_of(folder / name)
            for name in DATABASES
            if (folder / name).is_file()
        }
        restored = folder / GENERATION
        files = set(manifests.read(restored).files)
    except (OSError, ValueError, KeyError, TypeError, IndexUnavailable) as error:
        raise SettingsError(f"{str(file)!r} is no backup, or is cut off") from error
    there = {
        path.relative_to(restored).as_posix() for path in restored.rglob("*") if path.is_file()
    }
    # Names of the manifest's own could lead anywhere.
    if found != listed or there != files | {manifests.NAME}:
        raise SettingsError(f"{str(file)!r} does not hold what was backed up")


def _publish(generations: Generations, restored: Path) -> Manifest:
    manifest = manifests.read(restored)
    manifests.verify(restored, manifest)
    if generations.server is not None or manifest.vectors.kind == "server":
        with closing(open_whole_catalog(restored)) as catalog:
            return rebuild(generations, catalog, generations.current())
    number = generations.next_number()
    building = generations.building(number)
    shutil.move(restored, building)
    manifest = manifest.model_copy(update={"generation": number})
    manifests.write(building, manifest)
    problems = check_in_child(building)
    if problems:
        raise IndexDamaged("the backup failed its check: " + "; ".join(problems))
    generations.publish(number, generations.current())
    return manifest


def _place(folder: Path, data_dir: Path) -> list[str]:
    """Put the databases where there are none; return those that were there."""
    kept = []
    for name in DATABASES:
        if not (folder / name).is_file():
            continue
        try:
            _give_name(folder / name, data_dir / name)
        except FileExistsError:
            kept.append(name)
    return kept


def _translated(error: Exception, what: str) -> IndexUnavailable:
    if isinstance(error, OSError):
        return storage_error(error, what)
    return IndexUnavailable(f"{what}: {error}")
