"""How many of an answer's citations bear on the question."""

from __future__ import annotations

from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import matches
from evals.suite import GoldQuestion
from service.domain import Answer


def citation_precision(question: GoldQuestion, answer: Answer) -> Score:
    """Return the share of citations that match a gold quote.

    Gold evidence may leave out a passage that also bears on the question, so this is a lower bound.
    """
    gold = [evidence.quote for evidence in question.evidence]
    if not gold:
        return unscored("the question has no gold evidence")
    if answer.status != "answered":
        return unscored("abstained")
    cited = [citation.quote for said in answer.statements for citation in said.citations]
    if not cited:
        return unscored("no citation given")
    right = sum(any(matches(quote, wanted) for wanted in gold) for quote in cited)
    return share(right, len(cited), "citations match a gold quote")
