"""Waits for what happens in another process or thread."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(holds: Callable[[], object], within_s: float, pause_s: float = 0.02) -> None:
    """Ask again and again, and return once it holds."""
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(pause_s)
