"""What a process uses, sampled while it works."""

from __future__ import annotations

import os
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_KILOBYTES = re.compile(r"^(Rss|Pss): +(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True)
class Usage:
    """One sample.

    Attributes:
        pss_mb: Memory, of which what is shared with other processes counts for its part only.
        open_questions: As the service itself counts them; so are `tasks`.
    """

    rss_mb: float
    pss_mb: float
    descriptors: int
    threads: int
    open_questions: float
    tasks: float


def usage(pid: int, metrics: str) -> Usage:
    """Sample a process; `metrics` is what its `/metrics` says."""
    process = Path(f"/proc/{pid}")
    found = dict(_KILOBYTES.findall((process / "smaps_rollup").read_text()))
    return Usage(
        rss_mb=int(found["Rss"]) / 1024,
        pss_mb=int(found["Pss"]) / 1024,
        descriptors=len(os.listdir(process / "fd")),
        threads=len(os.listdir(process / "task")),
        open_questions=gauge("open_questions", metrics),
        tasks=gauge("tasks", metrics),
    )


def gauge(name: str, metrics: str) -> float:
    """Return what `/metrics` says of a number without labels."""
    found = re.search(rf"^dateline_{name} (\S+)$", metrics, re.MULTILINE)
    assert found is not None
    return float(found[1])


def quarters(samples: Sequence[Usage], of: Callable[[Usage], float]) -> list[float]:
    """Return the median of each quarter."""
    edges = [len(samples) * quarter // 4 for quarter in range(5)]
    return [
        statistics.median(of(sample) for sample in samples[start:end])
        for start, end in pairwise(edges)
    ]
