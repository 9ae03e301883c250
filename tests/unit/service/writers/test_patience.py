"""How long a model is waited for, how often it is asked, and by how many."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest

from service.errors import WriterBusy, WriterUnavailable
from service.writers.admission import Admission
from service.writers.breaker import FAILURES
from service.writers.chat import ChatReply, Message
from service.writers.openai_chat import Patience
from tests.model_server import ModelServer, Reply, event
from tests.unit.service.writers.asking import GOOD, TEXT, asked, chat_at


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of a listener that never takes a connection, its queue full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        yield f"http://127.0.0.1:{port}/v1"
        for one in waiting:
            one.close()


async def test_a_server_that_takes_no_connection_is_given_up(deaf: str) -> None:
    started = time.monotonic()

    with pytest.raises(WriterUnavailable, match="cannot be reached"):
        await asked(deaf, Patience(connect_s=0.2, attempts=1), timeout_s=30)

    assert time.monotonic() - started < 10


@pytest.mark.parametrize("reply", [Reply(status=s, body="{}") for s in (408, 409, 429, 500, 503)])
async def test_what_passes_is_asked_again(model_server: ModelServer, reply: Reply) -> None:
    model_server.enqueue(reply, reply, GOOD)

    assert (await asked(model_server.base_url, Patience())).text == TEXT
    assert len(model_server.requests) == 3


@pytest.mark.parametrize("reply", [Reply(status=s, body="{}") for s in (401, 403, 404, 418)])
async def test_what_does_not_pass_is_not_asked_again(
    model_server: ModelServer, reply: Reply
) -> None:
    model_server.enqueue(reply, GOOD)

    with pytest.raises(WriterUnavailable):
        await asked(model_server.base_url, Patience())

    assert len(model_server.requests) == 1


async def test_an_answer_that_has_begun_is_not_asked_for_again(model_server: ModelServer) -> None:
    model_server.enqueue(Reply(GOOD.pieces, finish_reason=None, done=False, reset=True), GOOD)

    with pytest.raises(WriterUnavailable):
        await asked(model_server.base_url, Patience())

    assert len(model_server.requests) == 1


async def test_a_connection_cut_before_the_first_word_is_made_again(
    model_server: ModelServer,
) -> None:
    model_server.enqueue(Reply((), finish_reason=None, done=False, reset=True), GOOD)

    assert (await asked(model_server.base_url, Patience())).text == TEXT


async def test_an_overload_told_within_a_stream_is_asked_again(model_server: ModelServer) -> None:
    overload = 'data: {"error": {"message": "overloaded", "code": 503}}\n\n'
    model_server.enqueue(Reply(body=overload), GOOD)

    assert (await asked(model_server.base_url, Patience())).text == TEXT


async def test_a_model_that_thinks_aloud_is_at_work(model_server: ModelServer) -> None:
    thought = event({"choices": [{"index": 0, "delta": {"reasoning_content": "Hm. "}}]}).decode()
    said = event({"choices": [{"index": 0, "delta": {"content": TEXT}}]}).decode()
    end = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}).decode()
    model_server.enqueue(Reply(body=(*[thought] * 8, said, end), pause_s=0.1))

    reply = await asked(model_server.base_url, Patience(first_token_s=0.4, between_s=0.4))

    assert reply.text == TEXT


async def test_retry_after_is_honoured(model_server: ModelServer) -> None:
    model_server.enqueue(Reply(status=429, body="{}", headers={"Retry-After": "0.4"}), GOOD)

    await asked(model_server.base_url, Patience())

    first, second = (request.at for request in model_server.requests)
    assert second - first >= 0.4


async def test_a_retry_after_longer_than_there_is_time_ends_it_at_once(
    model_server: ModelServer,
) -> None:
    model_server.enqueue(Reply(status=429, body="{}", headers={"Retry-After": "60"}), GOOD)
    started = time.monotonic()

    with pytest.raises(WriterUnavailable, match="HTTP 429"):
        await asked(model_server.base_url, Patience(), timeout_s=20)

    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("reply", "patience", "said"),
    [
        (Reply(GOOD.pieces, first_pause_s=1.5), Patience(first_token_s=0.3), "begin within 0.3 s"),
        (Reply(hang=True, finish_reason=None, done=False), Patience(first_token_s=0.3), "begin"),
        (Reply(("word ",) * 5, pause_s=0.6), Patience(between_s=0.3), "silent for 0.3 s"),
        (Reply(("word ",), None, hang=True, done=False), Patience(between_s=0.3), "silent"),
        (Reply(("word ",) * 100, pause_s=0.05), Patience(), "finish within 1 s"),
    ],
)
async def test_each_step_has_a_time_of_its_own(
    model_server: ModelServer, reply: Reply, patience: Patience, said: str
) -> None:
    model_server.enqueue(reply, GOOD)

    with pytest.raises(WriterUnavailable, match=said):
        await asked(model_server.base_url, patience, timeout_s=1.0)

    assert await asyncio.to_thread(model_server.abandoned.wait, 30) or reply.first_pause_s
    assert len(model_server.requests) == 1


async def test_a_stream_left_open_after_the_last_word_does_not_delay_the_answer(
    model_server: ModelServer,
) -> None:
    model_server.enqueue(Reply(GOOD.pieces, done=False, hang=True))

    async with asyncio.timeout(3):
        assert (await asked(model_server.base_url)).text == TEXT


async def test_an_answer_that_is_whole_at_the_deadline_is_kept(
    model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.writers.openai_chat.LINGER_S", 10.0)
    model_server.enqueue(Reply(GOOD.pieces, done=False, hang=True))

    assert (await asked(model_server.base_url, timeout_s=1.0)).text == TEXT


async def test_a_question_that_is_given_up_stops_the_server(model_server: ModelServer) -> None:
    model_server.enqueue(Reply(("word ",) * 100, pause_s=0.05))
    task = asyncio.create_task(asked(model_server.base_url))
    while not model_server.requests:
        await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await asyncio.to_thread(model_server.abandoned.wait, 5)


async def test_so_many_are_asked_at_a_time_so_many_wait_and_the_next_is_turned_away(
    model_server: ModelServer,
) -> None:
    model_server.enqueue(*[Reply(GOOD.pieces, pause_s=0.1)] * 3)
    message = Message("", "", 100, 30.0)

    async with chat_at(model_server.base_url, admission=Admission(1, 2)) as chat:
        results = await asyncio.gather(
            *(chat.ask(message) for _ in range(4)), return_exceptions=True
        )

    kinds = Counter(type(result) for result in results)
    assert kinds == {ChatReply: 3, WriterBusy: 1}
    times = [request.at for request in model_server.requests]
    assert all(later - one >= 0.3 for one, later in pairwise(times))


async def test_a_model_that_keeps_failing_is_left_alone(model_server: ModelServer) -> None:
    message = Message("", "", 100, 5.0)
    async with chat_at(model_server.base_url) as chat:
        for _ in range(FAILURES):
            with pytest.raises(WriterUnavailable, match="HTTP 500"):
                await chat.ask(message)
        model_server.enqueue(GOOD)

        with pytest.raises(WriterUnavailable, match="left alone"):
            await chat.ask(message)

    assert len(model_server.requests) == FAILURES
