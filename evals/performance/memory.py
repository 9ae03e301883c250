"""How much memory a process and its children hold now, and held at most."""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


def tree_mb(pid: int) -> float:
    """Return resident memory of `pid` and all below it; 0 where the system has no `/proc`.

    Pages that several of them share are counted once for each.
    """
    return _resident_mb(pid) + sum(tree_mb(child) for child in _children(pid))


@dataclass(frozen=True)
class Memory:
    """What this process holds, in MB of a million bytes; 0 where the system does not say.

    Attributes:
        resident: All of it that is in memory.
        anonymous: Of that, what no file on the disk backs: nobody but the process frees it.
        mapped: Of that, pages of files, which the system drops when it needs the room.
        private: What would be free if the process ended, pages of files among it.
        peak: The most that was ever resident.
    """

    resident: float
    anonymous: float
    mapped: float
    private: float
    peak: float


def memory() -> Memory:
    """Return what this process holds now."""
    sizes = _sizes_mb(_PROC / "self" / "smaps_rollup")
    resident, anonymous = sizes.get("Rss", 0.0), sizes.get("Anonymous", 0.0)
    return Memory(
        resident=resident,
        anonymous=anonymous,
        mapped=resident - anonymous,
        private=sizes.get("Private_Clean", 0.0) + sizes.get("Private_Dirty", 0.0),
        peak=peak_mb(),
    )


def peak_mb() -> float:
    """Return the most that this process ever held."""
    # What `getrusage` says of a child begins with what its parent held when it was started.
    known = _sizes_mb(_PROC / "self" / "status").get("VmHWM")
    if known is not None:
        return known
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _resident_mb(pid: int) -> float:
    return _sizes_mb(_PROC / str(pid) / "status").get("VmRSS", 0.0)


def _sizes_mb(file: Path) -> dict[str, float]:
    """Return the sizes in a file of lines like `VmRSS: 5 kB`; none of a process that has ended."""
    try:
        lines = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
        return {
            name.rstrip(":"): int(size) * 1024 / 1e6
            for name, size, _ in (line for line in lines if line[2:] == ["kB"])
        }
    except OSError:
        return {}


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listed in (_PROC / str(pid)).glob("task/*/children"):
        try:
            found += map(int, listed.read_text(encoding="utf-8").split())
        except OSError:  # a thread that has ended
            continue
    return found
