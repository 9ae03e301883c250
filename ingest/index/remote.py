"""A published generation in object storage: what a writer pushes, and what replicas pull.

    objects/ab/abcd…           a file of a generation, or what changed of one since another; named
                               by its SHA-256, it never changes
    generations/000012.json    a manifest
    deltas/000012.json         which of its files have to be made of another one, and how
    CURRENT                    the number of the one that counts, its manifest's hash; written last

A reader that begins at `CURRENT` sees whole generations only: what it names was there before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ingest.errors import IndexDamaged, SettingsError
from ingest.index import manifest as manifests
from ingest.index.making import OBJECTS, bring, files_of, is_near, object_path
from ingest.index.manifest import Manifest
from ingest.index.steps import Steps, Stored, delta_since, needed_of
from ingest.index.storage import Storage

CURRENT, GENERATIONS, DELTAS = "CURRENT", "generations", "deltas"
KEPT = 3
"""So many generations stay: a replica that is slow still finds the files of the one it pulls."""
_STEPS = TypeAdapter(Steps)
_MANIFEST = re.compile(r"([0-9]+)\.json")


class Pointer(BaseModel):
    """What `CURRENT` says."""

    model_config = ConfigDict(frozen=True)

    generation: int
    manifest_sha256: str


@dataclass(frozen=True)
class Pushed:
    """What a push sent: files of which something was not there before, and the bytes sent."""

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
        self._storage = Storage(url)

    def pointer(self) -> Pointer | None:
        """Return what counts, None when nothing was ever pushed.

        Raises:
            IndexUnavailable: The storage cannot be reached, or `CURRENT` is no pointer.
        """
        with self._storage.reaching():
            try:
                text = self._storage.read(CURRENT)
            except FileNotFoundError:
                return None
        try:
            return Pointer.model_validate_json(text)
        except ValidationError as error:
            raise IndexDamaged(
                f"{CURRENT} in the object storage names no generation; run `dateline index push "
                "--again` on the machine that pushes"
            ) from error

    def push(
        self, folder: Path, keep: int = KEPT, again: bool = False, near: Iterable[Path] = ()
    ) -> Pushed:
        """Send what is new of a generation, and make it the one that counts.

        Args:
            folder: Of the generation; nobody may remove it meanwhile.
            keep: How many generations stay.
            again: Send everything, whatever is there: what is there may be damaged.
            near: Other generations on this machine. Of a large file that one of them has as it was
                pushed, what changed since is sent.

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
        with self._storage.reaching():
            newest = self._newest(again)
            if newest is not None and newest != pointer:
                self._require_ours(pointer, newest)
            if newest == pointer and not again and keep != 1:
                return Pushed(manifest.generation, 0, 0)
            there = Stored() if again else self._there(newest)
            here = files_of(near)
            if keep == 1:
                # All that is older shall go, what newer files could be made of too.
                there.steps, here = {}, {}
            steps: Steps = {}
            sent: dict[str, int] = {}
            for name, record in manifest.files.items():
                made = {} if record.sha256 in sent else there.steps_to(record)
                if made is None:
                    sent[record.sha256], made = self._send(folder, name, manifest, there, here)
                steps |= made
            self._storage.put(_deltas(pointer.generation), _STEPS.dump_json(steps))
            self._storage.put(_generation(pointer.generation), text)
            self._storage.put(CURRENT, pointer.model_dump_json().encode())
            self._forget_old(manifest, steps, keep)
        return Pushed(manifest.generation, len(sent), sum(sent.values()))

    def _send(
        self, folder: Path, name: str, manifest: Manifest, there: Stored, here: Mapping[str, Path]
    ) -> tuple[int, Steps]:
        """Send a file, or what changed of it; return how many bytes, and how it is made."""
        manifests.verify(folder, manifest, only=name)
        record = manifest.files[name]
        changed = delta_since(folder / name, record, there.newest.get(name), there, here)
        if changed is None:
            self._storage.send(folder / name, object_path(record.sha256))
            return record.size, {}
        delta, steps = changed
        step = steps[record.sha256]
        self._storage.send_parts(delta.parts(), object_path(step.delta))
        return step.size, steps

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
        with self._storage.reaching():
            text = self._whole(_generation(pointer.generation), pointer.manifest_sha256)
            (into / manifests.NAME).write_bytes(text)
            manifest = manifests.read(into)
            steps, here = self._steps(pointer.generation), files_of(near)
            for name, record in manifest.files.items():
                target = into / name
                if not target.resolve().is_relative_to(into.resolve()):
                    raise IndexDamaged(f"generation {pointer.generation} names {name!r}")
                target.parent.mkdir(parents=True, exist_ok=True)
                try:
                    bring(self._storage, record.sha256, target, steps, here)
                    manifests.verify(into, manifest, only=name)
                except IndexDamaged:
                    if not is_near(record.sha256, steps, here):
                        raise
                    # What is on this machine may be damaged, or gone.
                    bring(self._storage, record.sha256, target, steps, {})
                    manifests.verify(into, manifest, only=name)
        return manifest

    def _newest(self, again: bool) -> Pointer | None:
        """Return what counts now; None where that is damaged and everything is sent again."""
        try:
            return self.pointer()
        except IndexDamaged:
            if not again:
                raise
            return None

    def _require_ours(self, pointer: Pointer, newest: Pointer) -> None:
        """Raise SettingsError when what counts is of another index than what shall count.

        Going back to what was pushed before is fine.
        """
        try:
            text = self._storage.read(_generation(pointer.generation))
        except FileNotFoundError:
            is_ours = pointer.generation > newest.generation
        else:
            same = hashlib.sha256(text).hexdigest() == pointer.manifest_sha256
            is_ours = same or not _is_manifest(text)
        if not is_ours:
            raise SettingsError(
                f"{self._storage.url} holds generation {newest.generation} of another index than "
                f"that of generation {pointer.generation} here; set DATELINE_PUBLISH_URL to "
                "another address"
            )

    def _there(self, newest: Pointer | None) -> Stored:
        found = Stored(self._storage.sizes(OBJECTS))
        # What is damaged there is no reason not to push.
        for number in self._numbers():
            with suppress(IndexDamaged):
                found.steps |= self._steps(number)
        with suppress(IndexDamaged, FileNotFoundError):
            found.newest = self._manifest(newest.generation).files if newest else {}
        return found

    def _numbers(self) -> list[int]:
        """Return the generations that are there; a killed push may have left half a name."""
        names = map(_MANIFEST.fullmatch, self._storage.sizes(GENERATIONS))
        return sorted(int(name[1]) for name in names if name)

    def _forget_old(self, current: Manifest, steps: Steps, keep: int) -> None:
        """Remove what only older generations need."""
        numbers = self._numbers()
        needed = needed_of(current, steps)
        kept = {_deltas(current.generation), _generation(current.generation)}
        for number in numbers[-keep:] if keep > 1 else ():
            kept |= {_deltas(number), _generation(number)}
            with suppress(IndexDamaged, FileNotFoundError):
                needed |= needed_of(self._manifest(number), self._steps(number))
        for folder in (GENERATIONS, DELTAS):
            for name in self._storage.sizes(folder):
                if f"{folder}/{name}" not in kept:
                    self._storage.remove(f"{folder}/{name}")
        for sha256 in self._storage.sizes(OBJECTS).keys() - needed:
            self._storage.remove(object_path(sha256))

    def _whole(self, path: str, sha256: str) -> bytes:
        text = self._storage.read(path)
        if hashlib.sha256(text).hexdigest() != sha256:
            raise IndexDamaged(f"{path} in the object storage is not what was pushed")
        return text

    def _manifest(self, number: int) -> Manifest:
        try:
            return Manifest.model_validate_json(self._storage.read(_generation(number)))
        except ValidationError as error:
            raise IndexDamaged("a manifest in the object storage cannot be read") from error

    def _steps(self, number: int) -> Steps:
        """Return how files of a generation are made; none where all are there as they are."""
        try:
            return _STEPS.validate_json(self._storage.read(_deltas(number)))
        except FileNotFoundError:
            return {}
        except ValidationError as error:
            raise IndexDamaged(
                f"how files of generation {number} are made cannot be read in the object storage"
            ) from error


def _is_manifest(text: bytes) -> bool:
    try:
        Manifest.model_validate_json(text)
    except ValidationError:
        return False
    return True


def _generation(number: int) -> str:
    return f"{GENERATIONS}/{number:06d}.json"


def _deltas(number: int) -> str:
    return f"{DELTAS}/{number:06d}.json"
