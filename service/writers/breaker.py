"""A language model that keeps failing is left alone for a while, so that nobody waits for it."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import CLOSED, HALF_OPENED, OPENED, HalfOpenedState, OpenedState
from purgatory.service._async.circuitbreaker import AsyncCircuitBreaker

from service.errors import WriterUnavailable
from service.writers.chat import Circuit

FAILURES = 5
"""So many outages in a row open the circuit."""
REST_S = 20.0
"""Then one question tries the model again; one more outage opens the circuit for as long."""

_STATES: dict[str, Circuit] = {CLOSED: "closed", HALF_OPENED: "half-open", OPENED: "open"}


class Breaker:
    """Counts the outages of one model. Belongs to one event loop."""

    def __init__(self, name: str, failures: int = FAILURES, rest_s: float = REST_S) -> None:
        """Take what the model is called in messages."""
        self._name = name
        # The library would take the rest's end from the time of day. Set back by an hour, that
        # would leave the model alone for an hour more.
        self._circuits = AsyncCircuitBreakerFactory(failures, math.inf)
        self._rest_s = rest_s
        self._rested_at = 0.0
        self._trying = False
        self._circuit: AsyncCircuitBreaker | None = None

    @property
    def state(self) -> Circuit:
        """Whether the model is left alone."""
        if self._circuit is None:
            return "closed"
        if self._circuit.context.state == OPENED and self._is_rested():
            return "half-open"
        return _STATES[self._circuit.context.state]

    def _is_rested(self) -> bool:
        return time.monotonic() > self._rested_at

    @asynccontextmanager
    async def closed(self) -> AsyncIterator[None]:
        """Watch a block that asks the model.

        A question that is given up, or that the model refuses, says nothing of the next one: it
        counts neither as an outage nor as a success.

        Raises:
            WriterUnavailable: The model is left alone now.
        """
        circuit = self._circuit = await self._circuits.get_breaker("model")
        if circuit.context.state == OPENED and self._is_rested():
            circuit.context.set_state(HalfOpenedState())
        try:
            await circuit.__aenter__()
        except OpenedState as error:
            raise self._left_alone() from error
        if circuit.context.state == HALF_OPENED and self._trying:
            raise self._left_alone()
        tries = circuit.context.state == HALF_OPENED
        self._trying = self._trying or tries
        try:
            yield
        except WriterUnavailable as error:
            if error.outage:
                # Those that were under way must not put the end of the rest off.
                if circuit.context.state != OPENED:
                    self._rested_at = time.monotonic() + self._rest_s
                await circuit.__aexit__(type(error), error, error.__traceback__)
            raise
        else:
            await circuit.__aexit__(None, None, None)
        finally:
            # Those that were under way before do not end the one that tries.
            self._trying = self._trying and not tries

    def _left_alone(self) -> WriterUnavailable:
        said = f"{self._name} is left alone after failing repeatedly"
        return WriterUnavailable(said, reason="left_alone")
