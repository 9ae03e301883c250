"""Whether the answer keeps clear of what it must not say."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, unscored
from evals.metrics.wording import holds, without_markers


def forbidden_absent(case: Case) -> Score:
    """Return 1 when the answer holds no forbidden phrase, else 0; abstaining holds none."""
    question, answer = case.gold, case.answer
    if not question.forbidden:
        return unscored("the question forbids nothing")
    text = without_markers(answer.answer)
    said = [phrase for phrase in question.forbidden if holds(text, phrase)]
    if said:
        return Score(value=0.0, why=f"says {'; '.join(said)}")
    return Score(value=1.0, why=f"says none of {len(question.forbidden)} forbidden phrases")
