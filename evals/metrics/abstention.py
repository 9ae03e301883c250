"""Whether the service knew when to give no answer."""

from __future__ import annotations

from evals.metrics.score import Score
from evals.suite import GoldQuestion
from service.domain import Answer


def abstention(question: GoldQuestion, answer: Answer) -> Score:
    """Return 1 when it abstained exactly when the question is unanswerable, else 0."""
    abstained = answer.status == "insufficient_evidence"
    reason = f" ({answer.abstention.reason})" if answer.abstention else ""
    did = f"abstained{reason}" if abstained else "answered"
    kind = "answerable" if question.answerable else "unanswerable"
    right = abstained is not question.answerable
    return Score(value=float(right), why=f"{did}; the question is {kind}")
