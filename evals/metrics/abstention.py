"""Whether the service knew when to give no answer."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, unscored


def abstention(case: Case) -> Score:
    """Return 1 when it abstained exactly when the question is unanswerable, else 0."""
    right = _abstained(case) is not case.gold.answerable
    return Score(value=float(right), why=_why(case))


def abstention_recall(case: Case) -> Score:
    """Return 1 when it abstained from an unanswerable question."""
    if case.gold.answerable:
        return unscored("the question is answerable")
    return Score(value=float(_abstained(case)), why=_why(case))


def abstention_precision(case: Case) -> Score:
    """Return 1 when the question from which it abstained is unanswerable."""
    if not _abstained(case):
        return unscored("answered")
    return Score(value=float(not case.gold.answerable), why=_why(case))


def answered_when_answerable(case: Case) -> Score:
    """Return 1 when it answered an answerable question, 0 for a false abstention."""
    if not case.gold.answerable:
        return unscored("the question is unanswerable")
    return Score(value=float(not _abstained(case)), why=_why(case))


def _abstained(case: Case) -> bool:
    return case.answer.status == "insufficient_evidence"


def _why(case: Case) -> str:
    reason = f" ({case.answer.abstention.reason})" if case.answer.abstention else ""
    did = f"abstained{reason}" if _abstained(case) else "answered"
    return f"{did}; the question is {'answerable' if case.gold.answerable else 'unanswerable'}"
