from __future__ import annotations

import pytest

from evals.extraction.figures import auroc, bins, figures, thresholds
from evals.extraction.outcome import Judged, Outcome


def outcome(
    answerable: bool = True, confidence: float = 0.5, shown: tuple[bool, ...] = (True,), n: int = 0
) -> Outcome:
    f1 = 0.5 if answerable else None
    return Outcome(answerable, f"article {n}", confidence, shown, f1)


def test_shares_are_of_the_answerable_questions() -> None:
    found = figures(
        [outcome(shown=(False, True)), outcome(shown=(True, True)), outcome(False, shown=(False,))]
    )

    values = {name: figure.value for name, figure in found.items()}
    assert values["found"] == 1.0
    assert values["first"] == 0.5
    assert values["precision"] == 0.75
    assert values["span_f1"] == 0.5


@pytest.mark.parametrize(("sure", "expected"), [(0.9, 1.0), (0.5, 0.5), (0.1, 0.0)])
def test_auroc_tells_how_often_an_answerable_question_is_surer(
    sure: float, expected: float
) -> None:
    assert auroc([outcome(True, sure), outcome(False, 0.5)]) == expected


def test_of_one_kind_of_question_there_is_no_auroc() -> None:
    assert auroc([outcome(), outcome()]) is None


def test_an_interval_needs_several_articles_and_holds_the_value() -> None:
    alone = figures([outcome(), outcome(shown=(False,))])["found"]
    several = figures([outcome(n=n, shown=(n % 2 == 0,)) for n in range(40)])["found"]

    assert alone.interval is None
    assert several.interval is not None
    assert several.interval.low < 0.5 < several.interval.high


def test_bins_compare_what_is_stated_with_what_is_so() -> None:
    found = bins([Judged(0.12, False), Judged(0.18, True), Judged(1.0, True)])

    assert [(one.stated, one.observed, one.count) for one in found] == [
        (pytest.approx(0.15), 0.5, 2),
        (1.0, 1.0, 1),
    ]


def test_a_threshold_trades_answers_for_right_ones() -> None:
    found = thresholds(
        [
            outcome(confidence=0.9),
            outcome(confidence=0.35, shown=(False,)),
            outcome(False, confidence=0.2, shown=(False,)),
        ]
    )

    assert [round(one.answered, 2) for one in found[:5]] == [1.0, 1.0, 1.0, 0.67, 0.33]
    assert (found[0].precision, found[0].recall, found[0].abstained) == (1 / 3, 0.5, 0.0)
    assert (found[4].precision, found[4].recall, found[4].abstained) == (1.0, 0.5, 1.0)
