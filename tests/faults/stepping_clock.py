"""A clock that goes back by an hour as soon as a file is there.

Set back is what Python code reads of the time of day. Code in other languages, file times and
`time.monotonic` keep the real time.
"""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path
from typing import Any

BACK_S = 3600
SIGNAL = "STEP_BACK_WHEN"

_REAL = datetime.datetime


def environment(folder: Path) -> dict[str, str]:
    """Return what a Python process is started with so that `step_back(folder)` concerns it."""
    program = "from tests.faults.stepping_clock import install\ninstall()\n"
    (folder / "sitecustomize.py").write_text(program)
    root = Path(__file__).parents[2]
    return {"PYTHONPATH": f"{folder}:{root}", SIGNAL: str(folder / "back")}


def step_back(folder: Path) -> None:
    """Set the clock back."""
    (folder / "back").touch()


def install() -> None:
    """Put this clock in the place of the process's own."""
    signal, real_time, real_time_ns = os.environ[SIGNAL], time.time, time.time_ns

    def back_s() -> int:
        return BACK_S if os.path.exists(signal) else 0

    time.time = lambda: real_time() - back_s()
    time.time_ns = lambda: real_time_ns() - back_s() * 10**9
    datetime.datetime = _SteppingDatetime  # type: ignore[misc]


class _AnyDatetime(type):
    """Takes what the C code makes for instances of the class that stands in."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _REAL)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _REAL)


class _SteppingDatetime(_REAL, metaclass=_AnyDatetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return _REAL.fromtimestamp(time.time(), tz)

    @classmethod
    def today(cls) -> Any:
        return cls.now()

    @classmethod
    def utcnow(cls) -> Any:
        return cls.now(datetime.UTC).replace(tzinfo=None)
