"""How much one client may ask: so many requests in a time, so many questions at once."""

from __future__ import annotations

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

log = structlog.get_logger("service.api")


class Rates:
    """Counts requests for each client, here or in a Redis that several services share."""

    def __init__(self, allowed: str, url: str) -> None:
        """Take what is allowed and where it is counted.

        Args:
            allowed: Rates as the library `limits` writes them: `60/minute; 1000/day`.
            url: `memory://`, or `redis://HOST:PORT` with the package redis installed.

        Raises:
            SettingsError: One of them is not understood.
        """
        try:
            self._items: list[RateLimitItem] = parse_many(allowed)
        except ValueError as error:
            raise SettingsError(
                f"DATELINE_RATE_LIMIT={allowed!r} is no rate; write 60/minute or 10/second;1000/day"
            ) from error
        try:
            storage = storage_from_string(f"async+{url}")
        except Exception as error:  # the library raises what its storages raise
            message = f"DATELINE_RATE_LIMIT_URL={url!r} cannot be used: {error}"
            raise SettingsError(message) from error
        assert isinstance(storage, Storage)
        self._limiter = SlidingWindowCounterRateLimiter(storage)

    async def wait_s(self, client: str) -> int | None:
        """Count a request; return None when it may be served, else the seconds to wait.

        Where the count cannot be had everybody is served: readers matter more than the limit.
        """
        try:
            for item in self._items:
                if not await self._limiter.hit(item, client):
                    window = await self._limiter.get_window_stats(item, client)
                    return max(1, math.ceil(window.reset_time - time.time()))
        except Exception as error:  # whatever the storage raises
            log.warning("rates are not counted", error=type(error).__name__)
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
