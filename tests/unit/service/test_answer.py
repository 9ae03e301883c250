from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from ingest.domain import Filters
from service.answer import NEAREST, Retrieval, answer
from service.domain import (
    AbstentionReason,
    Answer,
    Citation,
    Coverage,
    Passage,
    Question,
    Statement,
    Turn,
    Usage,
    WriterInfo,
)
from service.writers.writer import Draft, Evidence
from tests.unit.service.articles import evidence, passage

COVERED = Coverage(first="2025-02-01", last="2025-03-31", articles=4)
PASSAGES = [passage(f"Ship number {n} entered the harbour.", n=n) for n in range(1, 6)]
CITATION = Citation(source=1, article_id="a1", start=100, end=134, quote="Ship number 1 …")
STATEMENT = Statement(
    text="Ship 1 came.", start=0, end=16, support="supported", citations=[CITATION]
)
DRAFT = Draft("Ship 1 came. [1]", (STATEMENT,))
ASKED = Question("Which ship came?")


@dataclass
class FakeRetriever:
    """Finds what it was given, and remembers what was looked for."""

    found: Retrieval
    takes_s: float = 0.0
    history: list[tuple[str, Filters, int]] = field(default_factory=list)

    async def retrieve(self, text: str, filters: Filters, k: int) -> Retrieval:
        self.history.append((text, filters, k))
        await asyncio.sleep(self.takes_s)
        return self.found


@dataclass
class FakeWriter:
    """Writes what it was given, and remembers from what."""

    draft: Draft
    takes_s: float = 0.0
    info: WriterInfo = field(default_factory=lambda: WriterInfo(kind="openai", model="m1"))
    history: list[Evidence] = field(default_factory=list)

    async def write(self, evidence: Evidence) -> Draft:
        self.history.append(evidence)
        await asyncio.sleep(self.takes_s)
        return self.draft

    async def aclose(self) -> None:
        """There is nothing to release."""


def found(
    *passages: Passage, coverage: Coverage = COVERED, degraded: tuple[str, ...] = ()
) -> Retrieval:
    return Retrieval(evidence(*passages), coverage, list(degraded))


async def answered(
    question: Question = ASKED, retrieval: Retrieval | None = None, draft: Draft = DRAFT
) -> Answer:
    retriever = FakeRetriever(retrieval or found(*PASSAGES))
    return await answer(question, retriever, FakeWriter(draft))


async def test_an_answer_has_what_was_written_and_the_sources_by_number() -> None:
    given = await answered()

    assert (given.status, given.abstention) == ("answered", None)
    assert (given.answer, given.statements) == (DRAFT.text, [STATEMENT])
    assert [source.n for source in given.sources] == [1, 2, 3, 4, 5]


async def test_the_writer_is_shown_what_was_found_for_the_question_that_stands_alone() -> None:
    retriever, writer = FakeRetriever(found(*PASSAGES)), FakeWriter(DRAFT)
    filters = Filters(outlets=("Ledger",))
    asked = Question("Why?", (Turn("user", "Which ship came?"),), filters, k=5)

    given = await answer(asked, retriever, writer)

    assert retriever.history == [("Which ship came? Why?", filters, 5)]
    assert writer.history == [retriever.found.evidence]
    assert (given.question, given.standalone_question) == ("Why?", "Which ship came? Why?")


async def test_without_passages_no_writer_is_asked() -> None:
    writer = FakeWriter(DRAFT)

    given = await answer(ASKED, FakeRetriever(found()), writer)

    assert writer.history == []
    assert given.status == "insufficient_evidence"
    assert given.abstention is not None
    assert (given.abstention.reason, given.abstention.coverage) == ("no_passages", COVERED)


@pytest.mark.parametrize("reason", ["low_relevance", "writer_declined"])
async def test_a_writer_that_declines_gives_the_reason(reason: AbstentionReason) -> None:
    given = await answered(draft=Draft(declined=reason))

    assert given.status == "insufficient_evidence"
    assert given.abstention is not None
    assert given.abstention.reason == reason
    assert [source.n for source in given.abstention.nearest] == list(range(1, NEAREST + 1))
    assert (given.sources, given.statements) == ([], [])


