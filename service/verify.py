"""Is what a statement claims in the text that it cites?

No model is asked: numbers, percentages, dates, quotations and names of the claim are looked up in
the cited text, in the forms that news gives them. The sentences that share most words with the
claim are then searched for what they say otherwise: a negation, a "may", a contrary, another name
in the same place. This finds what a model adds or changes, which is what readers of cited answers
complain about most; it does not understand what is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from service.domain import Support
from service.facts.amounts import missing_amounts, worded
from service.facts.calendar import days_told, near_days, words_of_days
from service.facts.instructions import without_instructions
from service.facts.names import missing_names, words
from service.facts.quantities import (
    DATE,
    Day,
    days_in,
    missing_dates,
    months_of,
    numbers_in,
    with_plain_digits,
)
from service.facts.reading import read, read_sentence
from service.verification.evidence import rests_on
from service.verification.nearness import far_names, in_place_of, swapped
from service.verification.polarity import turned
from service.writers.words import content_terms

_QUOTED = re.compile(r'"([^"]+)"|“([^“”]+)”|«([^«»]+)»|(?<!\w)‘([^‘’]+(?:’\w[^‘’]*)*)’(?!\w)')
_QUOTE_MARKS = re.compile(r"[\"'“”‘’«»]")
_LEFT_OUT = re.compile(r"\[[^\[\]]*\]|…|\.\.\.")
# "[he]" and "[of the harbour]" only explain; "[not]" would turn a quotation round.
_TURNS = re.compile(
    r"\[[^\[\]]*(?:\b(?:not?|never|nor|none|without)\b|n['’]t\b|\d)[^\[\]]*\]", re.I
)
_AROUND_QUOTE = " .,;:!?-–—"
_OTHER_NAME = (
    (re.compile(r"\bU\.S\.(?:A\.)?|\bUnited States(?: of America)?\b|\bUSA\b"), "US"),
    (re.compile(r"\bU\.K\.|\bUnited Kingdom\b"), "UK"),
    (re.compile(r"\bU\.N\.|\bUnited Nations\b"), "UN"),
    (re.compile(r"\bE\.U\.|\bEuropean Union\b"), "EU"),
)


class Verdict(NamedTuple):
    """How well a claim is supported, and what of it is not in the cited text, as written."""

    support: Support
    missing: tuple[str, ...]


def check(
    claim: str, cited: Sequence[str], known: str = "", published: Sequence[date | None] = ()
) -> Verdict:
    """Compare a claim with the texts it cites.

    Args:
        claim: One sentence without markers.
        cited: The passages.
        known: What is known about their articles: title, outlet, day as ISO 8601. A claim may name
            these, but being about the same thing as a title is no support.
        published: The day of each of them, from which it says "yesterday"; empty when none is
            known.

    Returns:
        `uncited` without texts; `unsupported` when no word that carries meaning is shared;
        `partial` when something is missing; else `supported`.
    """
    if not cited:
        return Verdict("uncited", ())
    days = published or (None,) * len(cited)
    facts = [_facts_of(text, day) for text, day in zip(cited, days, strict=True)]
    named = _one_name(with_plain_digits(claim))
    missing = _missing(named, [*facts, _facts_of(known)])
    missing = tuple(dict.fromkeys([*missing, *_contradicted(named, facts, missing)]))
    own = content_terms(claim)
    if not any(word in text.words for word in own for text in facts):
        return Verdict("unsupported", missing)
    return Verdict("partial" if missing else "supported", missing)


@dataclass(frozen=True)
class _Facts:
    """What a claim may rest on in one text.

    Attributes:
        text: With one spelling of each name.
        folded: The text in lower case, without quotation marks.
        words: Its words and their stems, and the months of its days.
    """

    text: str
    folded: str
    words: frozenset[str]
    days: frozenset[Day]
    numbers: frozenset[str]


# A long answer cites the same few passages over and over.
@lru_cache(maxsize=128)
def _facts_of(text: str, published: date | None = None) -> _Facts:
    text = _one_name(with_plain_digits(without_instructions(text)))
    days = frozenset(days_in(text)) | days_told(text, published)
    return _Facts(
        text,
        _folded(text),
        words(text)
        | months_of(days)
        | words_of_days({*days_in(text), *near_days(text, published)}),
        days,
        frozenset(numbers_in(text)) | frozenset(worded(text)) | {str(day.year) for day in days},
    )


def _contradicted(claim: str, facts: Sequence[_Facts], missing: Sequence[str]) -> list[str]:
    """Return what of a claim the sentences that it rests on say otherwise."""
    said = read_sentence(DATE.sub(" , ", _QUOTED.sub(" ", claim)))
    texts = [read(text.text) for text in facts]
    match = rests_on(said, texts)
    if not match.sentences:
        return []
    found = [*turned(said, match, texts)]
    if not missing and not found:
        found += in_place_of(said, match) or far_names(said, match, texts) or swapped(said, match)
    return [word for word in found if not any(word in one for one in missing)]


def _missing(claim: str, facts: Sequence[_Facts]) -> tuple[str, ...]:
    """Return what of a claim is in none of the texts, quotations first, each once."""
    days = frozenset[Day]().union(*(text.days for text in facts))
    numbers = frozenset[str]().union(*(text.numbers for text in facts))
    known = frozenset[str]().union(*(text.words for text in facts))
    quotations = _missing_quotations(claim, [text.folded for text in facts])
    claim = _QUOTED.sub(" ", claim)
    dates = missing_dates(claim, days, numbers)
    claim = DATE.sub(" , ", claim)
    amounts = missing_amounts(claim, [text.text for text in facts], numbers)
    return tuple(dict.fromkeys([*quotations, *dates, *amounts, *missing_names(claim, known)]))


def _missing_quotations(claim: str, texts: Sequence[str]) -> list[str]:
    return [found[0] for found in _QUOTED.finditer(claim) if not _is_quoted(found, texts)]


def _is_quoted(quotation: re.Match[str], texts: Sequence[str]) -> bool:
    pieces = [piece for piece in _pieces(quotation) if piece]
    if not pieces or _TURNS.search(quotation[0]):
        return False
    return all(any(_holds(text, piece) for text in texts) for piece in pieces)


def _pieces(quotation: re.Match[str]) -> list[str]:
    """Return what must stand in the text as it is: all but editorial insertions and gaps."""
    inside = next(group for group in quotation.groups() if group is not None)
    return [_folded(piece).strip(_AROUND_QUOTE) for piece in _LEFT_OUT.split(inside)]


def _holds(folded: str, piece: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", folded) is not None


def _folded(text: str) -> str:
    return " ".join(_QUOTE_MARKS.sub("", text).casefold().split())


def _one_name(text: str) -> str:
    for pattern, name in _OTHER_NAME:
        text = pattern.sub(name, text)
    return text
