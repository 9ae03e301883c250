from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.writers.budget import fitting, tokens_in
from tests.unit.service.articles import passage


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), (" \n", 0), ("ship", 1), ("shipping", 2), ("12,345", 3), ("2025", 2), ("кит", 3)],
)
def test_tokens_are_counted_rather_too_high(text: str, tokens: int) -> None:
    assert tokens_in(text) == tokens


@given(st.text(), st.text())
def test_two_texts_have_the_tokens_of_both(one: str, other: str) -> None:
    assert tokens_in(f"{one} {other}") == tokens_in(one) + tokens_in(other)


def test_the_first_passages_that_fit_are_kept_and_no_later_one() -> None:
    passages = [passage("x.", n=n) for n in range(1, 5)]

    kept = fitting(passages, ["a a", "a a a", "a a a a", "a"], room=6)

    assert [one.source.n for one in kept] == [1, 2]


def test_the_best_passage_is_kept_even_if_it_does_not_fit() -> None:
    assert len(fitting([passage("x.")], ["a a a"], room=-5)) == 1
