"""How much memory a process and its children hold now."""

from __future__ import annotations

from pathlib import Path

_PROC = Path("/proc")


def tree_mb(pid: int) -> float:
    """Return resident memory of `pid` and all below it; 0 where the system has no `/proc`.

    Pages that several of them share are counted once for each.
    """
    return _resident_mb(pid) + sum(tree_mb(child) for child in _children(pid))


def _resident_mb(pid: int) -> float:
    try:
        lines = (_PROC / str(pid) / "status").read_text(encoding="utf-8").splitlines()
    except OSError:  # it has ended
        return 0.0
    resident = next((line for line in lines if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(resident.split()[1]) * 1024 / 1e6


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listed in (_PROC / str(pid)).glob("task/*/children"):
        try:
            found += map(int, listed.read_text(encoding="utf-8").split())
        except OSError:  # a thread that has ended
            continue
    return found
