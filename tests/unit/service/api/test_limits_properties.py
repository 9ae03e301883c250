"""Limits under any order of requests, ends and times."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from service.api.app import create_app
from service.api.limits import OpenQuestions, Rates
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import FakeBackend

MOST, MOST_OF_ONE = 5, 2
CLIENTS = st.sampled_from("abcd")
MAX_BODY_BYTES = 2000
WINDOW_S = 60
# To the very instant a window has not ended yet.
A_MOMENT_S = 0.001


class Counted(RuleBasedStateMachine):
    """Questions that are let in as the gate lets them in, and end one way or another."""

    def __init__(self) -> None:
        super().__init__()
        self.counted = OpenQuestions(MOST, MOST_OF_ONE)
        self.open: list[tuple[str, AbstractContextManager[None]]] = []

    @rule(client=CLIENTS)
    def ask(self, client: str) -> None:
        of_client = Counter(name for name, _ in self.open)[client]
        assert self.counted.is_full() == (len(self.open) >= MOST)
        assert self.counted.is_full_for(client) == (of_client >= MOST_OF_ONE)
        if not self.counted.is_full() and not self.counted.is_full_for(client):
            one = self.counted.one(client)
            one.__enter__()
            self.open.append((client, one))

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.open) - 1))
        self.open.pop(place)[1].__exit__(None, None, None)

    @precondition(lambda self: self.open)
    @rule(failure=st.sampled_from([ValueError, asyncio.CancelledError, KeyboardInterrupt]))
    def fail(self, failure: type[BaseException]) -> None:
        # False: the failure is let through.
        assert not self.open.pop()[1].__exit__(failure, failure(), None)

    @invariant()
    def is_what_is_open(self) -> None:
        assert self.counted.total == len(self.open) <= MOST
        assert all(count > 0 for count in self.counted._of.values())

    def teardown(self) -> None:
        for _, one in self.open:
            one.__exit__(None, None, None)
        assert self.counted.total == 0
        assert not self.counted._of


TestOpenQuestions = Counted.TestCase


class Clock:
    """The time, as far as the counting of rates sees it."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        """Return it."""
        return self.now


@pytest.fixture(scope="module")
def clock() -> Iterable[Clock]:
    found = Clock()
    with pytest.MonkeyPatch.context() as patch:
        for module in ("limits.aio.storage.memory", "limits.aio.strategies", "service.api.limits"):
            patch.setattr(f"{module}.time.time", found.time)
        yield found


@settings(max_examples=150)
@given(
    amount=st.integers(1, 6),
    waits=st.lists(st.floats(0, 2 * WINDOW_S) | st.just(0.0), min_size=1, max_size=60),
    obeys=st.booleans(),
)
def test_a_rate_is_kept_and_a_refusal_says_how_long_to_wait(
    clock: Clock, amount: int, waits: list[float], obeys: bool
) -> None:
    clock.now = Clock().now

    async def ask() -> list[float]:
        rates = Rates(f"{amount}/minute", "memory://")
        served = []
        for wait in waits:
            clock.now += wait
            refused = await rates.wait_s("a")
            assert refused is None or 1 <= refused <= 2 * WINDOW_S
            if refused is None:
                served.append(clock.now)
            elif obeys:
                clock.now += refused + A_MOMENT_S
                assert await rates.wait_s("a") is None
                served.append(clock.now)
        return served

    served = asyncio.run(ask())
    assert served
    windows = Counter(int(at // WINDOW_S) for at in served)
    assert max(windows.values()) <= amount
    # The library counts what is left of the window before by an estimate: at worst all of it again.
    assert all(sum(at - WINDOW_S < one <= at for one in served) <= 2 * amount for at in served)


async def status_of(chunks: list[bytes], path: str = "/v1/ask") -> int:
    """Return what the application answers to a body that comes in these chunks."""
    settings = ServiceSettings(_env_file=None, max_body_bytes=MAX_BODY_BYTES)
    app, sent = create_app(FakeBackend(), settings), []
    waiting = [*chunks]

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    return int(sent[0]["status"])


PATHS = {
    "/v1/ask": {"question": "Q"},
    "/v1/search": {"query": "Q"},
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "Q"}]},
    "/v1/feedback": {"answer_id": "ans_1", "rating": "up"},
}


@settings(max_examples=150)
@given(
    path=st.sampled_from([*PATHS]),
    size=st.integers(MAX_BODY_BYTES - 200, MAX_BODY_BYTES + 200) | st.just(MAX_BODY_BYTES),
    cuts=st.sets(st.integers(0, MAX_BODY_BYTES + 200), max_size=20),
)
def test_a_body_above_the_limit_is_refused_however_it_is_cut(
    path: str, size: int, cuts: set[int]
) -> None:
    body = json.dumps(PATHS[path]).encode().ljust(size)
    places = [0, *sorted(cut for cut in cuts if cut < size), size]
    chunks = [body[start:end] for start, end in pairwise(places)]
    status = asyncio.run(status_of(chunks, path))

    assert status == 413 if size > MAX_BODY_BYTES else status in (200, 204)
