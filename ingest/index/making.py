"""Makes files of a generation of what is in object storage and what is on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from ingest.errors import IndexDamaged, IndexUnavailable, is_full
from ingest.index import deltas
from ingest.index import manifest as manifests
from ingest.index.steps import Step, Steps, chain
from ingest.index.storage import Storage

OBJECTS = "objects"


def bring(
    storage: Storage, sha256: str, target: Path, steps: Steps, here: Mapping[str, Path]
) -> None:
    """Make a file of what is on this machine and in the storage; it is still to be verified.

    Args:
        storage: Where objects are.
        sha256: Of the file.
        target: Where it shall be.
        steps: How files of its generation are made.
        here: The files of generations on this machine, by their hashes.

    Raises:
        IndexDamaged: What it is made of is missing, or is not what it was.
    """
    changes: list[Step] = []
    for made, step in chain(sha256, steps):
        if made in here:
            break
        changes.append(step)
        sha256 = step.base
    brought = target.with_name(f"{target.name}.delta")
    try:
        if sha256 in here:
            _copied(here[sha256], target)
        else:
            storage.get(object_path(sha256), target)
        for step in reversed(changes):
            storage.get(object_path(step.delta), brought)
            # Before it says how long a file shall be.
            if manifests.sha256_of(brought) != step.delta:
                raise IndexDamaged("what changed of a file is not what was pushed")
            deltas.apply(brought, target)
    except FileNotFoundError as error:
        raise IndexDamaged("the object storage lacks a file of the generation") from error
    finally:
        brought.unlink(missing_ok=True)


def is_near(sha256: str, steps: Steps, here: Mapping[str, Path]) -> bool:
    """Return whether a file, or one that it is made of, is on this machine."""
    return sha256 in here or any(step.base in here for _, step in chain(sha256, steps))


def _copied(near: Path, target: Path) -> None:
    try:
        shutil.copyfile(near, target)
    except OSError as error:
        if is_full(error):
            raise
        raise IndexDamaged(f"{near} cannot be read ({error.strerror})") from error


def files_of(folders: Iterable[Path]) -> dict[str, Path]:
    """Return the files of generations on this machine by their hashes."""
    found: dict[str, Path] = {}
    for folder in folders:
        with suppress(IndexUnavailable):
            files = manifests.read(folder).files
            found |= {record.sha256: folder / name for name, record in files.items()}
    return found


def object_path(sha256: str) -> str:
    """Return where an object is in the storage."""
    return f"{OBJECTS}/{sha256[:2]}/{sha256}"
