"""Names that stand in a text, but not where the claim says: taken for another, or changed round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from service.facts.names import is_known
from service.facts.reading import Reading, Token, stem_of
from service.verification.evidence import Match

_SAYING = """
say tell add warn write announce argue claim state explain reckon note report insist deny promise
accuse praise blame criticise thank attack beat defeat meet invite sue support back oppose visit
replace succeed join call ask urge threaten invade buy acquire mention hit own
"""
_ENOUGH = 0.5
_TOPIC = 3
_LEAST = 2
_PARTING = ("by", ",", ".", "who")
_OPENING = 2


@cache
def _saying() -> frozenset[str]:
    return frozenset(stem_of(word) for word in _SAYING.split())


def names_of(reading: Reading) -> list[Token]:
    """Return the capitalised words of a sentence but the first, and that too if more follow."""
    found = []
    for at, token in enumerate(reading.tokens):
        if not token.content or not reading.text[token.start].isupper():
            continue
        following = reading.tokens[at + 1] if at + 1 < len(reading.tokens) else None
        first = all(not before.content for before in reading.tokens[:at]) and at < _OPENING
        verb = following is not None and (
            following.stem in _saying() or reading.text[following.start].isupper()
        )
        if not first or verb:
            found.append(token)
    return found


def far_names(claim: Reading, match: Match, texts: Sequence[Sequence[Reading]]) -> list[str]:
    """Return names of a claim that stand far from the sentence it rests on, as written.

    Told only where that sentence has another name in their place.
    """
    best = match.sentences[0]
    names = names_of(claim)
    mine = {token.stem for token in names}
    plain = claim.content - mine
    if not names or not plain or len(plain & best.content) < _ENOUGH * len(plain):
        return []
    others = {token.stem for token in names_of(best)} - claim.stems
    if len(plain & best.content) < _LEAST or not others:
        return []
    near = _beside(best, texts)
    return [
        claim.text[token.start : token.end]
        for token in names
        if not is_known(token.word, near) and _stands_aside(token.word, texts)
    ]


def _stands_aside(name: str, texts: Sequence[Sequence[Reading]]) -> bool:
    """Tell whether a name is in a text, and not of those that the text is about.

    Those are left out of most of its sentences.
    """
    holding = [at for text in texts for at, r in enumerate(text) if is_known(name, r.stems)]
    return 0 < len(holding) < _TOPIC and 0 not in holding


def _beside(best: Reading, texts: Sequence[Sequence[Reading]]) -> set[str]:
    """Return the words that the neighbours of a sentence can lend it."""
    for text in texts:
        for at, reading in enumerate(text):
            if reading is best:
                return _lent(text, at)
    return set()


def _lent(text: Sequence[Reading], at: int) -> set[str]:
    found = set(text[at].stems)
    for neighbour in text[max(0, at - 1) : at + 2]:
        found |= neighbour.stems
    return found


def in_place_of(claim: Reading, match: Match) -> list[str]:
    """Return a name of a claim where the sentence it rests on has another, as written.

    The words before both, or the verb after both, are the same.
    """
    best = match.sentences[0]
    plain = {t.stem for t in claim.tokens if t.content and not _is_name(claim, t)}
    if len(plain & best.content) < max(_LEAST, _ENOUGH * len(plain)):
        return []
    theirs = {place for token, place in _places(best) if not is_known(token.word, claim.stems)}
    return [
        claim.text[token.start : token.end]
        for token, place in _places(claim)
        if place in theirs and not is_known(token.word, best.stems)
    ][:1]


def _places(reading: Reading) -> Iterator[tuple[Token, str]]:
    """Yield names with the two words before them, and with the verb after them."""
    for at, token in enumerate(reading.tokens):
        if not _is_name(reading, token):
            continue
        before = reading.tokens[max(0, at - _OPENING) : at]
        if len(before) == _OPENING and before[0].content and not _is_name(reading, before[1]):
            yield token, f"{before[0].stem} {before[1].stem} …"
        after = reading.tokens[at + 1] if at + 1 < len(reading.tokens) else None
        acts = after and (after.content or after.stem in _saying())
        if after and acts and after.word.isalpha() and not _is_name(reading, after):
            yield token, f"… {after.stem}"


def swapped(claim: Reading, match: Match) -> list[str]:
    """Return who is said to have done what was done to them, as written."""
    done = {
        (doing.whom.stem, doing.what, doing.who.stem)
        for reading in match.sentences
        for doing in _doings(reading)
        if doing.who.stem != doing.whom.stem
    }
    return [
        claim.text[said.who.start : said.whom.end]
        for said in _doings(claim)
        if (said.who.stem, said.what, said.whom.stem) in done
    ][:1]


class _Doing(NamedTuple):
    """Who does something, what, and to whom."""

    who: Token
    what: str
    whom: Token


def _doings(reading: Reading) -> Iterator[_Doing]:
    """Yield who, what and whom of "A accused B", the words between them few and no "by"."""
    for at, token in enumerate(reading.tokens):
        if not token.content or reading.text[token.start].isupper():
            continue
        before = [t for t in reading.tokens[max(0, at - 3) : at] if _is_name(reading, t)]
        after = takewhile(lambda t: t.word not in _PARTING, reading.tokens[at + 1 : at + 5])
        whom = next((t for t in after if _is_name(reading, t)), None)
        if before and whom:
            yield _Doing(before[-1], token.stem, whom)


def _is_name(reading: Reading, token: Token) -> bool:
    return token.content and reading.text[token.start].isupper()
