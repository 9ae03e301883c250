from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.query.outlets import OutletNames

TIMES, POST = "The Times of India", "Harbour Post"
NAMES = OutletNames(
    [
        *("BBC News - Technology", "BBC News - Sport", TIMES, "The New York Times", "Fortune"),
        *("The Age", "Live Science: The Most Interesting Articles", "theguardian.com", POST),
        *("Business Line | Markets", "The Verge"),
    ]
)
BBC = ("BBC News - Sport", "BBC News - Technology")
TEXT = (
    "the age of fortune bbc news - times india new york nyt harbour post’s rain says verge and "
    "science: live 🚢 ß é ( |"
)
WORDS = st.sampled_from(TEXT.split())


def named(text: str) -> list[tuple[str, ...]]:
    return [mention.outlets for mention in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("What did the Times of India write about rain?", TIMES),
        ("The Times of India on rain", TIMES),
        ("does times of india write about rain?", TIMES),
        ("What does NYT say of the bridge?", "The New York Times"),
        ("What does nyt say of the bridge?", "The New York Times"),
        ("Was the New York Times first?", "The New York Times"),
        ("What is in the Fortune article?", "Fortune"),
        ("Did The Age report rain?", "The Age"),
        ("Did Live Science report rain?", "Live Science: The Most Interesting Articles"),
        ("Did TheGuardian report rain?", "theguardian.com"),
        ("What do Business Line and others say?", "Business Line | Markets"),
        ("Rain, says harbour post", POST),
    ],
)
def test_an_outlet_is_found_by_each_of_its_names(text: str, outlet: str) -> None:
    assert named(text) == [(outlet,)]


@pytest.mark.parametrize("text", ["BBC on rain", "bbc on rain", "What did the BBC News say?"])
def test_a_short_name_that_outlets_share_means_all_of_them(text: str) -> None:
    assert named(text) == [BBC]


def test_a_full_name_means_one_of_those_that_share_the_short_one() -> None:
    assert named("What is in the BBC News - Sport article?") == [("BBC News - Sport",)]


@pytest.mark.parametrize(
    "text",
    [
        "What fortune did she make?",
        "Who named the age of AI?",
        "WHO NAMED THE AGE OF AI?",
        "On the verge of winter",
        "What new times?",
        "",
        "?",
    ],
)
def test_common_words_are_no_outlets(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    "text", ["Harbour Post's story", "Harbour Post’s story", "THE HARBOUR POST’S STORY"]
)
def test_a_possessive_belongs_to_the_name(text: str) -> None:
    [mention] = NAMES.find(text)

    assert mention.outlets == (POST,)
    assert text[mention.start : mention.end].casefold().startswith(("harbour", "the harbour"))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("What is in an article by the Wall Street Journal?", "Wall Street Journal"),
        ("What is new in Bloomberg's coverage of rain?", "Bloomberg"),
        ("Which report by 'Reuters' is right?", "Reuters"),
        ("What does an Evening Star article say?", "Evening Star"),
    ],
)
def test_an_outlet_that_the_index_does_not_have_is_told_as_missing(text: str, missing: str) -> None:
    [mention] = NAMES.find(text)

    assert mention.outlets == ()
    assert text[mention.start : mention.end] == missing


def test_the_verb_that_opens_a_question_is_no_part_of_a_missing_outlets_name() -> None:
    text = "Does the Evening Star article say so?"

    assert [text[m.start : m.end] for m in NAMES.find(text)] == ["Evening Star"]


def test_known_and_missing_outlets_come_in_the_order_of_the_text() -> None:
    text = "Why does the Evening Star article agree with the Harbour Post and Fortune?"

    assert named(text) == [(), (POST,), ("Fortune",)]


def test_without_outlets_nothing_is_known() -> None:
    assert OutletNames([]).find("What did the Harbour Post say?") == []


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_capitals_and_small_letters_name_the_same_outlets(text: str) -> None:
    assert named(text.upper()) == named(text.lower())


@given(st.lists(WORDS | st.text(max_size=5), max_size=12).map(" ".join))
def test_mentions_are_slices_of_the_text_that_do_not_overlap(text: str) -> None:
    found = NAMES.find(text)

    ends = [0, *(mention.end for mention in found)]
    assert all(end <= mention.start for end, mention in zip(ends, found, strict=False))
    assert all(mention.start < mention.end <= len(text) for mention in found)
