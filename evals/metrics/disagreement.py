"""Whether disagreement among the sources is told where there is some, and only there."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import holds_any
from service.domain import Disagreement

SIDES = 2
"""Fewer are no disagreement."""


def disagreement_flagged(case: Case) -> Score:
    """Return 1 when a disagreement that is listed holds at least two gold positions."""
    if not case.gold.positions:
        return unscored("the question has no gold positions")
    most = max((_held(case, one) for one in case.answer.disagreements), default=0)
    return Score(value=float(most >= SIDES), why=f"{most} gold positions in one disagreement")


def positions_cited(case: Case) -> Score:
    """Return the share of gold positions that a cited quote holds."""
    if not case.gold.positions:
        return unscored("the question has no gold positions")
    quotes, groups = case.quotes, case.gold.positions
    cited = sum(any(holds_any(quote, group) for quote in quotes) for group in groups)
    return share(cited, len(groups), f"positions are cited by {len(quotes)} citations")


def no_false_alarm(case: Case) -> Score:
    """Return 1 when the answer to an answerable question of one position lists none."""
    if case.gold.positions or not case.gold.answerable:
        return unscored("not a control: no answer, or several positions")
    if case.answer.status != "answered":
        return unscored("abstained")
    listed = len(case.answer.disagreements)
    return Score(value=float(listed == 0), why=f"{listed} disagreements listed")


def _held(case: Case, listed: Disagreement) -> int:
    """Return how many gold positions are among the sides of a disagreement."""
    sides = [side.value for side in listed.positions]
    return sum(any(holds_any(side, group) for side in sides) for group in case.gold.positions)
