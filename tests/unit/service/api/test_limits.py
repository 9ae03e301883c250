from __future__ import annotations

import httpx
import pytest

from ingest.errors import SettingsError
from service.api.app import create_app
from service.api.limits import OpenQuestions, Rates
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import FakeBackend


@pytest.mark.parametrize("rate", ["often", "60", "60/moon", "0/minute"])
def test_a_rate_that_is_none_is_an_error_that_shows_one(rate: str) -> None:
    with pytest.raises(SettingsError, match="60/minute"):
        Rates(rate, "memory://")


def test_a_storage_that_is_none_is_an_error() -> None:
    with pytest.raises(SettingsError, match="DATELINE_RATE_LIMIT_URL"):
        Rates("1/minute", "cupboard://")


async def test_where_nothing_can_be_counted_together_each_counts_by_itself() -> None:
    rates = Rates("1/minute", "memory://")
    rates._limiter.storage.incr = None  # type: ignore[method-assign, assignment]

    assert await rates.wait_s("a") is None
    assert rates.degraded == ["rates: each service counts by itself"]
    assert await rates.wait_s("a") is not None


async def test_the_longest_rate_counts_too() -> None:
    rates = Rates("100/second;2/day", "memory://")

    assert [await rates.wait_s("a") is None for _ in range(3)] == [True, True, False]


def test_open_questions_are_counted_for_each_and_in_all() -> None:
    counted = OpenQuestions(most=3, most_of_one=2)
    with counted.one("a"), counted.one("a"):
        assert counted.is_full_for("a")
        assert not counted.is_full()
        with counted.one("b"):
            assert counted.is_full()
    assert counted.total == 0
    assert not counted.is_full_for("a")


async def test_readiness_and_counters_tell_that_rates_are_not_counted_together() -> None:
    settings = ServiceSettings(_env_file=None, rate_limit="60/minute")
    app = create_app(FakeBackend(), settings)
    app.state.wiring.rates._limiter.storage.incr = None
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/readyz")).json()["degraded"] == []
        assert (await client.get("/v1/stats")).status_code == 200

        ready = await client.get("/readyz")
        counted = (await client.get("/metrics")).text

    assert (ready.status_code, ready.json()["degraded"]) == (
        200,
        ["rates: each service counts by itself"],
    )
    assert "dateline_degraded 1.0" in counted
