"""Whether reported words are given to who said them."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import holds, matches
from service.domain import Statement


def speaker_named(case: Case) -> Score:
    """Return the share of statements on gold evidence that name a speaker of that evidence.

    A speaker is named in the statement's text or its `speaker`, and stands in the quote cited.
    """
    if case.gold.type != "attribution":
        return unscored("not a question of who said what")
    if case.answer.status != "answered":
        return unscored("abstained")
    gold = [evidence.quote for evidence in case.gold.evidence]
    on_gold = [
        said
        for said in case.answer.statements
        if any(matches(c.quote, quote) for c in said.citations for quote in gold)
    ]
    if not on_gold:
        return unscored("no statement cites gold evidence")
    named = sum(_is_named(said) for said in on_gold)
    return share(named, len(on_gold), "statements on gold evidence name the speaker")


def _is_named(said: Statement) -> bool:
    if not said.speaker:
        return False
    surname = said.speaker.split()[-1]
    texts = [said.text, *(citation.quote for citation in said.citations)]
    return any(holds(text, surname) for text in texts)
