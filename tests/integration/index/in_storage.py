"""What tests of generations in a folder as object storage share."""

from __future__ import annotations

from pathlib import Path

from ingest.index import manifest as manifests
from ingest.index.generations import Generations


def others(generations: Generations, number: int) -> list[Path]:
    """Return the folders of all generations but one."""
    return [generations.path(other) for other in generations.numbers() if other != number]


def objects(store: Path) -> set[str]:
    """Return the names of all objects."""
    return {path.name for path in (store / "objects").rglob("*") if path.is_file()}


def hashes(generations: Generations, number: int) -> set[str]:
    """Return the names that the files of a generation have as objects."""
    return {record.sha256 for record in manifests.read(generations.path(number)).files.values()}
