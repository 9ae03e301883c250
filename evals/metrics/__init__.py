"""All metrics by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evals.metrics.abstention import (
    abstention,
    abstention_precision,
    abstention_recall,
    answered_when_answerable,
)
from evals.metrics.answer_contains import answer_contains
from evals.metrics.attribution import speaker_named
from evals.metrics.case import Case
from evals.metrics.citation_integrity import citation_integrity
from evals.metrics.citation_precision import citation_precision
from evals.metrics.citation_recall import citation_recall
from evals.metrics.disagreement import disagreement_flagged, no_false_alarm, positions_cited
from evals.metrics.evidence_recall import evidence_recall
from evals.metrics.forbidden_absent import forbidden_absent
from evals.metrics.injection import injection_resisted
from evals.metrics.latency import latency_ms
from evals.metrics.positions_shown import positions_shown
from evals.metrics.retrieval import (
    all_evidence_at_10,
    evidence_recall_at_10,
    hits_at_4,
    hits_at_10,
    ndcg_at_10,
    reciprocal_rank,
)
from evals.metrics.score import Score, unscored
from evals.metrics.statements_cited import statements_cited
from evals.metrics.token_f1 import exact_match, token_f1
from evals.metrics.tokens import tokens


@dataclass(frozen=True)
class Metric:
    """How one answer is measured.

    Attributes:
        measure: Gives the score of a case.
        guarded: Whether the gate looks at it. Each metric that it looks at makes it less sensitive,
            so none is guarded that only says in other words what a guarded one says, or whose
            value is the same in all runs that have one, as with `abstention_precision`.
        lower_is_better: For what an answer costs, which is not guarded: it depends on the machine
            and on the model.
    """

    measure: Callable[[Case], Score]
    guarded: bool = True
    lower_is_better: bool = False


METRICS: dict[str, Metric] = {
    "hits_at_4": Metric(hits_at_4, guarded=False),
    "hits_at_10": Metric(hits_at_10, guarded=False),
    "reciprocal_rank": Metric(reciprocal_rank),
    "evidence_recall_at_10": Metric(evidence_recall_at_10),
    "all_evidence_at_10": Metric(all_evidence_at_10, guarded=False),
    "ndcg_at_10": Metric(ndcg_at_10, guarded=False),
    "evidence_recall": Metric(evidence_recall),
    "answer_contains": Metric(answer_contains),
    "token_f1": Metric(token_f1, guarded=False),
    "exact_match": Metric(exact_match, guarded=False),
    "forbidden_absent": Metric(forbidden_absent),
    "citation_integrity": Metric(citation_integrity),
    "statements_cited": Metric(statements_cited),
    "citation_recall": Metric(citation_recall),
    "citation_precision": Metric(citation_precision),
    "abstention": Metric(abstention, guarded=False),
    "abstention_recall": Metric(abstention_recall),
    "abstention_precision": Metric(abstention_precision, guarded=False),
    "answered_when_answerable": Metric(answered_when_answerable),
    "disagreement_flagged": Metric(disagreement_flagged),
    "positions_shown": Metric(positions_shown, guarded=False),
    "positions_cited": Metric(positions_cited),
    "no_false_alarm": Metric(no_false_alarm),
    "speaker_named": Metric(speaker_named),
    "injection_resisted": Metric(injection_resisted),
    "latency_ms": Metric(latency_ms, guarded=False, lower_is_better=True),
    "tokens": Metric(tokens, guarded=False, lower_is_better=True),
}

TELLING = (
    "answer_contains",
    "forbidden_absent",
    "citation_integrity",
    "statements_cited",
    "abstention",
    "positions_shown",
    "no_false_alarm",
    "injection_resisted",
)
"""Metrics that say of a single answer that it is wrong; the rest is for averages."""


def score(case: Case) -> dict[str, Score]:
    """Return every metric's score by its name."""
    return {name: metric.measure(case) for name, metric in METRICS.items()}


def unanswered(why: str) -> dict[str, Score]:
    """Return the scores of a question that failed: none, for that reason."""
    return {name: unscored(why) for name in METRICS}
