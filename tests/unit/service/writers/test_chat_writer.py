from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from prompts.loader import load
from service.errors import WriterUnavailable
from service.writers.chat_writer import (
    CUT_OFF,
    MAX_TOKENS,
    ChatWriter,
    Manner,
)
from service.writers.messages import DECLINE_LINE
from tests.model_server import ModelServer, Reply
from tests.unit.service.articles import evidence, passage
from tests.unit.service.writers.written import EVIDENCE, GOOD, Make


@pytest.fixture
def writer(make: Make) -> ChatWriter:
    return make(Manner(timeout_s=5.0))


async def test_a_streamed_answer_becomes_checked_statements(
    model_server: ModelServer, writer: ChatWriter
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


async def test_the_passages_are_shown(model_server: ModelServer, writer: ChatWriter) -> None:
    model_server.enqueue(GOOD)

    await writer.write(EVIDENCE)

    body = model_server.requests[0].body
    assert body["max_tokens"] == MAX_TOKENS
    assert "Captain Lund praised it." in body["messages"][1]["content"]


@pytest.mark.parametrize(
    "text", [DECLINE_LINE, DECLINE_LINE.lower().rstrip("."), f"**{DECLINE_LINE}** It is about tea."]
)
async def test_the_decline_line_declines(
    model_server: ModelServer, writer: ChatWriter, text: str
) -> None:
    model_server.enqueue(Reply((text,)))
    told: list[str] = []

    draft = await writer.write(EVIDENCE, told.append)

    assert (draft.declined, draft.text, draft.statements) == ("writer_declined", "", ())
    assert "do not answer this question." not in "".join(told)


async def test_markup_and_addresses_do_not_come_through(
    model_server: ModelServer, writer: ChatWriter
) -> None:
    model_server.enqueue(
        Reply(("**The harbour** is ![i](ht", "tps://evil.example/?q=) 12 metres deep [1]."))
    )

    assert (await writer.write(EVIDENCE)).text == "The harbour is 12 metres deep. [1]"


async def test_an_answer_that_was_cut_off_loses_its_last_half_sentence(
    model_server: ModelServer, writer: ChatWriter
) -> None:
    model_server.enqueue(Reply((*GOOD.pieces, " Captain Lu"), finish_reason="length"))

    draft = await writer.write(EVIDENCE)

    assert (draft.text, draft.degraded) == ("The harbour is 12 metres deep. [1]", (CUT_OFF,))


@pytest.mark.parametrize(
    ("text", "support", "missing"),
    [
        ("The harbour is 12 metres deep.", "uncited", []),
        ("The harbour is 12 metres deep [7].", "uncited", ["[7]"]),
        ("The harbour is 12 metres deep [1][7].", "partial", ["[7]"]),
    ],
)
async def test_markers_that_are_missing_or_name_nothing_mark_their_sentence(
    model_server: ModelServer, writer: ChatWriter, text: str, support: str, missing: list[str]
) -> None:
    model_server.enqueue(Reply((text,)))

    (statement,) = (await writer.write(EVIDENCE)).statements

    assert (statement.support, statement.missing) == (support, missing)


async def test_a_failing_server_makes_the_writer_unavailable(
    model_server: ModelServer, writer: ChatWriter
) -> None:
    model_server.enqueue(Reply(status=500))

    with pytest.raises(WriterUnavailable, match="HTTP 500"):
        await writer.write(EVIDENCE)


async def test_how_long_checking_took_is_told(
    model_server: ModelServer, writer: ChatWriter
) -> None:
    model_server.enqueue(GOOD, Reply((DECLINE_LINE,)))

    drafts = [await writer.write(EVIDENCE) for _ in range(2)]

    assert all(0 < draft.verify_ms < 1000 for draft in drafts)


async def test_one_writer_answers_several_questions_at_once(
    model_server: ModelServer, writer: ChatWriter
) -> None:
    model_server.enqueue(GOOD, GOOD, GOOD)

    drafts = await asyncio.gather(*(writer.write(EVIDENCE) for _ in range(3)))

    assert {draft.text for draft in drafts} == {"The harbour is 12 metres deep. [1]"}


async def test_the_answer_is_told_while_it_is_written(
    model_server: ModelServer, writer: ChatWriter
) -> None:
    words = [
        "The",
        "harbour",
        "is",
        "12",
        "metres",
        "deep",
        "[1].",
        "Captain",
        "Lund",
        "praised",
        "it",
        "[1].",
    ]
    model_server.enqueue(Reply(tuple(f"{word} " for word in words), pause_s=0.12))
    told: list[str] = []

    draft = await writer.write(EVIDENCE, told.append)

    assert "".join(told) == draft.text
    # How many words come together is up to the machine.
    assert len(told) > 3


def test_passages_that_the_model_cannot_read_are_left_out(make: Make) -> None:
    long = evidence(*(passage("word " * 300 + "end.", n=n) for n in range(1, 9)))

    kept = make(Manner(context_tokens=3000)).fitting(long)

    assert 2 <= len(kept.passages) <= 4
    assert list(kept.passages) == list(long.passages[: len(kept.passages)])
    assert len(kept.closeness) == len(kept.passages)
    assert make(Manner(context_tokens=30_000)).fitting(long) == replace(
        long, passages=list(long.passages)
    )


def test_one_passage_is_shown_in_any_case(make: Make) -> None:
    long = evidence(passage("word " * 5000))

    assert len(make(Manner(context_tokens=2000)).fitting(long).passages) == 1


def test_info_names_the_model_and_the_prompts(make: Make) -> None:
    info = make(Manner()).info

    assert (info.kind, info.model) == ("openai", "tiny")
    assert info.prompts == {name: load(name).hash for name in ("answer.system", "answer.user")}
    assert "repair.user" in make(Manner(unsupported="repair")).info.prompts
