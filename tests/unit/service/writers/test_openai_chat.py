from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from prompts.loader import load
from service.domain import Usage
from service.errors import WriterUnavailable
from service.writers import openai_chat
from service.writers.messages import DECLINE_LINE
from service.writers.openai_chat import CUT_OFF, OpenAiChatWriter
from tests.model_server import ModelServer, Reply
from tests.unit.service.articles import evidence, passage

KEY = "sk-secret-key"
EVIDENCE = evidence(passage("The harbour is 12 metres deep. Captain Lund praised it."))
GOOD = Reply(("The harbour is ", "12 metres", " deep [1]."))


@pytest.fixture
async def writer(model_server: ModelServer) -> AsyncIterator[OpenAiChatWriter]:
    address = model_server.base_url.replace("http://", "http://user:pass-word@")
    made = OpenAiChatWriter("tiny", 5.0, address, SecretStr(KEY))
    yield made
    await made.aclose()


async def hurried(model_server: ModelServer) -> None:
    """Ask a writer that waits a third of a second."""
    made = OpenAiChatWriter("tiny", 0.3, model_server.base_url, None)
    try:
        await made.write(EVIDENCE)
    finally:
        await made.aclose()


async def test_a_streamed_answer_becomes_checked_statements(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    model_server.enqueue(GOOD)

    draft = await writer.write(EVIDENCE)

    assert draft.text == "The harbour is 12 metres deep. [1]"
    (statement,) = draft.statements
    assert (statement.support, statement.citations[0].quote) == (
        "supported",
        "The harbour is 12 metres deep.",
    )
    assert (draft.declined, draft.degraded, draft.usage) == (None, (), None)


async def test_only_portable_fields_are_sent(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    model_server.enqueue(GOOD)

    await writer.write(EVIDENCE)

    (request,) = model_server.requests
    assert request.path == "/v1/chat/completions"
    assert set(request.body) == {"model", "messages", "temperature", "max_tokens", "stream"}
    assert (request.body["model"], request.body["temperature"]) == ("tiny", 0)
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
    assert "Captain Lund praised it." in request.body["messages"][1]["content"]


async def test_the_key_is_sent_to_the_server(model_server: ModelServer) -> None:
    model_server.enqueue(GOOD)
    made = OpenAiChatWriter("tiny", 5.0, model_server.base_url, SecretStr(KEY))

    await made.write(EVIDENCE)
    await made.aclose()

    assert model_server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_key_in_the_environment_is_not_sent_by_itself(
    model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model_server.enqueue(GOOD)

    await hurried(model_server)

    assert KEY not in str(model_server.requests[0].headers)


async def test_usage_is_told_when_the_server_gives_it(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    usage = {"prompt_tokens": 90, "completion_tokens": 8, "total_tokens": 98}
    model_server.enqueue(Reply(GOOD.pieces, usage=usage))

    draft = await writer.write(EVIDENCE)

    assert draft.usage == Usage(prompt_tokens=90, completion_tokens=8)


@pytest.mark.parametrize(
    "text", [DECLINE_LINE, DECLINE_LINE.lower().rstrip("."), f"**{DECLINE_LINE}** It is about tea."]
)
async def test_the_decline_line_declines(
    model_server: ModelServer, writer: OpenAiChatWriter, text: str
) -> None:
    model_server.enqueue(Reply((text,)))

    draft = await writer.write(EVIDENCE)

    assert (draft.declined, draft.text, draft.statements) == ("writer_declined", "", ())


async def test_markup_and_addresses_do_not_come_through(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    model_server.enqueue(
        Reply(("**The harbour** is ![i](ht", "tps://evil.example/?q=) 12 metres deep [1]."))
    )

    assert (await writer.write(EVIDENCE)).text == "The harbour is 12 metres deep. [1]"


async def test_an_answer_that_was_cut_off_loses_its_last_half_sentence(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    model_server.enqueue(Reply((*GOOD.pieces, " Captain Lu"), finish_reason="length"))

    draft = await writer.write(EVIDENCE)

    assert (draft.text, draft.degraded) == ("The harbour is 12 metres deep. [1]", (CUT_OFF,))


PAGE = Reply(body="<html>Welcome</html>", content_type="text/html")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(GOOD.pieces, finish_reason=None), "broke off"),
        (Reply(GOOD.pieces, finish_reason=None, done=False), "broke off"),
        (Reply(), "empty"),
        (Reply(("The",), finish_reason="content_filter"), "withheld"),
        (Reply(("x" * 30_000,)), "20000 characters"),
        (PAGE, "broke off"),
        (Reply(body="data: {not json\n\n"), "cannot be read"),
        (Reply(body="data: [1, 2]\n\n"), "cannot be read"),
        (Reply(body='data: {"choices": null}\n\n'), "cannot be read"),
        (Reply(body='data: {"error": {"message": "no sk-secret-key"}}\n\n'), "cannot be read"),
        (Reply(status=401, body='{"error": {"message": "bad key sk-secret-key"}}'), "HTTP 401"),
        (Reply(status=429, body="{}"), "HTTP 429"),
        (Reply(status=503, body="busy"), "HTTP 503"),
    ],
)
async def test_a_server_that_fails_makes_the_writer_unavailable(
    model_server: ModelServer, writer: OpenAiChatWriter, reply: Reply, said: str
) -> None:
    model_server.enqueue(reply, GOOD)

    with pytest.raises(WriterUnavailable, match=said) as caught:
        await writer.write(EVIDENCE)

    assert not any(secret in str(caught.value) for secret in (KEY, "pass-word", "127.0.0.1"))
    assert len(model_server.requests) == 1


async def test_nobody_at_the_address_makes_the_writer_unavailable() -> None:
    made = OpenAiChatWriter("tiny", 5.0, "http://127.0.0.1:1/v1", None)

    with pytest.raises(WriterUnavailable, match="cannot be reached"):
        await made.write(EVIDENCE)

    await made.aclose()


@pytest.mark.parametrize("address", ["nowhere", "http://[::bad/v1", "http://a b/v1"])
async def test_an_odd_address_makes_the_writer_unavailable(address: str) -> None:
    made = OpenAiChatWriter("tiny", 5.0, address, None)

    with pytest.raises(WriterUnavailable):
        await made.write(EVIDENCE)

    await made.aclose()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(GOOD.pieces, finish_reason=None, done=False, hang=True),
        Reply(("word ",) * 100, pause_s=0.05),
    ],
)
async def test_a_slow_answer_ends_at_the_deadline(model_server: ModelServer, reply: Reply) -> None:
    model_server.enqueue(reply)

    with pytest.raises(WriterUnavailable, match=r"did not finish within 0\.3 s"):
        await hurried(model_server)

    assert await asyncio.to_thread(model_server.abandoned.wait, 5)


async def test_a_stream_left_open_after_the_last_word_does_not_delay_the_answer(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    model_server.enqueue(Reply(GOOD.pieces, done=False, hang=True))

    async with asyncio.timeout(3):
        draft = await writer.write(EVIDENCE)

    assert draft.statements


async def test_an_answer_that_is_whole_at_the_deadline_is_kept(
    model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_chat, "LINGER_S", 10.0)
    model_server.enqueue(Reply(GOOD.pieces, done=False, hang=True))
    made = OpenAiChatWriter("tiny", 1.0, model_server.base_url, None)

    draft = await made.write(EVIDENCE)
    await made.aclose()

    assert draft.text == "The harbour is 12 metres deep. [1]"


async def test_how_long_checking_took_is_told(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    model_server.enqueue(GOOD, Reply((DECLINE_LINE,)))

    drafts = [await writer.write(EVIDENCE) for _ in range(2)]

    assert all(0 < draft.verify_ms < 1000 for draft in drafts)


async def test_a_question_that_is_given_up_stops_the_server(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    model_server.enqueue(Reply(("word ",) * 100, pause_s=0.05))
    task = asyncio.create_task(writer.write(EVIDENCE))
    while not model_server.requests:
        await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await asyncio.to_thread(model_server.abandoned.wait, 5)


async def test_one_writer_answers_several_questions_at_once(
    model_server: ModelServer, writer: OpenAiChatWriter
) -> None:
    model_server.enqueue(GOOD, GOOD, GOOD)

    drafts = await asyncio.gather(*(writer.write(EVIDENCE) for _ in range(3)))

    assert {draft.text for draft in drafts} == {"The harbour is 12 metres deep. [1]"}


def test_info_names_the_model_and_the_prompts() -> None:
    info = OpenAiChatWriter("tiny", 5.0, None, None).info

    assert (info.kind, info.model) == ("openai", "tiny")
    assert info.prompts == {name: load(name).hash for name in ("answer.system", "answer.user")}
