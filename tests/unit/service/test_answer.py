from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ingest.domain import Filters
from service.answer import NEAREST, Retrieval, answer
from service.domain import (
    AbstentionReason,
    Answer,
    Coverage,
    Question,
    Turn,
    Understood,
    Usage,
    WriterInfo,
)
from service.writers.writer import Draft
from tests.unit.service.articles import passage
from tests.unit.service.told import (
    ASKED,
    COVERED,
    DRAFT,
    PASSAGES,
    STATEMENT,
    FakeRetriever,
    FakeWriter,
    found,
)


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

    whole = "Why, as to which ship came?"
    assert retriever.history == [(whole, filters, 5)]
    assert writer.history == [retriever.found.evidence]
    assert (given.question, given.standalone_question) == ("Why?", whole)


async def test_what_was_understood_is_told_and_what_shall_be_disregarded_is_passed_on() -> None:
    retriever = FakeRetriever(found(*PASSAGES))
    asked = replace(ASKED, disregard=frozenset({"days"}))

    given = await answer(asked, retriever, FakeWriter(DRAFT))

    assert given.understood == Understood(outlets=["Ledger"])
    assert retriever.disregarded == [frozenset({"days"})]


async def test_undated_passages_are_shown_apart_and_never_to_the_writer() -> None:
    old = passage("A ship came once.", n=9, day=None)
    retriever, writer = FakeRetriever(found(*PASSAGES, undated=(old,))), FakeWriter(DRAFT)

    given = await answer(ASKED, retriever, writer)

    assert given.undated == [old.source]
    assert old not in writer.history[0].passages
    assert old.source not in given.sources


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
    # To compare the sources is counted too.
    assert 10 <= timings.verify < 30_000


@pytest.mark.parametrize("verify_ms", [0.0, 4.25])
async def test_the_stages_add_up_to_the_whole(verify_ms: float) -> None:
    writer = FakeWriter(replace(DRAFT, verify_ms=verify_ms), takes_s=0.01)

    timings = (await answer(ASKED, FakeRetriever(found(*PASSAGES)), writer)).timings_ms

    parts = (timings.condense, timings.retrieve, timings.write, timings.verify)
    assert min(parts) >= 0
    assert timings.total >= max(parts)
    assert timings.total == pytest.approx(sum(parts), abs=0.03)
