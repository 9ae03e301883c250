"""How much of the gold evidence the answer cites."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import matches, one_spaced


def citation_recall(case: Case) -> Score:
    """Return the share of gold quotes that a citation matches, from whichever article."""
    question, answer = case.gold, case.answer
    gold = {one_spaced(evidence.quote) for evidence in question.evidence}
    if not gold:
        return unscored("the question has no gold evidence")
    if answer.status != "answered":
        return unscored("abstained")
    cited = case.quotes
    found = sum(any(matches(quote, wanted) for quote in cited) for wanted in gold)
    return share(found, len(gold), f"gold quotes are cited by {len(cited)} citations")
