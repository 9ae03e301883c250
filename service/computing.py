"""Work for the processor, kept off the event loop and on few threads.

Python's threads take turns. With many of them at work the event loop gets its turn late, and
everybody waits; with as many as there are cores each one is done sooner too. What only waits, as
for an embedder at an endpoint, goes elsewhere.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

THREADS = max(2, os.cpu_count() or 1)
SWITCH_S = 0.001


def take_turns_sooner() -> None:
    """Have this process's threads take turns every millisecond; Python's own measure is five.

    A thread that comes back from a search or from the model otherwise waits so long for another.
    """
    sys.setswitchinterval(SWITCH_S)


async def compute(work: Callable[[*Ts], T], *args: *Ts) -> T:
    """Return what `work` returns, called on a thread; further ones wait for their turn.

    Who gives up waiting takes back what has not begun. What has begun goes on to its end, on one of
    the same few threads: nobody can have more of them by asking and leaving.
    """
    whole = partial(contextvars.copy_context().run, work, *args)
    return await asyncio.get_running_loop().run_in_executor(_threads(), whole)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, "compute")
