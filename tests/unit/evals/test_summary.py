"""Means and their intervals, over the answers that have a score."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from evals.metrics import METRICS, unanswered
from evals.metrics.score import Score
from evals.summary import Figure, figures


def figure(values: Sequence[float | None], clusters: Sequence[int] | None = None) -> Figure:
    """Return the figure of the first metric when it has these values, each a cluster or not."""
    name = next(iter(METRICS))
    scores = [{**unanswered("x"), name: Score(value=value, why="x")} for value in values]
    return figures(scores, clusters or range(len(values)))[name]


def width(found: Figure) -> float:
    """Return how wide the interval is."""
    assert found.low is not None and found.high is not None
    return found.high - found.low


@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_nothing_scored_has_no_mean(values: Sequence[None]) -> None:
    assert figure(values) == Figure(n=0, unscored=len(values))


def test_one_score_has_no_interval() -> None:
    assert figure([0.5, None]) == Figure(n=1, unscored=1, mean=0.5)


def test_unscored_answers_do_not_lower_the_mean() -> None:
    found = figure([1, None, 0, None])

    assert (found.n, found.unscored, found.mean) == (2, 2, 0.5)


def test_answers_that_rest_on_one_article_say_less() -> None:
    values, halves = [1] * 20 + [0] * 20, [0] * 20 + [1] * 20

    apart, together = figure(values), figure(values, halves)

    assert (together.low, together.high) == (0, 1)
    assert width(apart) < 0.4
    assert figure(values, [0] * 40).low is None


def test_the_interval_is_the_same_every_time() -> None:
    assert figure([0, 1, 1, 0, 1]) == figure([0, 1, 1, 0, 1])


def test_more_answers_give_a_narrower_interval() -> None:
    assert width(figure([0, 1] * 5)) > 2 * width(figure([0, 1] * 50))


@examples(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_the_interval_holds_the_mean_and_stays_among_the_values(values: list[float]) -> None:
    found = figure(values)
    assert found.mean is not None and found.low is not None and found.high is not None

    slack = 1e-9
    assert found.low - slack <= found.mean <= found.high + slack
    assert min(values) - slack <= found.low
    assert found.high <= max(values) + slack
