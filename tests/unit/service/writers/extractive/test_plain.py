from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.writers.extractive.candidates import (
    CONTEXT_SHARE,
    COVERAGE_WEIGHT,
    DUPLICATE_COSINE,
    WRONG_KIND,
    Candidate,
    rank,
)
from service.writers.extractive.plain import MAX_SENTENCES, NEAR_BEST, PlainSelector
from service.writers.writer import Evidence
from tests.unit.service.articles import evidence, passage
from tests.unit.service.writers.extractive.candidates import candidate

PLAIN = "Tell of the harbour"
"""A question that asks for no amount, time or person."""


def turned(cosine: float) -> list[float]:
    """Return a vector of unit length with this cosine to (1, 0)."""
    return [cosine, (1 - cosine**2) ** 0.5]


def texts(chosen: Sequence[Candidate]) -> list[str]:
    return [one.sentence.text for one in chosen]


def select(ranked: Sequence[Candidate]) -> list[Candidate]:
    return [one.candidate for one in PlainSelector(0.0).select(PLAIN, ranked).chosen]


def scored(given: Evidence) -> dict[str, float]:
    return {one.sentence.text: one.score for one in rank(given)}


def test_cosine_and_the_question_s_words_make_the_score() -> None:
    ships = passage("The harbour is deep. Many ships lie there.")
    given = replace(
        evidence(ships, question=PLAIN), rarity={"harbour": 3.0, "tug": 1.0}, closeness=[[0.8, 0.4]]
    )

    own, near = 0.75, 0.75 * CONTEXT_SHARE
    assert scored(given) == pytest.approx(
        {
            "The harbour is deep.": COVERAGE_WEIGHT * own + (1 - COVERAGE_WEIGHT) * 0.8,
            "Many ships lie there.": COVERAGE_WEIGHT * near + (1 - COVERAGE_WEIGHT) * 0.4,
        }
    )


def test_the_best_comes_first_and_equal_ones_by_passage_and_place() -> None:
    first, second = passage("Aa bb cc. Dd ee ff."), passage("Gg hh ii. Jj kk ll.", n=2)
    given = replace(
        evidence(second, first, question=PLAIN), closeness=[[0.5, 0.9], [0.5, 0.5]], rarity={}
    )

    assert texts(rank(given)) == ["Jj kk ll.", "Aa bb cc.", "Dd ee ff.", "Gg hh ii."]


def test_a_sentence_that_points_away_scores_nothing_and_not_less() -> None:
    given = replace(evidence(passage("Aa bb cc."), question=PLAIN), closeness=[[-0.7]])

    assert scored(given) == {"Aa bb cc.": 0.0}


def test_a_scrap_of_two_words_cannot_stand_as_an_answer() -> None:
    assert texts(rank(evidence(passage("Harbour news. The harbour opened.")))) == [
        "The harbour opened."
    ]


def test_a_sentence_without_the_kind_of_answer_asked_for_weighs_less() -> None:
    ships = passage("Ships came in. Ships came in at 9.")

    given = scored(evidence(ships, question="When did ships come?"))

    assert given["Ships came in."] == pytest.approx(WRONG_KIND * given["Ships came in at 9."])


def test_further_sentences_are_shown_when_they_score_nearly_as_well_as_the_best() -> None:
    near, far = NEAR_BEST * 0.8, NEAR_BEST * 0.8 - 0.01

    chosen = select([candidate("best", 0.8), candidate("near", near), candidate("far", far)])

    assert sorted(texts(chosen)) == ["best", "near"]


def test_no_more_sentences_are_shown_than_a_reader_takes_in() -> None:
    chosen = select([candidate(str(n), 0.9) for n in range(MAX_SENTENCES + 3)])

    assert sorted(texts(chosen)) == [str(n) for n in range(MAX_SENTENCES)]


@pytest.mark.parametrize(
    ("again", "shown"),
    [
        (candidate("Other words.", vector=turned(DUPLICATE_COSINE + 0.01)), 1),
        (candidate("Other words.", vector=turned(DUPLICATE_COSINE - 0.01)), 2),
        (candidate("The harbour opened.", vector=turned(0.0), n=2), 1),
    ],
)
def test_what_says_the_same_again_is_left_out(again: Candidate, shown: int) -> None:
    first = candidate("The harbour opened.", 0.95, turned(1.0))

    chosen = select([first, again])

    assert chosen == [first, again][:shown]


def test_a_left_out_duplicate_makes_room_for_the_next() -> None:
    same = [candidate(f"Copy {n}.", 0.9, turned(1.0)) for n in range(MAX_SENTENCES + 2)]

    assert sorted(texts(select([*same, candidate("New.", 0.88, turned(0.0))]))) == [
        "Copy 0.",
        "New.",
    ]
