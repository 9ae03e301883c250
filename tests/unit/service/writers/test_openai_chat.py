from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.domain import Usage
from service.errors import WriterBusy, WriterUnavailable
from service.writers.admission import Admission
from service.writers.breaker import FAILURES
from service.writers.chat import ChatReply, Message, Tell
from service.writers.openai_chat import OpenAiChat, Patience
from tests.certificates import certificate, context
from tests.model_server import ModelServer, Reply, event, whole

KEY = "sk-secret-key"
GOOD = Reply(("The harbour is ", "12 metres", " deep [1]."))
TEXT = "The harbour is 12 metres deep [1]."
ONCE = Patience(attempts=1)


@asynccontextmanager
async def chat_at(
    address: str, patience: Patience = ONCE, admission: Admission | None = None
) -> AsyncIterator[OpenAiChat]:
    made = OpenAiChat("tiny", address, SecretStr(KEY), patience, admission)
    try:
        yield made
    finally:
        await made.aclose()


async def asked(
    address: str, patience: Patience = ONCE, timeout_s: float = 5.0, tell: Tell | None = None
) -> ChatReply:
    async with chat_at(address, patience) as chat:
        return await chat.ask(Message("Rules.", "Question?", 100, timeout_s), tell)


def address(server: ModelServer) -> str:
    """Return the server's address with a password in it."""
    return server.base_url.replace("http://", "http://user:pass-word@")


async def test_a_reply_is_told_piece_by_piece_and_returned_whole(model_server: ModelServer) -> None:
    model_server.enqueue(GOOD)
    told: list[str] = []

    reply = await asked(model_server.base_url, tell=told.append)

    assert (tuple(told), reply) == (GOOD.pieces, ChatReply(TEXT))


async def test_what_is_sent_is_what_every_server_of_this_protocol_takes(
    model_server: ModelServer,
) -> None:
    model_server.enqueue(GOOD)

    await asked(model_server.base_url)

    (request,) = model_server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    messages = request.body.pop("messages")
    assert [message["role"] for message in messages] == ["system", "user"]
    assert request.body == {
        "model": "tiny",
        "temperature": 0,
        "max_tokens": 100,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize(
    ("said", "gone", "instead"),
    [
        ("Unrecognized request argument supplied: stream_options", "stream_options", None),
        ("Unsupported value: 'temperature' does not support 0", "temperature", None),
        ("Unsupported parameter: 'max_tokens'.", "max_tokens", "max_completion_tokens"),
    ],
)
async def test_a_field_that_a_server_refuses_is_left_out_from_then_on(
    model_server: ModelServer, said: str, gone: str, instead: str | None
) -> None:
    refusal = Reply(status=400, body=f'{{"error": {{"message": "{said}"}}}}')
    model_server.enqueue(refusal, GOOD, GOOD)

    async with chat_at(model_server.base_url) as chat:
        for _ in range(2):
            await chat.ask(Message("", "", 100, 5.0))

    assert [gone in request.body for request in model_server.requests] == [True, False, False]
    assert instead is None or model_server.requests[2].body[instead] == 100


async def test_a_refusal_of_something_else_is_one(model_server: ModelServer) -> None:
    model_server.enqueue(Reply(status=400, body='{"error": {"message": "no"}}'), GOOD)

    with pytest.raises(WriterUnavailable, match="HTTP 400"):
        await asked(model_server.base_url)


async def test_a_key_in_the_environment_is_not_sent_by_itself(
    model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model_server.enqueue(GOOD)
    made = OpenAiChat("tiny", model_server.base_url, None)

    await made.ask(Message("", "", 100, 5.0))
    await made.aclose()

    assert KEY not in str(model_server.requests[0].headers)


async def test_usage_is_told_when_the_server_gives_it(model_server: ModelServer) -> None:
    usage = {"prompt_tokens": 90, "completion_tokens": 8, "total_tokens": 98}
    model_server.enqueue(Reply(GOOD.pieces, usage=usage))

    reply = await asked(model_server.base_url)

    assert reply.usage == Usage(prompt_tokens=90, completion_tokens=8)


async def test_a_server_that_ignores_stream_is_understood(model_server: ModelServer) -> None:
    model_server.enqueue(Reply(body=whole(TEXT, "length"), content_type="application/json"))
    told: list[str] = []

    reply = await asked(model_server.base_url, tell=told.append)

    assert (reply, told) == (ChatReply(TEXT, cut_off=True), [TEXT])


TOOL = event({"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0}]}}]}).decode()
PAGE = Reply(body="<html>Welcome</html>", content_type="text/html")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(GOOD.pieces, finish_reason=None), "broke off"),
        (Reply(GOOD.pieces, finish_reason=None, done=False), "broke off"),
        (Reply(("It is deep [",), finish_reason=None, done=False), "broke off"),
        (Reply(GOOD.pieces, finish_reason=None, done=False, reset=True), "connection broke"),
        (Reply(), "empty"),
        (Reply(body="data: [DONE]\n\n"), "broke off"),
        (Reply(body=f"{TOOL}data: [DONE]\n\n"), "broke off"),
        (Reply((), finish_reason="tool_calls"), "empty"),
        (Reply(("The",), finish_reason="content_filter"), "withheld"),
        (Reply(("x" * 30_000,)), "20000 characters"),
        (Reply(("word ",) * 100_000), "20000 characters"),
        (PAGE, "broke off"),
        (Reply(body="data: {not json\n\n"), "cannot be read"),
        (Reply(body="data: [1, 2]\n\n"), "cannot be read"),
        (Reply(body='data: {"choices": null}\n\n'), "cannot be read"),
        (Reply(body='data: {"error": {"message": "no sk-secret-key"}}\n\n'), "cannot be read"),
        (Reply(body=b'data: {"choices": "\xff\xfe\xc3"}\n\n'), "cannot be read"),
        (Reply(body="{}", content_type="application/json"), "no answer"),
        (Reply(body="[1]", content_type="application/json"), "no answer"),
        (Reply(status=401, body='{"error": {"message": "bad key sk-secret-key"}}'), "HTTP 401"),
        (Reply(status=404, body='{"error": {"message": "no model tiny"}}'), "HTTP 404"),
        (Reply(status=429, body="{}"), "HTTP 429"),
        (Reply(status=500, body="<h1>Oops</h1>"), "HTTP 500"),
        (Reply(status=503, body="busy"), "HTTP 503"),
    ],
)
async def test_a_server_that_fails_makes_the_writer_unavailable(
    model_server: ModelServer, reply: Reply, said: str
) -> None:
    model_server.enqueue(reply, GOOD)

    with pytest.raises(WriterUnavailable, match=said) as caught:
        await asked(address(model_server))

    assert not any(secret in str(caught.value) for secret in (KEY, "pass-word", "127.0.0.1"))
    assert len(model_server.requests) == 1


@pytest.mark.parametrize("address", ["nowhere", "http://[::bad/v1", "http://a b/v1"])
async def test_an_odd_address_makes_the_writer_unavailable(address: str) -> None:
    with pytest.raises(WriterUnavailable):
        await asked(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1", "http://nobody.invalid/v1"])
async def test_nobody_at_the_address_makes_the_writer_unavailable(address: str) -> None:
    with pytest.raises(WriterUnavailable, match="cannot be reached"):
        await asked(address, Patience(attempts=2))


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with (
        ModelServer(tls=context(certificate(tmp_path, "localhost"))) as server,
        pytest.raises(WriterUnavailable, match="cannot be reached"),
    ):
        await asked(server.base_url)

    assert not server.requests


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

    assert [type(result) for result in results] == [ChatReply] * 3 + [WriterBusy]
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
