"""Rates that several services count together, in a real Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from service.api import limits
from service.api.limits import COUNTED_WITHIN_S, Rates
from tests.redis_server import PASSWORD, RedisServer, redis_server

ALONE = ["rates: each service counts by itself"]


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
async def services(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[Rates]]:
    """What two services count with, 4 requests a day."""
    monkeypatch.setattr(limits, "LEFT_ALONE_S", 0.2)
    both = [Rates("4/day", server.url()) for _ in range(2)]
    yield both
    for one in both:
        await one._limiter.storage.bridge.get_connection().aclose()  # type: ignore[attr-defined]


async def served(rates: Rates, client: str, times: int) -> int:
    """Return how many of so many requests are served."""
    return [await rates.wait_s(client) for _ in range(times)].count(None)


async def until_together(services: list[Rates]) -> None:
    async with asyncio.timeout(20):
        while any(one.degraded for one in services):
            await asyncio.sleep(0.02)


async def test_two_services_share_one_count(services: list[Rates]) -> None:
    one, other = services

    assert await served(one, "a", 3) == 3
    assert await served(other, "a", 3) == 1
    assert await served(one, "a", 1) == 0
    assert await served(other, "b", 1) == 1
    assert one.degraded == other.degraded == []


async def test_while_redis_is_killed_each_counts_by_itself_and_then_together_again(
    services: list[Rates], server: RedisServer
) -> None:
    one, other = services
    with capture_logs() as said:
        server.kill()
        try:
            assert await served(one, "c", 6) == 4
            assert await served(other, "c", 6) == 4
            assert one.degraded == ALONE
        finally:
            server.start()
        # Though nobody asks.
        await until_together(services)
        assert await served(one, "d", 3) == 3
        assert await served(other, "d", 3) == 1

    assert one.degraded == other.degraded == []
    warned = [line["event"] for line in said if line["log_level"] == "warning"]
    assert warned == ["rates are not counted together"] * 2
    assert PASSWORD not in str(said) and str(server.port) not in str(said)


async def test_a_redis_that_falls_silent_delays_few_and_for_a_moment(
    services: list[Rates], server: RedisServer
) -> None:
    one, _ = services
    assert await served(one, "e", 1) == 1
    with server.frozen():
        started = time.monotonic()
        found = await asyncio.gather(*(one.wait_s("e") for _ in range(100)))
        assert time.monotonic() - started < COUNTED_WITHIN_S + 2
        assert found.count(None) == 4
        assert one.degraded == ALONE
    await until_together(services)
    # What it was sent before it fell silent it counts late.
    assert 1 <= await served(one, "e", 5) <= 3
    assert one.degraded == []


async def test_many_requests_at_once_are_counted_together(services: list[Rates]) -> None:
    found = await asyncio.gather(*(one.wait_s("f") for one in services for _ in range(30)))

    assert found.count(None) == 4
    assert services[0].degraded == services[1].degraded == []


async def test_a_password_that_is_wrong_is_not_shown(server: RedisServer) -> None:
    rates = Rates("4/day", server.url("wrong-canary-2"))
    with capture_logs() as said:
        assert await served(rates, "g", 5) == 4

    assert [line["error"] for line in said] == ["AuthenticationError"]
    assert "wrong-canary-2" not in str(said)
    await rates._limiter.storage.bridge.get_connection().aclose()  # type: ignore[attr-defined]
