"""Whether the answer says what it should."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, unscored
from evals.metrics.wording import holds_any, without_markers


def answer_contains(case: Case) -> Score:
    """Return 1 when the answer holds a phrase of every group, else 0."""
    question, answer = case.gold, case.answer
    if not question.answers:
        return unscored("the question has no gold answer")
    if answer.status != "answered":
        return Score(value=0.0, why="abstained from an answerable question")
    said = without_markers(answer.answer)
    missing = [group[0] for group in question.answers if not holds_any(said, group)]
    if missing:
        return Score(value=0.0, why=f"not in the answer: {'; '.join(missing)}")
    return Score(value=1.0, why="every group is in the answer")
