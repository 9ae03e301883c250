"""How much one client may ask: so many requests in a time, so many questions at once."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from limits import RateLimitItem, parse_many
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from ingest.errors import SettingsError

_COUNTED_WITHIN_S = 0.25

log = structlog.get_logger("service.api")


class Rates:
    """Counts requests for each client, here or in a Redis that several services share."""

    def __init__(self, allowed: str, url: str) -> None:
        """Take what is allowed and where it is counted.

        Args:
            allowed: Rates as the library `limits` writes them: `60/minute; 1000/day`.
            url: `memory://`, or `redis://HOST:PORT` with the package coredis installed.

        Raises:
            SettingsError: One of them is not understood.
        """
        try:
            self._items: list[RateLimitItem] = parse_many(allowed)
            if any(item.amount < 1 or item.multiples < 1 for item in self._items):
                raise ValueError("a rate of nothing")
        except ValueError as error:
            raise SettingsError(
                f"DATELINE_RATE_LIMIT={allowed!r} is no rate; write 60/minute or 10/second;1000/day"
            ) from error
        try:
            storage = storage_from_string(f"async+{url}")
        except Exception as error:  # the library raises what its storages raise
            # The address may hold a password, and so may what the library says of it.
            scheme = url.partition(":")[0][:20]
            raise SettingsError(
                f"DATELINE_RATE_LIMIT_URL ({scheme}:…) cannot be used ({type(error).__name__}); "
                "memory:// needs nothing, redis:// the package coredis"
            ) from None
        assert isinstance(storage, Storage)
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._is_failing = False

    async def wait_s(self, client: str) -> int | None:
        """Count a request; return None when it may be served, else the seconds to wait.

        Where the count cannot be had everybody is served: readers matter more than the limit.
        """
        try:
            async with asyncio.timeout(_COUNTED_WITHIN_S):
                found = await self._count(client)
        except Exception as error:  # whatever the storage raises
            if not self._is_failing:
                log.warning("rates are not counted", error=type(error).__name__)
            self._is_failing = True
            return None
        self._is_failing = False
        return found

    async def _count(self, client: str) -> int | None:
        for item in self._items:
            if not await self._limiter.hit(item, client):
                window = await self._limiter.get_window_stats(item, client)
                return max(1, math.ceil(window.reset_time - time.time()))
        return None


class OpenQuestions:
    """Counts the questions that are being answered, in all and for each client."""

    def __init__(self, most: int, most_of_one: int) -> None:
        """Take how many there may be."""
        self._most = most
        self._most_of_one = most_of_one
        self._of: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """How many there are."""
        return self._of.total()

    def is_full(self) -> bool:
        """Whether no further one may be asked by anybody."""
        return self.total >= self._most

    def is_full_for(self, client: str) -> bool:
        """Whether a client must first wait for an answer."""
        return self._of[client] >= self._most_of_one

    @contextmanager
    def one(self, client: str) -> Iterator[None]:
        """Count one more for as long as the block runs."""
        self._of[client] += 1
        try:
            yield
        finally:
            self._of[client] -= 1
            if not self._of[client]:
                del self._of[client]
