"""Whether the reader of an answer learns that the sources disagree."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import holds_any, without_markers


def positions_shown(case: Case) -> Score:
    """Return the share of gold positions in the answer's text or among its disagreements."""
    question, answer = case.gold, case.answer
    if not question.positions:
        return unscored("the question has no gold positions")
    if answer.status != "answered":
        return unscored("abstained")
    listed = [side.value for about in answer.disagreements for side in about.positions]
    texts = [without_markers(answer.answer), *listed]
    shown = sum(any(holds_any(text, group) for text in texts) for group in question.positions)
    return share(shown, len(question.positions), "positions are shown")
