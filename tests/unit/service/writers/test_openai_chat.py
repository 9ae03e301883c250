from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from service.domain import Usage
from service.errors import WriterUnavailable
from service.writers.chat import ChatReply, Message
from service.writers.openai_chat import OpenAiChat, Patience
from tests.certificates import certificate, context
from tests.model_server import ModelServer, Reply, Request, event, whole
from tests.unit.service.writers.asking import GOOD, KEY, TEXT, address, asked, chat_at


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


async def test_requests_that_are_on_their_way_are_adapted_too(model_server: ModelServer) -> None:
    said = '{"error": {"message": "Unrecognized request argument supplied: stream_options"}}'

    def answer(request: Request) -> Reply:
        refused = "stream_options" in request.body
        return Reply(status=400, body=said, first_pause_s=0.3) if refused else GOOD

    model_server.answer = answer
    async with chat_at(model_server.base_url) as chat:
        asks = [chat.ask(Message("", "", 100, 5.0)) for _ in range(4)]

        assert [reply.text for reply in await asyncio.gather(*asks)] == [TEXT] * 4


@pytest.mark.parametrize(
    "said",
    ["prompt about the temperature is refused by policy", "max_tokens is too large: 5000"],
)
async def test_a_word_alone_changes_no_field(model_server: ModelServer, said: str) -> None:
    model_server.enqueue(Reply(status=400, body=f'{{"error": {{"message": "{said}"}}}}'), GOOD)
    async with chat_at(model_server.base_url) as chat:
        with pytest.raises(WriterUnavailable):
            await chat.ask(Message("", "", 100, 5.0))
        await chat.ask(Message("", "", 100, 5.0))

    first, second = (set(request.body) for request in model_server.requests)
    assert first == second


@pytest.mark.parametrize("tail", ['data: {"choices": null, "usage": null}\n\n', "data: oops\n\n"])
async def test_what_comes_after_the_last_word_costs_no_answer(
    model_server: ModelServer, tail: str
) -> None:
    text = event({"choices": [{"index": 0, "delta": {"content": TEXT}}]}).decode()
    end = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}).decode()
    model_server.enqueue(Reply(body=f"{text}{end}{tail}"))

    assert await asked(model_server.base_url) == ChatReply(TEXT)


async def test_of_several_answers_the_first_is_taken(model_server: ModelServer) -> None:
    choices = [{"index": n, "delta": {"content": f"Answer {n}."}} for n in (1, 0)]
    end = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    model_server.enqueue(Reply(body=event({"choices": choices}) + end))

    assert (await asked(model_server.base_url)).text == "Answer 0."


async def test_odd_counts_cost_no_answer(model_server: ModelServer) -> None:
    odd = event({"choices": [], "usage": {"prompt_tokens": None}}).decode()
    text = event({"choices": [{"index": 0, "delta": {"content": TEXT}}]}).decode()
    end = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}).decode()
    body = f"{text}{end}{odd}data: [DONE]\n\n"
    counted = whole(TEXT).replace('"choices"', '"usage": {"total_tokens": 3}, "choices"')
    plain = Reply(body=counted, content_type="application/json")
    model_server.enqueue(Reply(body=body), plain)

    replies = [await asked(model_server.base_url) for _ in range(2)]

    assert replies == [ChatReply(TEXT)] * 2


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

    assert (reply, told) == (ChatReply(TEXT, "length"), [TEXT])


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
        (Reply(body='data: {"choices": null}\n\n'), "broke off"),
        (Reply(body='data: {"error": {"message": "no sk-secret-key"}}\n\n'), "sent an error"),
        (Reply(body="data: " + "x" * 5_000_000), "4000000 bytes"),
        (Reply(body="[" * 5_000_000, content_type="application/json"), "4000000 bytes"),
        (Reply(status=307, headers={"Location": "http://127.0.0.1:1/v1"}, body=""), "HTTP 307"),
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
