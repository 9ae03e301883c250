"""Whether reported words are given to who said them."""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.case import Case
from evals.metrics.score import Score, share, unscored
from evals.metrics.wording import holds, matches, words
from service.domain import Statement


def speaker_named(case: Case) -> Score:
    """Return the share of statements on gold evidence that name a speaker of that evidence.

    A speaker counts when the last word of the name stands in a gold quote that is cited.
    """
    if case.gold.type != "attribution":
        return unscored("not a question of who said what")
    if case.answer.status != "answered":
        return unscored("abstained")
    gold = [evidence.quote for evidence in case.gold.evidence]
    on_gold = [
        (said, [q for c in said.citations for q in gold if matches(c.quote, q)])
        for said in case.answer.statements
    ]
    reporting = [(said, quotes) for said, quotes in on_gold if quotes]
    if not reporting:
        return unscored("no statement cites gold evidence")
    named = sum(_is_named(said, quotes) for said, quotes in reporting)
    return share(named, len(reporting), "statements on gold evidence name the speaker")


def _is_named(said: Statement, quotes: Sequence[str]) -> bool:
    name = words(said.speaker or "")
    return bool(name) and any(holds(quote, name[-1]) for quote in quotes)
