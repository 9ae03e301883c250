from __future__ import annotations

import asyncio
import time

import pytest

from service.errors import WriterUnavailable
from service.writers.breaker import Breaker


async def fails(breaker: Breaker, *, outage: bool = True) -> None:
    with pytest.raises(WriterUnavailable, match="down"):
        async with breaker.closed():
            raise WriterUnavailable("down", outage=outage)


async def given_up(breaker: Breaker) -> None:
    with pytest.raises(asyncio.CancelledError):
        async with breaker.closed():
            raise asyncio.CancelledError


async def is_open(breaker: Breaker) -> bool:
    try:
        async with breaker.closed():
            return False
    except WriterUnavailable:
        return True


async def test_outages_in_a_row_open_it() -> None:
    breaker = Breaker("m", failures=2, rest_s=60)

    await fails(breaker)
    await fails(breaker)

    assert await is_open(breaker)


async def test_a_success_ends_the_row() -> None:
    breaker = Breaker("m", failures=2, rest_s=60)

    await fails(breaker)
    async with breaker.closed():
        pass
    await fails(breaker)

    assert not await is_open(breaker)


async def test_what_is_given_up_or_refused_is_neither_an_outage_nor_a_success() -> None:
    breaker = Breaker("m", failures=2, rest_s=60)

    await fails(breaker)
    await given_up(breaker)
    await fails(breaker, outage=False)
    await fails(breaker)

    assert await is_open(breaker)


async def test_after_its_rest_one_question_tries_and_the_others_wait() -> None:
    breaker = Breaker("m", failures=1, rest_s=0.05)
    await fails(breaker)
    await asyncio.sleep(0.1)

    async with breaker.closed():
        assert await is_open(breaker)

    assert not await is_open(breaker)


async def test_a_try_that_is_given_up_leaves_the_next_one_to_try() -> None:
    breaker = Breaker("m", failures=1, rest_s=0.05)
    await fails(breaker)
    await asyncio.sleep(0.1)

    await given_up(breaker)
    await fails(breaker)

    assert await is_open(breaker)


async def test_a_clock_that_is_set_back_makes_its_rest_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    breaker = Breaker("m", failures=1, rest_s=0.05)
    await fails(breaker)
    an_hour_ago = time.time() - 3600
    monkeypatch.setattr("time.time", lambda: an_hour_ago)
    await asyncio.sleep(0.1)

    assert not await is_open(breaker)


async def test_failures_that_come_late_do_not_put_the_end_of_the_rest_off() -> None:
    breaker = Breaker("the model", failures=1, rest_s=0.2)
    late = asyncio.ensure_future(fail_after(breaker, 0.15))
    await asyncio.sleep(0)
    with pytest.raises(WriterUnavailable, match="down"):
        async with breaker.closed():
            raise WriterUnavailable("down", outage=True)
    assert breaker.state == "open"
    with pytest.raises(WriterUnavailable, match="down"):
        await late

    await asyncio.sleep(0.1)

    assert breaker.state == "half-open"
    async with breaker.closed():
        pass
    assert breaker.state == "closed"


async def fail_after(breaker: Breaker, seconds: float) -> None:
    async with breaker.closed():
        await asyncio.sleep(seconds)
        raise WriterUnavailable("down", outage=True)
