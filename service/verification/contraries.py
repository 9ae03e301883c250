"""Words of a claim in whose place a text has the contrary, or another word of the same kind."""

from __future__ import annotations

from collections.abc import Sequence

from service.facts.quantities import small_number
from service.facts.reading import Reading, Token
from service.verification.opposites import opposites, rivals, with_other_prefix

_NEAR, _NEAR_OF_SMALL_WORDS = 8, 4
_REACH_OF_NEGATION = 4
# Too common to be taken for a synonym of "raise" or "shut".
_LIGHT = frozenset(
    [
        "up",
        "more",
        "high",
        "higher",
        "down",
        "less",
        "low",
        "lower",
        "over",
        "close",
        "even",
        "back",
    ]
)


def contraries(
    claim: Reading, rested: Sequence[Reading], texts: Sequence[Sequence[Reading]]
) -> list[str]:
    """Return the words of a claim that a text has the contrary of, as written.

    Args:
        claim: One sentence.
        rested: The sentences it rests on, best first, at least one.
        texts: The whole of what it cites.
    """
    there = frozenset[str]().union(*(reading.stems for reading in rested))
    everywhere = frozenset[str]().union(*(r.stems for text in texts for r in text))
    return [
        claim.text[token.start : token.end]
        for at, token in enumerate(claim.tokens)
        if _is_in_place(claim, at, rested[0])
        or _is_exchanged(claim, at, rested[0])
        or _is_counted_otherwise(claim, at, rested[0])
        or (token.stem not in there and _is_contrary(claim, at, rested, everywhere))
    ]


def _is_contrary(
    claim: Reading, at: int, rested: Sequence[Reading], everywhere: frozenset[str]
) -> bool:
    token = claim.tokens[at]
    # A word that stands elsewhere in the text may be meant after all.
    least = 2 if token.stem in everywhere and token.content else 1
    opposed = any(
        not (same - _LIGHT) & rested[0].stems and _opposed(claim, at, contrary, rested, least)
        for same, contrary in opposites().get(token.stem, ())
    )
    # "May" is a month, "may" is none.
    meant = token.content or claim.text[token.start].isupper()
    return opposed or (
        meant
        and token.stem not in everywhere
        and (
            _other_of_its_kind(claim, token.stem, rested[0], everywhere)
            or (token.content and _has_other_prefix(claim, token, rested[0]))
        )
    )


def _has_other_prefix(claim: Reading, token: Token, best: Reading) -> bool:
    other = frozenset(with_other_prefix(token.stem)) & best.stems - claim.stems
    words = {one.word for one in best.tokens} - {one.word for one in claim.tokens}
    return bool(other) or not words.isdisjoint(with_other_prefix(token.word))


def _other_of_its_kind(
    claim: Reading, stem: str, best: Reading, everywhere: frozenset[str]
) -> bool:
    return any(
        not same & everywhere and (others & best.stems) - claim.stems
        for same, others in rivals().get(stem, ())
    )


def _is_in_place(claim: Reading, at: int, best: Reading) -> bool:
    """Tell whether a sentence has a contrary right beside the same word, and not the word."""
    token = claim.tokens[at]
    if not token.content or token.stem in best.stems:
        return False
    pairs = [*opposites().get(token.stem, ()), *rivals().get(token.stem, ())]
    contrary = frozenset[str]().union(*(other for _, other in pairs))
    contrary = (contrary | frozenset(with_other_prefix(token.stem))) & best.stems - claim.stems
    if not contrary or any(same & best.stems for same, _ in pairs):
        return False
    mine = _beside(claim.tokens, at)
    all_else = claim.content - {token.stem} <= best.content
    denied = _is_denied(claim, at)
    return any(
        one.stem in contrary
        and (all_else or bool(mine & _beside(best.tokens, place)))
        and denied == _is_denied(best, place)
        for place, one in enumerate(best.tokens)
    )


def _is_exchanged(claim: Reading, at: int, best: Reading) -> bool:
    """Tell whether a word follows another that a contrary follows in the sentence, and never it."""
    token, before = claim.tokens[at], _before(claim.tokens, at)
    if not token.content or token.stem not in best.stems or not before:
        return False
    after = {
        one.stem
        for place, one in enumerate(best.tokens)
        if one.content and _before(best.tokens, place) == before
    }
    if not after or token.stem in after:
        return False
    pairs = [*opposites().get(token.stem, ()), *rivals().get(token.stem, ())]
    contrary = frozenset[str]().union(*(other for _, other in pairs))
    listed = any(one.word.isdecimal() for one in claim.tokens[max(0, at - 4) : at])
    numbers = token.word.isdecimal() and not listed and all(stem.isdecimal() for stem in after)
    return bool(after & contrary) or numbers


def _is_counted_otherwise(claim: Reading, at: int, best: Reading) -> bool:
    """Tell whether a sentence has another number between the same two words."""
    wanted = small_number(claim.tokens[at].word)
    mine = _between(claim.tokens, at)
    if wanted in ("", "1") or mine is None:
        return False
    counted = [(small_number(one.word), place) for place, one in enumerate(best.tokens)]
    if any(number == wanted for number, _ in counted):
        return False
    return any(number and _between(best.tokens, place) == mine for number, place in counted)


def _between(tokens: Sequence[Token], at: int) -> frozenset[tuple[int, str]] | None:
    if not 0 < at < len(tokens) - 1 or not tokens[at + 1].content:
        return None
    return frozenset({(-1, tokens[at - 1].stem), (1, tokens[at + 1].stem)})


def _before(tokens: Sequence[Token], at: int) -> str:
    """Return the word that carries meaning before a token, small words passed over."""
    for token in reversed(tokens[max(0, at - 3) : at]):
        if token.content:
            return token.stem
        if not token.word.isalpha():
            break
    return ""


def _beside(tokens: Sequence[Token], at: int) -> set[tuple[int, str]]:
    """Return the word before and the word after, if they carry meaning."""
    return {
        (step, tokens[at + step].stem)
        for step in (-1, 1)
        if 0 <= at + step < len(tokens) and tokens[at + step].content
    }


def _opposed(
    claim: Reading, at: int, contrary: frozenset[str], rested: Sequence[Reading], least: int
) -> bool:
    """Tell whether a sentence says the contrary of a word beside the same words."""
    around = _around(claim.tokens, at)
    denied = _is_denied(claim, at)
    # "Lower Tessel" is a name and not lower.
    said = {t.stem for t in claim.tokens if not claim.text[t.start].isupper()}
    for reading in rested:
        for place, token in enumerate(reading.tokens):
            if token.stem not in contrary or (token.content and token.stem in said):
                continue
            shared = around & _around(reading.tokens, place)
            if len(shared) >= least and denied == _is_denied(reading, place):
                return True
    return False


def _around(tokens: Sequence[Token], at: int) -> frozenset[str]:
    size = _NEAR if tokens[at].content else _NEAR_OF_SMALL_WORDS
    near = tokens[max(0, at - size) : at + size + 1]
    return frozenset(token.stem for token in near if token.content) - {tokens[at].stem}


def _is_denied(reading: Reading, at: int) -> bool:
    return any(0 < at - start <= _REACH_OF_NEGATION for start in reading.negation)
