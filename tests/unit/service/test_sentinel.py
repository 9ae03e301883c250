from __future__ import annotations

import asyncio

from service.sentinel import FRESH_S, Sentinel


class Index:
    """Answers, fails or hangs, and a clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0
        self.failure: Exception | None = None
        self.asked = 0

    async def ask(self) -> None:
        self.asked += 1
        if self.failure is not None:
            raise self.failure


def sentinel(index: Index) -> Sentinel:
    return Sentinel(index.ask, lambda: index.now)


async def test_all_is_well_until_somebody_watches_and_after_an_answer() -> None:
    index = Index()
    watched = sentinel(index)
    assert watched.problem is None

    await watched.once()

    assert watched.problem is None


async def test_an_answer_counts_for_a_while() -> None:
    index = Index()
    watched = sentinel(index)
    await watched.once()
    index.failure = OSError("gone")

    index.now += FRESH_S
    await watched.once()
    assert watched.problem is None
    index.now += 1
    assert watched.problem == "the index answered no question in the last 30 s"
    index.failure = None
    await watched.once()
    assert watched.problem is None


async def test_an_index_that_never_answered_is_not_ready() -> None:
    index = Index()
    index.failure = OSError("gone")
    watched = sentinel(index)

    await watched.once()

    assert watched.problem


async def test_it_is_asked_again_and_again() -> None:
    index = Index()
    watching = asyncio.create_task(sentinel(index).watch(0.001))
    await asyncio.sleep(0.1)
    watching.cancel()

    assert index.asked > 3
