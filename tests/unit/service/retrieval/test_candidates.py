from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Event
from time import sleep
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.domain import Filters, Hit
from ingest.embed.int8 import quantise
from ingest.errors import EmbeddingFailed
from ingest.index.catalog import ArticleKey
from ingest.index.lexical import WordQuery
from ingest.index.lines import LineRow
from ingest.index.reader import IndexReader
from ingest.index.sentence_terms import pack_terms
from service.query.outlets import OutletNames
from service.query.understanding import Query, understand
from service.retrieval.candidates import MAX_SEARCHES, find_candidates
from service.retrieval.tuning import Tuning
from tests.fakes import FakeEmbedder
from tests.unit.service.retrieval.memory_reader import query_of

OUTLETS = ["Harbour Post", "Lantern", *(f"Daily Number{n}" for n in range(9))]
TODAY = date(2025, 12, 10)
OPEN = Filters()
TWO_PARTS = "Did wheat prices fall, while storms closed the harbour?"


@dataclass
class FakeReader:
    """Finds what it is told to, and remembers what was looked for."""

    words: list[str] = field(default_factory=list)
    meaning: list[str] = field(default_factory=list)
    searches: list[tuple[str, Filters]] = field(default_factory=list)

    def lexical(self, text: str, _k: int, filters: Filters) -> list[Hit]:
        self.searches.append((text, filters))
        return [Hit(own, 2.0) for own in self.words]

    def lexical_all(self, queries: Sequence[WordQuery]) -> list[list[Hit]]:
        return [self.lexical(*query) for query in queries]

    def near(self, _vector: NDArray[np.float32], _k: int, _filters: Filters) -> list[str]:
        return self.meaning

    def line_rows(self, ids: Sequence[str]) -> list[LineRow]:
        packed = quantise(FakeEmbedder().vector("rain")[None])
        return [LineRow(own, packed.tobytes(), pack_terms("", ["rain"])) for own in ids]

    @property
    def articles_by_id(self) -> dict[str, ArticleKey]:
        return {own: ArticleKey(own, None, None, None, own, 1) for own in "abc"}

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        return dict.fromkeys(terms, 1.0)


def looked_for(
    text: str, filters: Filters = OPEN, tuning: Tuning | None = None
) -> list[tuple[str, Filters]]:
    reader = FakeReader()
    find(reader, text, filters, tuning)
    return reader.searches


def find(
    reader: FakeReader, text: str, filters: Filters = OPEN, tuning: Tuning | None = None
) -> list[str]:
    asked = understand(text, OutletNames(OUTLETS), TODAY)
    found = find_candidates(cast(IndexReader, reader), query_of(asked), filters, tuning or Tuning())
    return found.lines.passage_ids if found else []


def test_the_whole_question_and_each_part_are_searched_for() -> None:
    texts = [text for text, _ in looked_for(TWO_PARTS)]

    assert texts == [TWO_PARTS, "Did wheat prices fall", "storms closed the harbour"]


def test_an_outlet_named_is_searched_apart() -> None:
    text = "What does Lantern say about the wheat harvest?"

    assert looked_for(text) == [(text, OPEN), (text, Filters(("Lantern",)))]


def test_an_outlet_that_the_filters_leave_out_is_not_searched() -> None:
    text, filters = "What does Lantern say about the wheat harvest?", Filters(("harbour post",))

    assert looked_for(text, filters) == [(text, filters)]


@pytest.mark.parametrize(
    ("filters", "narrowed"),
    [
        (OPEN, (date(2025, 11, 1), date(2025, 11, 30))),
        (Filters(published_after=date(2025, 11, 5)), (date(2025, 11, 5), date(2025, 11, 30))),
        (Filters(published_before=date(2025, 11, 9)), (date(2025, 11, 1), date(2025, 11, 9))),
        (Filters((), date(2025, 10, 1), TODAY), (date(2025, 11, 1), date(2025, 11, 30))),
    ],
)
def test_days_named_narrow_the_filters_and_never_widen_them(
    filters: Filters, narrowed: tuple[date, date]
) -> None:
    found = looked_for("Which ferry sank in November 2025?", filters)

    assert [own for _, own in found] == [filters, Filters((), *narrowed)]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(published_after=date(2025, 12, 5)),
        Filters(published_before=date(2025, 12, 1)),
        Filters(as_of=date(2025, 12, 1)),
    ],
)
def test_a_day_that_the_filters_leave_out_is_not_searched(filters: Filters) -> None:
    text = "Which ferry sank on 3 December 2025?"

    assert looked_for(text, filters) == [(text, filters)]


def test_a_day_is_searched_in_the_outlets_named() -> None:
    found = looked_for("What did Lantern say on 3 December 2025?")

    assert found[-1][1] == Filters(("Lantern",), date(2025, 12, 3), date(2025, 12, 3))


def test_as_of_stays_in_force_in_every_search() -> None:
    filters = Filters(as_of=date(2025, 12, 4))

    found = looked_for("What did Lantern say on 3 December 2025?", filters)

    assert [own.as_of for _, own in found] == 3 * [filters.as_of]


def test_many_outlets_are_not_all_searched() -> None:
    text = "What do " + " and ".join(f"Daily Number{n}" for n in range(9)) + " say about wheat?"

    found = [filters for _, filters in looked_for(text) if filters.outlets]

    assert len(found) == MAX_SEARCHES


def test_what_words_and_meaning_find_is_taken_together_in_order() -> None:
    reader = FakeReader(words=["c-0000", "a-0000"], meaning=["b-0000", "a-0000"])

    assert find(reader, "wheat") == ["a-0000", "b-0000", "c-0000"]


def test_each_kind_of_search_can_be_left_out() -> None:
    reader = FakeReader(words=["a-0000"], meaning=["b-0000"])

    assert find(reader, TWO_PARTS, tuning=Tuning(lexical=False)) == ["b-0000"]
    assert reader.searches == []
    assert find(reader, TWO_PARTS, tuning=Tuning(dense=False)) == ["a-0000"]


class SlowReader(FakeReader):
    """Is still searching by words when the question cannot be embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.ended = Event(), Event()

    def lexical(self, text: str, k: int, filters: Filters) -> list[Hit]:
        self.begun.set()
        sleep(0.05)
        self.ended.set()
        return super().lexical(text, k, filters)

    def embed(self) -> NDArray[np.float32]:
        assert self.begun.wait(10)
        raise EmbeddingFailed("no model")


def test_the_search_by_words_is_over_when_embedding_fails() -> None:
    reader = SlowReader()
    query = Query(understand("wheat", OutletNames([]), TODAY), reader.embed)

    with pytest.raises(EmbeddingFailed, match="no model"):
        find_candidates(cast(IndexReader, reader), query, OPEN, Tuning())

    assert reader.ended.is_set()
    assert reader.searches == [("wheat", OPEN)]


def test_where_nothing_is_found_there_are_no_candidates() -> None:
    assert find(FakeReader(), "wheat") == []
