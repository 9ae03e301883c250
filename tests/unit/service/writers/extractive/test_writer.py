from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.errors import ReaderUnavailable
from service.writers.extractive import ExtractiveWriter
from service.writers.extractive.candidates import COVERAGE_WEIGHT, Candidate
from service.writers.extractive.plain import PlainSelector
from service.writers.extractive.selection import Selection
from service.writers.extractive.writer import NOTICE
from tests.unit.service.articles import evidence, passage

PLAIN = "Tell of the harbour"


class Unreadable:
    """A selector whose reader is unavailable."""

    def select(self, question: str, ranked: Sequence[Candidate]) -> Selection:
        raise ReaderUnavailable(f"no reader for {question!r} and {len(ranked)} sentences")

    def warm(self) -> None:
        raise ReaderUnavailable("no reader")

    def close(self) -> None:
        pass


async def test_the_writer_answers_with_the_sentence_that_fits_best() -> None:
    ships = passage("The harbour opened in spring. Ships lie there.")
    given = replace(evidence(ships, question=PLAIN), closeness=[[0.9, 0.5]])

    draft = await ExtractiveWriter(PlainSelector(0.5)).write(given)

    assert (draft.text, draft.declined) == ("The harbour opened in spring. [1]", None)
    assert draft.statements[0].citations[0].quote in ships.source.text


@pytest.mark.parametrize(("cosine", "declined"), [(0.79, "low_relevance"), (0.81, None)])
async def test_the_writer_declines_below_the_relevance_it_was_given(
    cosine: float, declined: str | None
) -> None:
    given = replace(evidence(passage("Ships lie there."), question=PLAIN), closeness=[[cosine]])

    draft = await ExtractiveWriter(PlainSelector(0.8 * (1 - COVERAGE_WEIGHT))).write(given)

    assert draft.declined == declined
    assert bool(draft.text) is (declined is None)


async def test_the_writer_declines_when_no_sentence_can_stand_alone() -> None:
    draft = await ExtractiveWriter(PlainSelector(0.0)).write(evidence(passage("Ships.")))

    assert draft.declined is not None


async def test_without_its_reader_the_plain_selector_answers_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer = ExtractiveWriter(Unreadable(), PlainSelector(0.0))
    writer.warm()

    draft = await writer.write(evidence(passage("Ships lie there.")))

    assert (draft.text, draft.degraded) == ("Ships lie there. [1]", (NOTICE,))
    assert "no reader" in caplog.text


async def test_what_is_wrong_with_the_reader_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer = ExtractiveWriter(Unreadable(), PlainSelector(0.0))

    for _ in range(3):
        await writer.write(evidence(passage("Ships lie there.")))

    assert len(caplog.records) == 1
