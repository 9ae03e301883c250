"""The system's copies of files in memory, let go so that the next reader has to ask the disk."""

from __future__ import annotations

import os
from pathlib import Path

UNTOUCHED = "not dropped: this system has no posix_fadvise"
DROPPED = "posix_fadvise(DONTNEED) on the index's files; what the process has mapped stays"


def drop(folder: Path) -> str:
    """Drop the cached pages of all files below a folder, and say how that was done.

    Only of these files, so that nobody else on the machine is slowed.
    """
    if not hasattr(os, "posix_fadvise"):
        return UNTOUCHED
    for path in folder.rglob("*"):
        if path.is_file():
            _drop(path)
    return DROPPED


def _drop(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # A page that is not on the disk yet cannot be dropped.
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
