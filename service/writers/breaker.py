"""A language model that keeps failing is left alone for a while, so that nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import ExcludeType, OpenedState

from service.errors import WriterUnavailable

FAILURES = 5
"""So many outages in a row open the circuit."""
REST_S = 20.0
"""Then the next question tries the model again; one more outage opens the circuit for as long."""


class Breaker:
    """Counts the outages of one model. Belongs to one event loop."""

    def __init__(self, name: str, failures: int = FAILURES, rest_s: float = REST_S) -> None:
        """Take what the model is called in messages."""
        self._name = name
        # A question that is given up, or that the model refuses, says nothing of the next one.
        excluded: ExcludeType = [
            asyncio.CancelledError,
            (WriterUnavailable, lambda error: not error.outage),
        ]
        self._circuits = AsyncCircuitBreakerFactory(failures, rest_s, exclude=excluded)

    @asynccontextmanager
    async def closed(self) -> AsyncIterator[None]:
        """Watch a block that asks the model.

        Raises:
            WriterUnavailable: The model is left alone now.
        """
        breaker = await self._circuits.get_breaker("model")
        try:
            async with breaker:
                yield
        except OpenedState as error:
            raise WriterUnavailable(
                f"{self._name} is left alone after failing repeatedly"
            ) from error