async def test_every_reason_is_said_in_words_of_its_own() -> None:
    late = Question("Which ship came?", filters=Filters(published_after=date(2026, 1, 1)))
    said = [
        (await answered(retrieval=found())).answer,
        (await answered(late, found())).answer,
        (await answered(draft=Draft(declined="low_relevance"))).answer,
        (await answered(draft=Draft(declined="writer_declined"))).answer,
    ]

    assert len(set(said)) == len(said)
    assert all(text.endswith(".") for text in said)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ({"published_after": date(2025, 4, 1)}, "out_of_range"),
        ({"published_after": date(2025, 3, 31)}, "no_passages"),
        ({"published_before": date(2025, 1, 31)}, "out_of_range"),
        ({"published_before": date(2025, 2, 1)}, "no_passages"),
        ({"as_of": date(2025, 1, 31)}, "out_of_range"),
        ({"as_of": date(2025, 1, 31), "published_before": date(2025, 3, 1)}, "out_of_range"),
        ({"outlets": ("Nobody",)}, "no_passages"),
    ],
)
async def test_a_period_that_the_index_does_not_cover_is_told_from_no_match(
    days: Mapping[str, Any], reason: AbstentionReason
) -> None:
    given = await answered(Question("Which ship came?", filters=Filters(**days)), found())

    assert given.abstention is not None
    assert given.abstention.reason == reason


async def test_an_index_without_dates_covers_no_period_to_be_out_of() -> None:
    undated = found(coverage=Coverage(first=None, last=None, articles=4))
    late = Question("Which ship came?", filters=Filters(published_after=date(2030, 1, 1)))

    given = await answered(late, undated)

    assert given.abstention is not None
    assert given.abstention.reason == "no_passages"


async def test_what_is_degraded_in_the_index_and_in_the_draft_is_joined() -> None:
    draft = replace(DRAFT, degraded=("writer: slow",))

    given = await answered(retrieval=found(*PASSAGES, degraded=("index: old",)), draft=draft)

    assert given.degraded == ["index: old", "writer: slow"]


async def test_the_day_that_was_asked_for_is_given_back() -> None:
    past = Question("Which ship came?", filters=Filters(as_of=date(2025, 3, 5)))

    assert (await answered(past)).as_of == "2025-03-05"
    assert (await answered()).as_of is None


async def test_who_wrote_the_draft_wins_over_the_writer_that_was_asked() -> None:
    stand_in = WriterInfo(kind="extractive")

    assert (await answered(draft=replace(DRAFT, writer=stand_in))).writer == stand_in
    assert (await answered()).writer == WriterInfo(kind="openai", model="m1")


async def test_the_tokens_that_were_counted_are_given_on() -> None:
    usage = Usage(prompt_tokens=90, completion_tokens=12)

    assert (await answered(draft=replace(DRAFT, usage=usage))).usage == usage


async def test_each_answer_has_an_id_of_its_own() -> None:
    given = [await answered() for _ in range(3)]

    assert len({one.id for one in given}) == 3
    assert all(one.id.startswith("ans_") for one in given)


async def test_time_is_told_in_milliseconds_of_the_stage_that_took_it() -> None:
    slow = FakeRetriever(found(*PASSAGES), takes_s=0.05)
    checked = FakeWriter(replace(DRAFT, verify_ms=10.0), takes_s=0.03)

    timings = (await answer(ASKED, slow, checked)).timings_ms

    assert 45 < timings.retrieve < 30_000
    assert 15 < timings.write < 30_000
    assert timings.verify == 10


@pytest.mark.parametrize("verify_ms", [0.0, 4.25])
async def test_the_stages_add_up_to_the_whole(verify_ms: float) -> None:
    writer = FakeWriter(replace(DRAFT, verify_ms=verify_ms), takes_s=0.01)

    timings = (await answer(ASKED, FakeRetriever(found(*PASSAGES)), writer)).timings_ms

    parts = (timings.retrieve, timings.write, timings.verify)
    assert min(parts) >= 0
    assert timings.total >= max(parts)
    assert timings.total == pytest.approx(sum(parts), abs=0.03)
