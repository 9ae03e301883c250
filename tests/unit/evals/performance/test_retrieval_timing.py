from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from evals.performance.timing import Ask, Watch, alternate, alternate_at_once


def noting(asked: list[str], name: str) -> Ask[int]:
    """Return a way of asking that writes down that it was used."""

    async def ask(question: int) -> None:
        asked.append(f"{name}{question}")

    return ask


def two_ways(asked: list[str]) -> Sequence[Ask[int]]:
    return [noting(asked, "a"), noting(asked, "b")]


def test_percentiles_are_in_milliseconds() -> None:
    timing = Watch([number / 1000 for number in range(1, 102)], wall_s=2.0).timing()

    assert (timing.questions, timing.per_s) == (101, 50.5)
    assert (timing.p50_ms, timing.p95_ms, timing.p99_ms) == pytest.approx((51, 96, 100))


async def test_every_question_is_asked_in_every_way_and_each_way_first_in_turn() -> None:
    asked: list[str] = []

    watches = await alternate(two_ways(asked), [1, 2, 3], 60)

    assert asked == ["a1", "b1", "b2", "a2", "a3", "b3"]
    assert [len(watch.seconds) for watch in watches] == [3, 3]


async def test_no_more_are_asked_when_the_time_is_up_but_one() -> None:
    asked: list[str] = []

    await alternate(two_ways(asked), [1, 2, 3], 0)
    await alternate_at_once(two_ways(asked), [4, 5, 6], 1, 0)

    assert asked == ["a1", "b1", "a4", "b4"]


async def test_blocks_of_questions_take_turns() -> None:
    asked: list[str] = []

    watches = await alternate_at_once(two_ways(asked), [1, 2, 3, 4], 2, 60)

    assert asked == ["a1", "a2", "b1", "b2", "a3", "a4", "b3", "b4"]
    assert [watch.timing().questions for watch in watches] == [4, 4]


async def test_so_many_clients_wait_at_a_time() -> None:
    waiting, most = 0, 0

    async def ask(_: int) -> None:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        await asyncio.sleep(0)
        waiting -= 1

    await Watch().time_at_once(ask, range(20), 3, 60)

    assert most == 3


async def test_several_clients_ask_once_when_the_time_is_up() -> None:
    watch, asked = Watch(), list[str]()

    await watch.time_at_once(noting(asked, "a"), range(9), 4, 0)

    assert (asked, len(watch.seconds)) == (["a0", "a1", "a2", "a3"], 4)
