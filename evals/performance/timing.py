"""How long questions take: one client at a time, and several at once."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from evals.results import Kept

T = TypeVar("T")
Ask = Callable[[T], Awaitable[object]]

# Between two ways of asking, so that what slows the machine for a while slows both.
BLOCKS = 4


class Timing(Kept):
    """What some questions took.

    Attributes:
        questions: How many were asked.
        p50_ms: Half took no longer.
        p95_ms: 95 % took no longer.
        p99_ms: 99 % took no longer.
        per_s: Questions answered a second by all clients together.
    """

    questions: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    per_s: float


@dataclass
class Watch:
    """Collects what questions took.

    Attributes:
        seconds: Of each question.
        wall_s: During which clients were asking.
    """

    seconds: list[float] = field(default_factory=list)
    wall_s: float = 0.0

    async def time(self, ask: Ask[T], question: T) -> None:
        """Ask one question."""
        started = time.perf_counter()
        await ask(question)
        self.seconds.append(time.perf_counter() - started)
        self.wall_s += self.seconds[-1]

    async def time_at_once(
        self, ask: Ask[T], questions: Sequence[T], clients: int, limit_s: float
    ) -> None:
        """Ask questions from so many clients, each of which asks the next when it has its answer.

        The last answers come while other clients have nothing left to ask; that counts too. After
        `limit_s` no client asks a second question.
        """
        left, started = iter(questions), time.perf_counter()

        async def client() -> None:
            for question in left:
                begun = time.perf_counter()
                await ask(question)
                ended = time.perf_counter()
                self.seconds.append(ended - begun)
                if ended - started > limit_s:
                    return

        await asyncio.gather(*(client() for _ in range(clients)))
        self.wall_s += time.perf_counter() - started

    def timing(self) -> Timing:
        """Return the percentiles."""
        p50, p95, p99 = (np.percentile(self.seconds, [50, 95, 99]) * 1000).tolist()
        count = len(self.seconds)
        return Timing(
            questions=count, p50_ms=p50, p95_ms=p95, p99_ms=p99, per_s=count / self.wall_s
        )


async def alternate(asks: Sequence[Ask[T]], questions: Sequence[T], limit_s: float) -> list[Watch]:
    """Ask each question in every way, one after the other, each way first in turn.

    Args:
        asks: The ways.
        questions: At least one.
        limit_s: After so long no more are asked.
    """
    watches, end = [Watch() for _ in asks], time.perf_counter() + limit_s
    for number, question in enumerate(questions):
        if number and time.perf_counter() > end:
            break
        turn = number % len(asks)
        for place in [*range(turn, len(asks)), *range(turn)]:
            await watches[place].time(asks[place], question)
    return watches


async def alternate_at_once(
    asks: Sequence[Ask[T]], questions: Sequence[T], clients: int, limit_s: float
) -> list[Watch]:
    """Ask all questions in every way, from so many clients, a block of them in turn."""
    watches, end = [Watch() for _ in asks], time.perf_counter() + limit_s
    size, each_s = max(clients, -(-len(questions) // BLOCKS)), limit_s / BLOCKS / len(asks)
    for start in range(0, len(questions), size):
        if start and time.perf_counter() > end:
            break
        for watch, ask in zip(watches, asks, strict=True):
            await watch.time_at_once(ask, questions[start : start + size], clients, each_s)
    return watches


def cpu_s() -> float:
    """Return the CPU seconds of this process, finished children included."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
