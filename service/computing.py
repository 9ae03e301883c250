"""Work for the processor, kept off the event loop and on few threads.

Python's threads take turns. With many of them at work the event loop gets its turn late, and
everybody waits; with as many as there are cores each one is done sooner too. What only waits, as
for an embedder at an endpoint, goes elsewhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

THREADS = max(2, os.cpu_count() or 1)
SWITCH_S = 0.001
_places: RunVar[CapacityLimiter] = RunVar("places")


def take_turns_sooner() -> None:
    """Have this process's threads take turns every millisecond; Python's own measure is five.

    A thread that comes back from a search or from the model otherwise waits so long for another.
    """
    sys.setswitchinterval(SWITCH_S)


async def compute(work: Callable[[*Ts], T], *args: *Ts) -> T:
    """Return what `work` returns, called on a thread; further ones wait for their turn."""
    try:
        places = _places.get()
    except LookupError:
        places = CapacityLimiter(THREADS)
        _places.set(places)
    return await anyio.to_thread.run_sync(work, *args, limiter=places)
