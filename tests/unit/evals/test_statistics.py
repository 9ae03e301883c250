"""Differences are told from chance, and chance is not taken for a difference."""

from __future__ import annotations

import numpy as np
import pytest

from evals.statistics import CONFIDENCE, adjusted, difference


def test_equal_runs_do_not_differ() -> None:
    found = difference([0, 1, 1], [0, 1, 1], "abc")

    assert (found.change, found.low, found.high) == (0, 0, 0)
    assert (found.p_value, found.p_fall) == (1, 1)


def test_a_fall_of_every_question_is_no_chance() -> None:
    found = difference([1.0] * 12, [0.0] * 12, range(12))

    # All twelve signs alike: one of 2**12 ways.
    assert found.p_fall == pytest.approx(1 / 2**12)
    assert found.p_value == pytest.approx(2 / 2**12)
    assert (found.change, found.low, found.high) == (-1, -1, -1)


def test_a_rise_is_no_fall() -> None:
    assert difference([0.0] * 12, [1.0] * 12, range(12)).p_fall == 1


def test_questions_of_one_article_are_one_piece_of_evidence() -> None:
    apart = difference([1.0] * 10, [0.0] * 10, range(10))
    together = difference([1.0] * 10, [0.0] * 10, ["one"] * 9 + ["two"])

    assert (apart.clusters, together.clusters) == (10, 2)
    assert apart.p_fall < 0.01 < together.p_fall


def test_one_cluster_has_no_interval() -> None:
    found = difference([1.0, 1.0], [0.0, 1.0], ["one", "one"])

    assert (found.low, found.high, found.change) == (None, None, -0.5)


def test_the_interval_holds_the_true_change_about_as_often_as_stated() -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(100):
        before = rng.random(60)
        after = before + rng.normal(0.1, 0.3, 60)
        found = difference(before.tolist(), after.tolist(), range(60))
        assert found.low is not None and found.high is not None
        held += found.low <= 0.1 <= found.high

    assert held >= 100 * CONFIDENCE - 7


def test_a_metric_takes_a_share_of_the_level_only_if_it_can_use_it() -> None:
    fallen = difference([1.0] * 7, [0.0] * 7, range(7))
    hopeless = difference([1.0] * 7, [0.0, 0.0, *[1.0] * 5], range(7))

    assert adjusted([fallen], 0.05) == [fallen.p_fall]
    assert adjusted([fallen, *[hopeless] * 20], 0.05) == [fallen.p_fall, *[1.0] * 20]
    assert adjusted([fallen] * 3, 0.05) == [3 * fallen.p_fall] * 3
    assert adjusted([], 0.05) == []


@pytest.mark.parametrize("count", range(6))
def test_the_least_chance_is_that_of_every_sign_alike(count: int) -> None:
    found = difference([1.0] * 6, [0.0] * count + [1.0] * (6 - count), range(6))

    assert found.least_p == found.p_fall == 0.5**count
