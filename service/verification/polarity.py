"""What a claim turns round: a negation, a "may", or a word by its contrary."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from service.facts.reading import Reading, Token, scope, stem_of
from service.verification.contraries import contraries
from service.verification.evidence import Match
from service.verification.opposites import opposites

_ABOUT_THE_SAME = 0.3
_SAME_FOR_NEGATION = 0.45
_NEAR = 8
# A sentence with one of these may deny what it says in another way than by "not".
_DENIES_SOMEHOW = """
fail failed refuse deny reject decline lack lacks lacking without only rather instead stop prevent
until unable impossible illegal cancel abandon avoid missing absent exclude
scarcely seldom no not nobody none never neither nor against refrain reluctant
ban forbid prohibit block
oppose doubt unlikely halt suspend postpone delay despite although nothing
"""
# A sentence with one of these is not sure of what it says.
_HEDGES = """
can would should if whether hope want expect likely may might could perhaps seem ask propos
consid aim intend possibl chanc promis wish due schedul
"""
# Words of time and place, and such as are said of nearly everything.
# These more often do not deny.
_OFTEN = frozenset({"only", "until", "despit", "although", "rather", "instead"})
_WEAK = "year month week time people country say tell"


@cache
def _denying_stems() -> frozenset[str]:
    return frozenset(stem_of(word) for word in _DENIES_SOMEHOW.split())


@cache
def _hedging_stems() -> frozenset[str]:
    return frozenset(_HEDGES.split())


@cache
def _weak_stems() -> frozenset[str]:
    return frozenset(stem_of(word) for word in _WEAK.split())


def turned(claim: Reading, match: Match, texts: Sequence[Sequence[Reading]]) -> list[str]:
    """Return the words of a claim that the sentences it rests on contradict, as written.

    Args:
        claim: One sentence.
        match: What it rests on.
        texts: The whole of what it cites.
    """
    if match.share < _ABOUT_THE_SAME:
        return []
    found = contraries(claim, match.sentences, texts)
    # "Fell" for "did not rise" is one thing, not two.
    if not found:
        found += _denials(claim, match.sentences)
    if not found:
        found += _undenied(claim, match.sentences, texts)
    if not found and match.share >= _SAME_FOR_NEGATION:
        found += _certainties(claim, match.sentences)
    return found


def _denials(claim: Reading, rested: Sequence[Reading]) -> list[str]:
    """Return what a claim denies and the sentence says."""
    best = rested[0]
    doubly = claim.affirmed & (best.negated - best.affirmed)
    if doubly:
        return [claim.text[t.start : t.end] for t in claim.tokens if t.stem in doubly][:1]
    for at in claim.negation:
        said = scope(claim.tokens, at)
        if said and claim.affirmed.isdisjoint(t.stem for t in said) and _said_plainly(said, best):
            return [claim.text[claim.tokens[at].start : said[0].end]]
    return []


def _undenied(
    claim: Reading, rested: Sequence[Reading], texts: Sequence[Sequence[Reading]]
) -> list[str]:
    """Return what a claim says and the sentences deny, or every sentence that has the word."""
    there = frozenset[str]().union(*(reading.stems for reading in rested))
    # "Give up" denies nothing where the text has it too.
    if claim.negation or (claim.stems & (_denying_stems() - _OFTEN)) - there:
        return []
    for token in _strong(claim.tokens):
        near = [reading for reading in rested if token.stem in reading.stems]
        holding = near or [r for text in texts for r in text if token.stem in r.stems]
        size = 2 if near else 1
        if holding and all(_denied(token.stem, reading, size) for reading in holding):
            return [claim.text[token.start : token.end]]
    return []


def _said_plainly(said: Sequence[Token], best: Reading) -> bool:
    """Tell whether a sentence says without any negation what a claim denies."""
    stems = {token.stem for token in said}
    # "Fell" bears out "did not rise".
    contrary = {stem for _, other in opposites().get(said[0].stem, ()) for stem in other}
    if not contrary.isdisjoint(best.stems):
        return False
    if not best.negation and not best.stems & _denying_stems():
        return True
    first = said[0].stem
    return first in best.stems and not stems & best.negated and not _near_denial(first, best)


def _near_denial(stem: str, reading: Reading) -> bool:
    places = [at for at, token in enumerate(reading.tokens) if token.stem == stem]
    denials = [at for at, token in enumerate(reading.tokens) if token.stem in _denying_stems()]
    return any(0 < place - denial <= _NEAR for place in places for denial in denials)


def _denied(stem: str, reading: Reading, size: int) -> bool:
    """Tell whether one of the first words of meaning after a negation is this one."""
    said = [scope(reading.tokens, at, size) for at in reading.negation]
    return any(token.stem == stem for one in said for token in one)


def _strong(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.content and token.stem not in _weak_stems()]


def _certainties(claim: Reading, rested: Sequence[Reading]) -> list[str]:
    """Return what a claim is surer of than the sentence, or less sure."""
    best = rested[0]
    loose = claim.uncertain | claim.intended
    for token in _strong(claim.tokens):
        stem = token.stem
        held = stem in best.stems
        if held and stem in best.asked and _is_done(token, best):
            return [] if _hedged(claim) or claim.negation else [claim.text[token.start : token.end]]
        if held and stem in (best.uncertain | best.intended) and not loose and not claim.negation:
            return [] if _hedged(claim) else [claim.text[token.start : token.end]]
        if held and stem in claim.uncertain and not (best.uncertain or best.intended):
            return [] if _hedged(best) or claim.negation else _with_modal(claim, token)
    return []


def _is_done(token: Token, best: Reading) -> bool:
    """Tell whether a claim has in the past what a sentence only has after "to"."""
    asked = {one.word for one in best.tokens if one.stem == token.stem}
    return token.word not in asked and not token.word.endswith(("ing", "s"))


def _hedged(reading: Reading) -> bool:
    return bool(reading.stems & _hedging_stems() or reading.intended)


def _with_modal(claim: Reading, token: Token) -> list[str]:
    before = [t for t in claim.tokens if t.start < token.start and t.word in ("may", "might")]
    return [claim.text[before[-1].start : token.end]] if before else []
