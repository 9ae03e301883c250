"""Words are compared without case, punctuation and white space; numbers as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.wording import holds, matches, one_spaced, without_markers, words


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("It grew by 13 percent, he said.", "13 Percent"),
        ("covers 2026–2028", "2026-2028"),
        ("covers 2026—2028", "2026–2028"),
        ("Iran’s minister", "Iran"),
        ("Iran’s minister", "iran's"),
        ("“nobody was hurt”", '"Nobody was hurt"'),
        ("a twenty-year treaty", "twenty year"),
        ("a\n  twenty\u00a0year\ttreaty", "twenty year treaty"),
        ("Cafe\u0301 talks", "Caf\u00e9"),
        ("co\u00adoperation", "cooperation"),
        ("STRASSE", "straße"),
        ("It fell by −3 percent", "-3 percent"),
    ],
)
def test_holds_a_phrase_however_it_is_written(text: str, phrase: str) -> None:
    assert holds(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("130 percent", "13 percent"),
        ("It grew by 13.5 percent", "13"),
        ("It grew by 3.13 percent", "13 percent"),
        ("1,000 men", "000 men"),
        ("It fell by -3 percent", "3 percent"),
        ("Iranians", "Iran"),
        ("the wall of China", "China wall"),
        ("", "Monday"),
    ],
)
def test_does_not_take_another_number_or_word_for_the_phrase(text: str, phrase: str) -> None:
    assert not holds(text, phrase)


@given(st.text())
def test_a_text_with_a_word_holds_itself(text: str) -> None:
    assert holds(text, text) or not words(text)


@given(st.text(), st.text())
def test_words_are_free_of_white_space(one: str, other: str) -> None:
    assert words(f"{one} | {other}") == words(one) + words(other)


def test_markers_are_nothing_that_an_answer_says() -> None:
    assert not holds(without_markers("It sank [2]."), "2")


def test_white_space_is_one_blank() -> None:
    assert one_spaced(" a\n\n\u00a0b ") == "a b"


@pytest.mark.parametrize(
    "citation",
    [
        "The ferry sank on Monday",
        "ferry sank on",
        "It rained. The ferry sank on Monday. Twelve were aboard.",
        "the ferry sank on a Monday",
    ],
)
def test_a_citation_that_holds_half_of_the_gold_quote_in_one_run_matches(citation: str) -> None:
    assert matches(citation, "The ferry sank on Monday.")


@pytest.mark.parametrize("citation", ["", "the ferry", "the car sank on a Monday", "Monday"])
def test_a_citation_of_less_does_not_match(citation: str) -> None:
    assert not matches(citation, "The ferry sank on Monday.")
