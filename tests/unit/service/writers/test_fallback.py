from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from ingest.domain import Filters
from service.answer import Retrieval, answer
from service.domain import Aspect, Coverage, Question, Understood, WriterInfo
from service.errors import WriterUnavailable
from service.writers.chat import ChatState, Tell
from service.writers.extractive import ExtractiveWriter
from service.writers.extractive.plain import PlainSelector
from service.writers.fallback import NOTICE, FallbackWriter
from service.writers.writer import Draft, Evidence
from tests.unit.service.articles import evidence, passage

PLAIN = ExtractiveWriter(PlainSelector(0))
EVIDENCE = evidence(passage("The harbour is 12 metres deep."))


class FakeModel:
    def __init__(self, draft: Draft | None) -> None:
        self.draft = draft
        self.closed = self.warmed = False
        self.chat_state = ChatState("open")

    @property
    def info(self) -> WriterInfo:
        return WriterInfo(kind="openai", model="tiny")

    def fitting(self, evidence: Evidence) -> Evidence:
        return evidence

    async def write(self, evidence: Evidence, _tell: Tell | None = None) -> Draft:
        if self.draft is None:
            raise WriterUnavailable(f"no answer to {evidence.question}")
        return self.draft

    def warm(self) -> None:
        self.warmed = True

    async def aclose(self) -> None:
        self.closed = True


async def test_the_model_answers_while_it_can() -> None:
    draft = Draft("Deep. [1]")

    assert await FallbackWriter(FakeModel(draft), PLAIN).write(EVIDENCE) is draft


async def test_sentences_of_the_articles_stand_in_and_the_draft_says_so() -> None:
    draft = await FallbackWriter(FakeModel(None), PLAIN).write(EVIDENCE)

    assert draft.text == "The harbour is 12 metres deep. [1]"
    assert draft.degraded == (NOTICE,)
    assert draft.writer == WriterInfo(kind="extractive")


async def test_why_the_model_failed_is_logged_and_not_printed(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    await FallbackWriter(FakeModel(None), PLAIN).write(EVIDENCE)

    assert "no answer to How deep" in caplog.text
    assert capsys.readouterr().out == ""


async def test_closing_closes_the_model() -> None:
    model = FakeModel(None)

    await FallbackWriter(model, PLAIN).aclose()

    assert model.closed


class FakeRetriever:
    def outlets_in(self, text: str) -> list[str]:
        return [word for word in text.split() if word == "Ledger"]

    async def retrieve(
        self, text: str, filters: Filters, k: int, disregard: Collection[Aspect] = ()
    ) -> Retrieval:
        return Retrieval(
            evidence=replace(EVIDENCE, question=text, passages=EVIDENCE.passages[:k]),
            hits=[],
            undated=[],
            understood=Understood(),
            coverage=Coverage(first=None, last=None, articles=1),
            degraded=[f"old {filters!r}", *disregard],
        )


async def test_the_answer_names_the_writer_that_wrote_and_what_is_degraded() -> None:
    writer = FallbackWriter(FakeModel(None), PLAIN)

    found = await answer(Question("How deep is the harbour?"), FakeRetriever(), writer)

    assert found.writer.kind == "extractive"
    assert found.degraded == [f"old {Filters()!r}", NOTICE]


def test_only_the_preferred_writer_is_warmed() -> None:
    class Cold(ExtractiveWriter):
        def warm(self) -> None:
            raise AssertionError("not asked yet")

    model = FakeModel(None)

    FallbackWriter(model, Cold(PlainSelector(0))).warm()

    assert model.warmed
