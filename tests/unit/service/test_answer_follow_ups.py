"""How the use case makes a follow-up stand alone, by a model or by rules."""

from __future__ import annotations

from dataclasses import replace

from service.answer import answer
from service.domain import Question, Turn, Usage
from service.query.followup import NOTICE, Rewrite
from tests.unit.service.told import (
    ASKED,
    DRAFT,
    PASSAGES,
    FakeCondenser,
    FakeRetriever,
    FakeWriter,
    found,
)

FOLLOW_UP = Question("Why?", (Turn("user", "Which ship came?"),))


async def test_the_model_s_question_is_searched_for_and_its_prompts_and_tokens_are_told() -> None:
    retriever = FakeRetriever(found(*PASSAGES))
    usage = Usage(prompt_tokens=9, completion_tokens=1)
    condenser = FakeCondenser(Rewrite("Why did the ship come?", usage))
    writer = FakeWriter(replace(DRAFT, usage=Usage(prompt_tokens=90, completion_tokens=12)))

    given = await answer(FOLLOW_UP, retriever, writer, condenser)

    assert retriever.history[0][0] == given.standalone_question == "Why did the ship come?"
    assert given.writer.prompts == {"condense.system": "sha256:1"}
    assert given.usage == Usage(prompt_tokens=99, completion_tokens=13)


async def test_a_model_that_fails_to_rewrite_is_told_and_rules_take_its_place() -> None:
    retriever = FakeRetriever(found(*PASSAGES, degraded=("index: old",)))

    given = await answer(FOLLOW_UP, retriever, FakeWriter(DRAFT), FakeCondenser(None))

    assert given.status == "answered"
    assert given.standalone_question == "Why, as to which ship came?"
    assert given.degraded == [NOTICE, "index: old"]


async def test_a_question_without_history_is_not_rewritten() -> None:
    given = await answer(
        ASKED, FakeRetriever(found(*PASSAGES)), FakeWriter(DRAFT), FakeCondenser(None)
    )

    assert (given.standalone_question, given.degraded) == (ASKED.text, [])
    assert given.writer.prompts == {}
