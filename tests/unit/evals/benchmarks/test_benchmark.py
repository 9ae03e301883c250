"""A part of a set is drawn by seed, every type in proportion; ids are unique."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.benchmarks.benchmark import benchmark, choose
from evals.benchmarks.lines import Lines, Row
from evals.errors import RepeatedId
from tests.unit.evals.made import gold, unanswerable

FIRST_UNANSWERABLE = 60
QUESTIONS = [
    gold(id=f"q{n}") if n < FIRST_UNANSWERABLE else unanswerable(id=f"q{n}") for n in range(80)
]


@pytest.mark.parametrize(("limit", "unanswerables"), [(4, 1), (20, 5), (40, 10)])
def test_unanswerable_questions_keep_their_share(limit: int, unanswerables: int) -> None:
    chosen = choose(QUESTIONS, limit)

    assert len(chosen) == limit
    assert sum(not question.answerable for question in chosen) == unanswerables


def test_the_same_are_chosen_in_the_sets_order_and_stay_with_a_larger_limit() -> None:
    few, more = choose(QUESTIONS, 8), choose(QUESTIONS, 32)

    assert few == choose(QUESTIONS, 8)
    assert set(few) <= set(more)
    assert list(more) == [question for question in QUESTIONS if question in more]
    assert few != tuple(QUESTIONS[:8])


@pytest.mark.parametrize("limit", [None, 80, 500])
def test_all_are_chosen_without_a_smaller_limit(limit: int | None) -> None:
    assert choose(QUESTIONS, limit) == tuple(QUESTIONS)


def test_an_id_of_two_lines_is_refused() -> None:
    lines = Lines[Row](Path("set.jsonl"), "0" * 64, {})

    with pytest.raises(RepeatedId, match=r"set\.jsonl:3: the id 'when' is taken by line 1"):
        benchmark(lines, {1: gold(), 3: gold()}, Path("articles.jsonl"), None)


def test_a_question_knows_its_line() -> None:
    lines = Lines[Row](Path("set.jsonl"), "0" * 64, {})

    made = benchmark(lines, {7: gold()}, Path("articles.jsonl"), None)

    assert made.suite.place("when") == "set.jsonl:7"
