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


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "Storms closed the harbour, and Norland, while wheat prices fell",
            ["Storms closed the harbour, and Norland", "wheat prices fell"],
        ),
        ("In Norland, did wheat prices fall?", ["In Norland, did wheat prices fall"]),
        (
            "Rain, snow, and wheat prices fell, and storms closed the harbour",
            ["Rain, snow, and wheat prices fell", "storms closed the harbour"],
        ),
        ("Did the old ferry sink, and when?", ["Did the old ferry sink"]),
    ],
)
def test_a_clause_too_short_to_stand_alone_goes_with_the_one_before_the_first_with_the_next(
    text: str, clauses: list[str]
) -> None:
    assert [part.text for part in parts(text)] == clauses


@pytest.mark.parametrize(
    "text",
    [
        "What did Verin, which governs Norland, say about the ferry strike, and what did Ostia "
        "reply to Mara Lund?",
        "Which figures do Verin, Ostia, and the harbour council of Norland give for the storm?",
    ],
)
def test_every_word_of_the_topic_lies_in_some_part(text: str) -> None:
    found = [term for part in parts(text) for term in topic_terms(part.text)]

    assert set(found) == set(topic_terms(text))


def test_words_for_news_make_no_part() -> None:
    assert [part.text for part in parts("Other articles report, that wheat prices fell")] == [
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


def test_a_figure_or_an_hour_is_not_parted() -> None:
    text = "Did 12,000 old ferries sink at 10:30 near Norland"

    assert [part.text for part in parts(text)] == [text]


@given(TEXT)
def test_parts_lie_in_the_text_in_order_and_are_never_too_many(text: str) -> None:
    found = parts(text)

    assert len(found) <= MAX_PARTS
    assert all(part.text == text[part.start : part.end] for part in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(len(topic_terms(part.text)) >= MIN_TERMS for part in found)


@given(TEXT)
def test_no_word_of_the_topic_is_lost_where_there_is_a_part(text: str) -> None:
    found = parts(text)

    kept = {term for part in found for term in topic_terms(part.text)}
    assert not found or kept == set(topic_terms(text))


def test_a_clause_that_only_names_an_outlet_is_no_part() -> None:
    text = "Did wheat prices fall, according to the Harbour Post, while storms closed the harbour?"
    start = text.index("Harbour Post")

    found = parts(text, outlets=[(start, start + len("Harbour Post"))])

    assert [part.text for part in found] == [
        "Did wheat prices fall",
        "storms closed the harbour",
    ]
