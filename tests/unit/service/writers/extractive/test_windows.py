from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.domain import Passage
from service.writers.extractive.candidates import Candidate
from service.writers.extractive.windows import (
    LEAST_CHARS,
    MAX_CHARS,
    MAX_IN_PASSAGE,
    MAX_WINDOWS,
    MIN_SHARE,
    MOST_CHARS,
    windows,
)
from tests.unit.service.articles import passage

LONG = " ".join(f"{'word ' * 30}{n}." for n in range(30))
"""Thirty sentences of some 150 characters."""


def candidate(where: Passage, at: int, cosine: float = 0.9) -> Candidate:
    return Candidate(where, at, cosine)


def test_a_short_passage_is_read_whole() -> None:
    found = windows([candidate(passage("One ship. Two ships. Three."), 1)])

    assert [window.text for window in found] == ["One ship. Two ships. Three."]


def test_what_is_around_the_best_sentence_is_read_as_far_as_it_fits() -> None:
    (window,) = windows([candidate(passage(LONG), 10)])

    assert len(window.text) <= MOST_CHARS
    assert window.first < 10 < window.last
    assert abs((10 - window.first) - (window.last - 10)) <= 1


def test_a_sentence_longer_than_a_window_is_read_alone() -> None:
    (window,) = windows([candidate(passage(f"{'word ' * 400}end. Next."), 0)])

    assert (window.first, window.last) == (0, 0)


def test_many_passages_get_smaller_windows_each() -> None:
    found = windows([candidate(passage(LONG, n=n), 10) for n in range(1, 21)])

    assert MAX_CHARS // LEAST_CHARS <= len(found) <= MAX_WINDOWS
    assert sum(len(window.text) for window in found) <= MAX_CHARS
    assert all(len(window.text) <= LEAST_CHARS for window in found)


def test_a_passage_is_read_in_few_places() -> None:
    long = passage(LONG)

    found = windows([candidate(long, at) for at in (2, 15, 28)])

    assert len(found) == MAX_IN_PASSAGE


def test_what_is_far_worse_than_the_best_is_not_read() -> None:
    good, bad = passage(LONG), passage(LONG, n=2)

    found = windows([candidate(good, 3, 0.9), candidate(bad, 3, 0.9 * MIN_SHARE - 0.01)])

    assert [window.passage.source.n for window in found] == [1]


def test_without_candidates_nothing_is_read() -> None:
    assert windows([]) == []


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 29)), min_size=1, max_size=30))
def test_no_sentence_is_read_twice(places: list[tuple[int, int]]) -> None:
    passages = {n: passage(LONG, n=n) for n in range(1, 5)}

    found = windows([candidate(passages[n], at) for n, at in places])

    read = [(w.passage.source.n, at) for w in found for at in range(w.first, w.last + 1)]
    assert len(read) == len(set(read))
