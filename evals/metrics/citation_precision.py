"""How many of an answer's citations bear on the question."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.citation_integrity import invented_markers
from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import matches


def citation_precision(case: Case) -> Score:
    """Return the share of citations that match a gold quote; invented ones are citations too.

    Gold evidence may leave out a passage that also bears on the question, so this is a lower bound.
    """
    question, answer = case.gold, case.answer
    gold = [evidence.quote for evidence in question.evidence]
    if not gold:
        return unscored("the question has no gold evidence")
    if answer.status != "answered":
        return unscored("abstained")
    cited = case.quotes
    invented = len(invented_markers(answer))
    if not cited and not invented:
        return unscored("no citation given")
    right = sum(any(matches(quote, wanted) for wanted in gold) for quote in cited)
    return share(right, len(cited) + invented, f"citations match gold; {invented} are invented")
