from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from service.answer import answer
from service.domain import Answer, Source
from service.writers.writer import Draft
from tests.unit.service.told import ASKED, DRAFT, PASSAGES, FakeRetriever, FakeWriter, found


@dataclass
class Ear:
    """Remembers what it heard, in order."""

    heard: list[tuple[str, object]] = field(default_factory=list)

    def sources(self, sources: Sequence[Source]) -> None:
        self.heard.append(("sources", [source.n for source in sources]))

    def delta(self, text: str) -> None:
        self.heard.append(("delta", text))

    @property
    def text(self) -> str:
        return "".join(str(what) for name, what in self.heard if name == "delta")


async def heard(writer: FakeWriter) -> tuple[Ear, Answer]:
    ear = Ear()
    given = await answer(ASKED, FakeRetriever(found(*PASSAGES)), writer, listener=ear)
    return ear, given


async def test_the_sources_are_heard_before_the_text() -> None:
    ear, given = await heard(FakeWriter(DRAFT))

    assert ear.heard[0] == ("sources", [1, 2, 3, 4, 5])
    assert ear.text == given.answer


@pytest.mark.parametrize("told", ["", DRAFT.text[:5], DRAFT.text])
async def test_what_was_told_while_it_was_written_is_not_told_again(told: str) -> None:
    ear, given = await heard(FakeWriter(DRAFT, tells=told))

    assert ear.text == given.answer


async def test_an_answer_that_is_not_what_was_told_is_left_to_the_answer_itself() -> None:
    ear, given = await heard(FakeWriter(DRAFT, tells="Something else"))

    assert ear.text == "Something else"
    assert given.answer == DRAFT.text


async def test_that_there_is_no_answer_is_heard_too() -> None:
    ear, given = await heard(FakeWriter(Draft(declined="writer_declined")))

    assert given.status == "insufficient_evidence"
    assert ear.text == given.answer


async def test_passages_that_the_writer_cannot_read_are_no_sources_and_that_is_said() -> None:
    ear, given = await heard(FakeWriter(DRAFT, reads=3))

    assert ear.heard[0] == ("sources", [1, 2, 3])
    assert [source.n for source in given.sources] == [1, 2, 3]
    assert given.degraded == [
        "writer: 2 of the passages found are more than the language model can read"
    ]
