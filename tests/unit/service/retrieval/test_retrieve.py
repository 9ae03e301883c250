from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from ingest.domain import Filters
from ingest.index.reader import IndexReader
from ingest.index.rows import Indexed
from service.query.outlets import OutletNames
from service.query.understanding import understand
from service.retrieval.retrieve import Found, retrieve
from service.retrieval.tuning import Tuning
from tests.unit.service.retrieval.memory_reader import NOTHING, MemoryReader, entry, query_of

WHEAT = "Wheat prices fell in Ankara.\nBakers were glad.\nNobody knows why."
STORM = "Storms closed the old harbour.\nFerries waited."


def sized(item: Indexed, size: int = 20) -> Indexed:
    """Return an article whose sentences have so many word pieces each."""
    sizes = [replace(p, sizes=(size,) * len(p.sentences)) for p in item.passages]
    return replace(item, passages=tuple(sizes))


def found(
    reader: MemoryReader,
    text: str = "Why did wheat prices fall?",
    k: int = 8,
    filters: Filters | None = None,
    tuning: Tuning | None = None,
) -> Found:
    names = OutletNames(key.outlet for key in reader.articles_by_id.values() if key.outlet)
    asked = understand(text, names, date(2025, 12, 10))
    return retrieve(cast(IndexReader, reader), query_of(asked), filters or Filters(), k, tuning)


def test_passages_are_numbered_and_scored_best_first() -> None:
    passages = found(MemoryReader(entry("a", STORM), entry("b", WHEAT))).passages

    scores = [passage.source.score for passage in passages]
    assert passages[0].source.passage_id == "b-0000"
    assert [passage.source.n for passage in passages] == list(range(1, len(passages) + 1))
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_scores_stay_apart_however_low_and_half_is_for_a_total_of_nothing() -> None:
    reader = MemoryReader(entry("a", STORM), entry("b", WHEAT))

    lost = [hit.score for hit in found(reader, tuning=replace(NOTHING, neighbour=1)).hits]

    assert lost[:2] == [0.5, 0.5]
    assert 0 < lost[-1] < lost[2] < 0.5


@pytest.mark.parametrize("k", [1, 2, 3])
def test_there_are_never_more_than_asked_for(k: int) -> None:
    assert len(found(MemoryReader(entry("a", STORM), entry("b", WHEAT)), k=k).hits) == k


def test_a_passage_grows_by_its_neighbours_sentences_and_stays_a_slice() -> None:
    [passage] = found(MemoryReader(sized(entry("b", WHEAT))), k=1).passages

    source = passage.source
    together = "Wheat prices fell in Ankara.\nBakers were glad."
    assert (source.start, source.end, source.text) == (0, len(together), together)
    assert [own.text for own in passage.sentences] == together.split("\n")
    assert all(source.text[own.start : own.end] == own.text for own in passage.sentences)


def test_growing_can_be_switched_off() -> None:
    reader = MemoryReader(sized(entry("b", WHEAT)))

    [passage] = found(reader, k=1, tuning=Tuning(joined=False)).passages

    assert passage.source.text == "Wheat prices fell in Ankara."


def test_a_copy_with_another_figure_is_shown_beside_the_other() -> None:
    other = "Wheat prices fell by 9 percent in Ankara."
    reader = MemoryReader(entry("a", WHEAT), entry("b", other), stories={"b": "a"})

    hits = found(reader).hits

    assert {hit.article_id for hit in hits} == {"a", "b"}
    assert {hit.story_id for hit in hits} == {"a"}


def test_of_a_story_one_article_is_shown_and_the_others_are_named() -> None:
    reader = MemoryReader(entry("a", WHEAT), entry("b", WHEAT), stories={"b": "a"})

    hits = found(reader).hits

    assert {hit.article_id for hit in hits} == {"a"}
    assert hits[0].also_in == ["b"]


def test_a_copy_that_the_filters_leave_out_is_not_named() -> None:
    copies = entry("a", WHEAT, outlet="Lantern"), entry("b", WHEAT, outlet="Courier")
    reader = MemoryReader(*copies, stories={"b": "a"})

    hits = found(reader, filters=Filters(("courier",))).hits

    assert {(hit.article_id, *hit.also_in) for hit in hits} == {("b",)}


def test_each_hit_says_why_it_is_there() -> None:
    text = "Does the Lantern article of 3 December 2025 say wheat prices fell in Ankara?"
    reader = MemoryReader(entry("a", WHEAT, outlet="Lantern", day="2025-12-03"))

    why = found(reader, text, k=1).hits[0].why

    assert (why.words, why.outlet, why.day, why.part) == (1, True, 1, None)
    assert 0 < why.coverage <= 1
    assert 0 < why.meaning <= 1


def test_a_hit_names_the_part_of_the_question_that_it_fits() -> None:
    text = "Did wheat prices fall in Ankara, while storms closed the old harbour?"
    reader = MemoryReader(entry("a", STORM), entry("b", WHEAT))

    parts = {hit.passage_id: hit.why.part for hit in found(reader, text).hits}

    assert parts["b-0000"] == "Did wheat prices fall in Ankara"
    assert parts["a-0000"] == "storms closed the old harbour"


def test_hits_and_passages_are_the_same_sources() -> None:
    both = found(MemoryReader(entry("a", STORM), entry("b", WHEAT)))

    assert [hit.as_source() for hit in both.hits] == [own.source for own in both.passages]


def test_nothing_is_found_where_nothing_counts() -> None:
    both = found(MemoryReader(entry("a", STORM)), filters=Filters(("Nobody",)))

    assert (both.passages, both.hits) == ([], [])
