"""All metrics, one file each; higher is better except for latency."""

from __future__ import annotations

from collections.abc import Mapping

from evals.metrics.abstention import abstention
from evals.metrics.answer_contains import answer_contains
from evals.metrics.citation_integrity import citation_integrity
from evals.metrics.citation_precision import citation_precision
from evals.metrics.citation_recall import citation_recall
from evals.metrics.evidence_recall import evidence_recall
from evals.metrics.forbidden_absent import forbidden_absent
from evals.metrics.latency import latency_ms
from evals.metrics.positions_shown import positions_shown
from evals.metrics.score import Score, unscored
from evals.suite import GoldQuestion
from service.domain import Answer

METRICS = (
    "evidence_recall",
    "answer_contains",
    "positions_shown",
    "forbidden_absent",
    "citation_integrity",
    "citation_recall",
    "citation_precision",
    "abstention",
    "latency_ms",
)


def score(question: GoldQuestion, answer: Answer, texts: Mapping[str, str]) -> dict[str, Score]:
    """Return every metric's score by its name.

    Args:
        question: What was asked, with its gold answer.
        answer: What the service said.
        texts: The text of each cited article that exists, by article id.
    """
    return {
        "evidence_recall": evidence_recall(question, answer),
        "answer_contains": answer_contains(question, answer),
        "positions_shown": positions_shown(question, answer),
        "forbidden_absent": forbidden_absent(question, answer),
        "citation_integrity": citation_integrity(answer, texts),
        "citation_recall": citation_recall(question, answer),
        "citation_precision": citation_precision(question, answer),
        "abstention": abstention(question, answer),
        "latency_ms": latency_ms(answer),
    }


def unanswered(why: str) -> dict[str, Score]:
    """Return the scores of a question that failed: none, for that reason."""
    return {name: unscored(why) for name in METRICS}
