"""How much of the gold evidence the writer was shown."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import one_spaced


def evidence_recall(case: Case) -> Score:
    """Return the share of gold quotes that stand whole in a source, from whichever article.

    A quote that two articles carry counts once: either copy of a wire story serves.
    """
    question, answer = case.gold, case.answer
    quotes = {one_spaced(evidence.quote) for evidence in question.evidence}
    if not quotes:
        return unscored("the question has no gold evidence")
    if answer.status != "answered":
        return unscored("abstained: the passages that the writer saw are not in the answer")
    texts = [one_spaced(source.text) for source in answer.sources]
    found = sum(any(quote in text for text in texts) for quote in quotes)
    return share(found, len(quotes), f"gold quotes are among {len(texts)} sources")
