"""The files and folders that an ingest is given: how large, and which of them may be pruned."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ingest.errors import SettingsError
from ingest.read import find_files


def prunable(paths: Sequence[Path], data_dir: Path, force: bool) -> list[Path]:
    """Return the paths whose vanished files count as gone, and refuse those that look lost.

    Raises:
        SettingsError: One is missing or has no article file in it, as an unmounted disk has none,
            and `force` is not set.
    """
    for path in paths:
        there = os.path.exists(path)
        lost = not there or (path.is_dir() and next(find_files([path], data_dir), None) is None)
        if lost and not force:
            what = "has no article in it" if there else "does not exist"
            raise SettingsError(
                f"{str(path)!r} {what}, so nothing is removed; check the path, or add --force to "
                "remove all that came from it"
            )
    return [path for path in paths if os.path.isdir(path) or not os.path.exists(path)]


def size_of(file: Path) -> int:
    """Return a file's size in bytes, 0 when it cannot be told."""
    try:
        return file.stat().st_size
    except OSError:
        return 0
