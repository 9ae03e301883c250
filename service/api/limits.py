"""How much one client may ask: so many requests in a time, so many questions at once."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from ingest.errors import SettingsError

COUNTED_WITHIN_S = 0.5
LEFT_ALONE_S = 2.0
_CONNECTIONS = 16
# The server that does not reply is given up before the request that waits for it.
_SOCKET_S = 0.3
_REDIS: dict[str, str | float | bool] = {
    "implementation": "redispy",
    "socket_connect_timeout": _SOCKET_S,
    "socket_timeout": _SOCKET_S,
}

# Counting alone shows that the count can be written too; no client has this name.
_NOBODY = "looking"

log = structlog.get_logger("service.api")


class Rates:
    """Counts requests for each client, here or in a Redis that several services share.

    While that cannot be had each service counts by itself: readers are served, and nobody may ask
    without end.
    """

    def __init__(self, allowed: str, url: str) -> None:
        """Take what is allowed and where it is counted.

        Args:
            allowed: Rates as the library `limits` writes them: `60/minute; 1000/day`.
            url: `memory://`, or `redis://HOST:PORT` with the package redis installed.

        Raises:
            SettingsError: One of them is not understood.
        """
        self._items = _read(allowed)
        self._limiter = SlidingWindowCounterRateLimiter(_storage(url))
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._turns = asyncio.Semaphore(_CONNECTIONS)
        self._looking: asyncio.Task[None] | None = None

    @property
    def degraded(self) -> list[str]:
        """What is not as it should be."""
        return [] if self._looking is None else ["rates: each service counts by itself"]

    async def wait_s(self, client: str) -> int | None:
        """Count a request; return None when it may be served, else the seconds to wait."""
        if self._looking is not None:
            return await self._count(self._own, client)
        try:
            return await self._count_together(client)
        except Exception as error:  # whatever the storage raises
            self._leave_alone(error)
            return await self._count(self._own, client)

    async def _count_together(self, client: str) -> int | None:
        async with asyncio.timeout(COUNTED_WITHIN_S), self._turns:
            return await self._count(self._limiter, client)

    def _leave_alone(self, error: Exception) -> None:
        if self._looking is None:
            # Not its text, which may hold the address.
            log.warning("rates are not counted together", error=type(error).__name__)
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Look for the shared count again and again until it is back, whoever asks meanwhile."""
        try:
            while True:
                await asyncio.sleep(LEFT_ALONE_S)
                with suppress(Exception):  # see `wait_s`
                    await self._count_together(_NOBODY)
                    break
            log.info("rates are counted together again")
        finally:
            self._looking = None

    async def _count(self, limiter: SlidingWindowCounterRateLimiter, client: str) -> int | None:
        for item in self._items:
            if not await limiter.hit(item, client):
                window = await limiter.get_window_stats(item, client)
                return max(1, math.ceil(window.reset_time - time.time()))
        return None


def _read(allowed: str) -> list[RateLimitItem]:
    try:
        items = parse_many(allowed)
        if any(item.amount < 1 or item.multiples < 1 for item in items):
            raise ValueError("a rate of nothing")
    except ValueError as error:
        raise SettingsError(
            f"DATELINE_RATE_LIMIT={allowed!r} is no rate; write 60/minute or 10/second;1000/day"
        ) from error
    return items


def _storage(url: str) -> Storage:
    try:
        options = _REDIS if url.startswith("redis") else {}
        storage = storage_from_string(f"async+{url}", **options)
    except Exception as error:  # the library raises what its storages raise
        # The address may hold a password, and so may what the library says of it.
        scheme = url.partition(":")[0][:20]
        raise SettingsError(
            f"DATELINE_RATE_LIMIT_URL ({scheme}:…) cannot be used ({type(error).__name__}); "
            "memory:// needs nothing, redis:// the extra [redis]: pip install 'redis>=7,<8'"
        ) from None
    assert isinstance(storage, Storage)
    return storage


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
