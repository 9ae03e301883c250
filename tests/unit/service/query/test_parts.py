from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.query.parts import MAX_PARTS, MIN_TERMS, parts, topic_terms

CLAUSES = "harbour storm, and while 🚢 wheat prices; ferry - that said? ü \n"
WORDS = st.sampled_from(CLAUSES.split(" "))
TEXT = st.lists(WORDS, max_size=80).map(" ".join) | st.text(max_size=60)


def test_each_clause_is_a_part() -> None:
    found = parts("Did wheat prices fall in May, while storms closed the harbour?")

    assert [part.text for part in found] == [
        "Did wheat prices fall in May",
        "storms closed the harbour",
    ]


@pytest.mark.parametrize("text", ["", "?", "and, but; or", "Why?", "the of and"])
def test_what_says_nothing_has_no_parts(text: str) -> None:
    assert parts(text) == []


def test_words_for_news_make_no_part() -> None:
    assert [part.text for part in parts("Two articles report, that wheat prices fell")] == [
        "wheat prices fell"
    ]
    assert topic_terms("Does another article describe the same report?") == []


def test_more_clauses_than_may_be_are_taken_together_with_their_neighbours() -> None:
    clauses = [f"harbour{n} storm{n}" for n in range(3 * MAX_PARTS)]

    found = parts(", ".join(clauses))

    assert len(found) == MAX_PARTS
    assert ", ".join(part.text for part in found) == ", ".join(clauses)


def test_a_name_with_a_comma_or_an_and_in_it_is_not_parted() -> None:
    text = "Did Sand and Sea Daily, of Norland report fog"
    start = text.index("Sand")

    whole = parts(text, [(start, start + len("Sand and Sea Daily, of Norland"))])

    assert [part.text for part in whole] == [text]
    assert len(parts(text)) > 1


@given(TEXT)
def test_parts_lie_in_the_text_in_order_and_are_never_too_many(text: str) -> None:
    found = parts(text)

    assert len(found) <= MAX_PARTS
    assert all(part.text == text[part.start : part.end] for part in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(len(topic_terms(part.text)) >= MIN_TERMS for part in found)
