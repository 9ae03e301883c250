"""A published generation in object storage: what a writer pushes, and what replicas pull.

    objects/ab/abcd…           a file of a generation, named by its SHA-256; never changes
    generations/000012.json    a manifest
    CURRENT                    the number of the one that counts, its manifest's hash; written last

A reader that begins at `CURRENT` sees whole generations only: what it names was there before it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import IndexDamaged, IndexUnavailable, IngestError, SettingsError
from ingest.index import manifest as manifests
from ingest.index.manifest import FileRecord, Manifest

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

CURRENT, OBJECTS, GENERATIONS = "CURRENT", "objects", "generations"
KEPT = 3
"""So many generations stay: a replica that is slow still finds the files of the one it pulls."""
ATOMIC = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory")
"""Where an object is there as a whole or not at all; elsewhere it is given its name at the end."""
_S3 = {
    # What was listed once is not what is there now.
    "use_listings_cache": False,
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 3}},
}
_OPTIONS: dict[str, dict[str, Any]] = {"s3": _S3, "s3a": _S3}
_PART = ".part"
_MANIFEST = re.compile(r"/([0-9]+)\.json$")


class Pointer(BaseModel):
    """What `CURRENT` says."""

    model_config = ConfigDict(frozen=True)

    generation: int
    manifest_sha256: str


@dataclass(frozen=True)
class Pushed:
    """What a push sent: files that were not there before, and their bytes."""

    generation: int
    files: int
    size_bytes: int


class Remote:
    """One address in object storage."""

    def __init__(self, url: str) -> None:
        """Take an address that fsspec understands: `s3://bucket/folder`, `file:///folder`.

        Raises:
            SettingsError: It is none, or the package that reaches it is not installed.
        """
        self._fs, self._root = _file_system(url)
        self._is_atomic = url.partition("://")[0] in ATOMIC
        # What is read once must not be told again when it has changed.
        self._url = url.split("?")[0]

    def pointer(self) -> Pointer | None:
        """Return what counts, None when nothing was ever pushed.

        Raises:
            IndexUnavailable: The storage cannot be reached, or `CURRENT` is no pointer.
        """
        with self._reaching():
            try:
                text = self._fs.cat_file(self._path(CURRENT))
            except FileNotFoundError:
                return None
        try:
            return Pointer.model_validate_json(text)
        except ValidationError as error:
            raise IndexDamaged(f"{CURRENT} in the object storage names no generation") from error

    def push(self, folder: Path, keep: int = KEPT, again: bool = False) -> Pushed:
        """Send what is new of a generation, and make it the one that counts.

        Args:
            folder: Of the generation; nobody may remove it meanwhile.
            keep: How many generations stay.
            again: Send everything, whatever is there: what is there may be damaged.

        Raises:
            SettingsError: Another index was pushed to this address.
            IndexDamaged: A file is not what the manifest says.
            IndexUnavailable: The storage cannot be reached; what counted before still does.
        """
        manifest = manifests.read(folder)
        text = (folder / manifests.NAME).read_bytes()
        pointer = Pointer(
            generation=manifest.generation, manifest_sha256=hashlib.sha256(text).hexdigest()
        )
        with self._reaching():
            if self._refuse_another(pointer) and not again:
                return Pushed(manifest.generation, 0, 0)
            there = {} if again else self._sizes()
            sent = [
                name
                for name, record in manifest.files.items()
                if there.get(record.sha256) != record.size
            ]
            for name in sent:
                manifests.verify(folder, manifest, only=name)
                self._send(folder / name, self._object(manifest.files[name]))
            self._put(self._generation(pointer.generation), text)
            self._put(self._path(CURRENT), pointer.model_dump_json().encode())
            self._forget_old(pointer.generation, keep)
        size_bytes = sum(manifest.files[name].size for name in sent)
        return Pushed(manifest.generation, len(sent), size_bytes)

    def pull(self, pointer: Pointer, into: Path, near: Iterable[Path]) -> Manifest:
        """Bring a generation into an empty folder; what is damaged is noticed.

        Args:
            pointer: Which one.
            into: Where its files shall be.
            near: Generations on this machine, whose files are taken instead where they are equal.

        Raises:
            IndexDamaged: A file is missing in the storage, or not what was pushed.
            IndexUnavailable: The storage cannot be reached.
        """
        with self._reaching():
            text = self._whole(self._generation(pointer.generation), pointer.manifest_sha256)
            (into / manifests.NAME).write_bytes(text)
            manifest = manifests.read(into)
            here = _files_of(near)
            for name, record in manifest.files.items():
                target = into / name
                if not target.resolve().is_relative_to(into.resolve()):
                    raise IndexDamaged(f"generation {pointer.generation} names {name!r}")
                target.parent.mkdir(parents=True, exist_ok=True)
                self._bring(record, target, here.get(record.sha256))
        manifests.verify(into, manifest)
        return manifest

    def _refuse_another(self, pointer: Pointer) -> bool:
        """Return whether the generation counts already.

        Raises:
            SettingsError: Another index is there; going back to what was pushed before is fine.
        """
        newest = self.pointer()
        if newest is None or newest == pointer:
            return newest is not None
        try:
            text = self._fs.cat_file(self._generation(pointer.generation))
        except FileNotFoundError:
            is_ours = pointer.generation > newest.generation
        else:
            is_ours = hashlib.sha256(text).hexdigest() == pointer.manifest_sha256
        if not is_ours:
            raise SettingsError(
                f"{self._url} holds generation {newest.generation} of another index than that of "
                f"generation {pointer.generation} here; set DATELINE_PUBLISH_URL to another address"
            )
        return False

    def _sizes(self) -> dict[str, int]:
        """Return the sizes of the objects that are there, by their hashes."""
        self._fs.invalidate_cache()
        try:
            found = self._fs.find(self._path(OBJECTS), detail=True)
        except FileNotFoundError:
            return {}
        return {path.rsplit("/", 1)[-1]: int(about["size"]) for path, about in found.items()}

    def _forget_old(self, current: int, keep: int) -> None:
        """Remove what only older generations need."""
        folder = self._path(GENERATIONS)
        self._fs.invalidate_cache()
        # A killed push may have left one that has no name yet.
        names = map(_MANIFEST.search, self._fs.find(folder))
        numbers = sorted(int(name[1]) for name in names if name)
        kept = {current, *numbers[-keep:]} if keep > 1 else {current}
        for number in numbers:
            if number not in kept:
                self._fs.rm_file(self._generation(number))
        needed = {
            record.sha256
            for number in kept
            for record in _manifest_of(self._fs.cat_file(self._generation(number))).files.values()
        }
        for sha256 in self._sizes().keys() - needed:
            self._fs.rm_file(self._path(OBJECTS, sha256[:2], sha256))

    def _send(self, file: Path, path: str) -> None:
        if not self._is_atomic:
            self._fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        self._fs.put_file(str(file), path)

    def _bring(self, record: FileRecord, target: Path, near: Path | None) -> None:
        if near is not None:
            shutil.copyfile(near, target)
            return
        self._fs.get_file(self._object(record), str(target))

    def _whole(self, path: str, sha256: str) -> bytes:
        text: bytes = self._fs.cat_file(path)
        if hashlib.sha256(text).hexdigest() != sha256:
            raise IndexDamaged(f"{path} in the object storage is not what was pushed")
        return text

    def _put(self, path: str, data: bytes) -> None:
        """Write a whole file or none: a reader may look at any moment."""
        if self._is_atomic:
            self._fs.pipe_file(path, data)
            return
        self._fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        self._fs.pipe_file(f"{path}{_PART}", data)
        self._fs.mv(f"{path}{_PART}", path)

    def _path(self, *parts: str) -> str:
        return "/".join((self._root, *parts))

    def _object(self, record: FileRecord) -> str:
        return self._path(OBJECTS, record.sha256[:2], record.sha256)

    def _generation(self, number: int) -> str:
        return self._path(GENERATIONS, f"{number:06d}.json")

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Translate what the storage's library raises, which is anything."""
        try:
            yield
        except IngestError:
            raise
        except FileNotFoundError as error:
            raise IndexDamaged("the object storage lacks a file of the generation") from error
        except Exception as error:
            raise IndexUnavailable(
                f"the object storage at {self._url} cannot be used ({type(error).__name__})"
            ) from error


def _file_system(url: str) -> tuple[AbstractFileSystem, str]:
    import fsspec

    protocol, _, rest = url.partition("://")
    if not protocol or not rest:
        raise SettingsError(f"{url!r} is no address; write s3://BUCKET/FOLDER or file:///FOLDER")
    try:
        system, root = fsspec.url_to_fs(url, **_OPTIONS.get(protocol, {}))
    except (ImportError, ValueError) as error:
        raise SettingsError(
            f"{protocol}:// cannot be reached ({error}); s3:// needs the package s3fs"
        ) from error
    return system, str(root).rstrip("/")


def _files_of(folders: Iterable[Path]) -> dict[str, Path]:
    """Return the files of generations on this machine by their hashes."""
    found: dict[str, Path] = {}
    for folder in folders:
        with suppress(IndexUnavailable):
            files = manifests.read(folder).files
            found |= {record.sha256: folder / name for name, record in files.items()}
    return found


def _manifest_of(text: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise IndexDamaged("a manifest in the object storage cannot be read") from error
