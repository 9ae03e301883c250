"""The retrieval metrics are MultiHop-RAG's, by an independent computation too."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from evals.metrics.case import Case
from evals.metrics.retrieval import (
    all_evidence_at_10,
    evidence_recall_at_10,
    hits_at_4,
    hits_at_10,
    ndcg_at_10,
    reciprocal_rank,
)
from tests.unit.evals.made import TITLE, answered, gold, source, unanswerable

FACTS = ("The ferry sank on Monday.", "Twelve were aboard.", "Nobody was hurt.")
METRICS = {
    "hits@4": hits_at_4,
    "hits@10": hits_at_10,
    "mrr": reciprocal_rank,
    "recall": evidence_recall_at_10,
    "all": all_evidence_at_10,
}


def case(passages: Sequence[str], facts: Sequence[str] = FACTS) -> Case:
    """Return a question with these facts and this ranking."""
    evidence = [{"article": TITLE, "quote": fact} for fact in facts]
    ranking = tuple(source(n, text=text) for n, text in enumerate(passages, 1))
    return Case(gold(evidence=evidence), answered(), ranking)


def independent(passages: Sequence[str], facts: Sequence[str]) -> dict[str, float]:
    """Compute the same by loops over ranks, as the set's own script words it."""
    matched: set[str] = set()
    first = 0
    for rank in range(1, min(10, len(passages)) + 1):
        text = passages[rank - 1].replace(" ", "").replace("\n", "")
        for fact in facts:
            if fact.replace(" ", "").replace("\n", "") in text:
                matched.add(fact)
                first = first or rank
    return {
        "hits@4": float(0 < first <= 4),
        "hits@10": float(first > 0),
        "mrr": 1 / first if first else 0.0,
        "recall": len(matched) / len(facts),
        "all": float(len(matched) == len(facts)),
    }


def measured(given: Case) -> dict[str, float | None]:
    return {name: metric(given).value for name, metric in METRICS.items()}


@pytest.mark.parametrize(
    "passages",
    [
        [],
        ["Nothing."] * 12,
        [*["Nothing."] * 3, FACTS[0]],
        [*["Nothing."] * 4, FACTS[0]],
        [*["Nothing."] * 9, FACTS[0]],
        [*["Nothing."] * 10, FACTS[0]],
        # A fact cut by a boundary, in two passages, several in one, and white space of any kind.
        ["The ferry sank", "on Monday.", FACTS[1]],
        [FACTS[0], FACTS[0], "Nothing."],
        [" ".join(FACTS)],
        ["The ferry\nsank on  Mon day.Twelve were aboard.", FACTS[2]],
    ],
)
def test_metrics_equal_an_independent_computation(passages: list[str]) -> None:
    assert measured(case(passages)) == independent(passages, FACTS)


@given(
    st.lists(st.lists(st.sampled_from([*FACTS, "Rain fell."]), max_size=3), max_size=14),
    st.lists(st.sampled_from(FACTS), min_size=1, unique=True),
)
@examples(max_examples=150)
def test_metrics_equal_an_independent_computation_on_any_ranking(
    parts: list[list[str]], facts: list[str]
) -> None:
    passages = ["\n".join(sentences) for sentences in parts]

    assert measured(case(passages, facts)) == independent(passages, facts)


def test_a_quote_in_two_articles_is_one_fact() -> None:
    given = case([FACTS[0]], [FACTS[0], FACTS[0].replace(" ", "\n")])

    assert evidence_recall_at_10(given).value == 1


def test_ndcg_discounts_by_rank() -> None:
    found = ndcg_at_10(case(["Nothing.", FACTS[0], FACTS[1]], FACTS[:2])).value

    ideal = 1 + 1 / math.log2(3)
    assert found == pytest.approx((1 / math.log2(3) + 1 / math.log2(4)) / ideal)


@pytest.mark.parametrize(
    ("passages", "expected"),
    [([FACTS[0], FACTS[1]], 1), ([], 0), (["Nothing."] * 10, 0), ([" ".join(FACTS)], 1)],
)
def test_ndcg_of_the_best_and_the_worst(passages: list[str], expected: float) -> None:
    facts = FACTS[:2] if len(passages) == 2 else FACTS

    assert ndcg_at_10(case(passages, facts)).value == pytest.approx(expected)


def test_ndcg_gains_nothing_by_saying_it_again() -> None:
    once = ndcg_at_10(case([FACTS[0], "Nothing."], FACTS[:2])).value

    assert ndcg_at_10(case([FACTS[0], FACTS[0]], FACTS[:2])).value == once


def test_ndcg_counts_what_was_not_found() -> None:
    whole = ndcg_at_10(case([FACTS[0]], FACTS[:1])).value
    half = ndcg_at_10(case([FACTS[0]], FACTS[:2])).value

    assert whole == 1
    assert half is not None and half < 1


@pytest.mark.parametrize("metric", [*METRICS.values(), ndcg_at_10])
def test_without_gold_there_is_no_score(metric: object) -> None:
    assert callable(metric)
    assert metric(Case(unanswerable(), answered(), (source(),))).value is None
