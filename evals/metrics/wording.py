"""Whether one text says what another says, whatever its case, punctuation and white space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

# A sign stands before the number and after no word; a separator stands between two digits.
_TOKEN = re.compile(r"(?:(?<!\w)[-−])?\d+(?:[.,]\d+)*\w*|\w+")
MARKER = re.compile(r"\[([0-9]+)\]")
_MINUS = str.maketrans({"−": "-"})

MIN_SHARED = 0.6
"""The part of a gold quote, in words, that a citation must hold in one run to match it."""


def one_spaced(text: str) -> str:
    """Return a text with every run of white space made one blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def without_markers(text: str) -> str:
    """Return an answer's text without its `[n]`, whose numbers are nothing that it says."""
    return MARKER.sub("", text)


def words(text: str) -> list[str]:
    """Return the words in order, case-folded, without punctuation; numbers stay as written.

    "13.5", "1,000" and "-3" are one word each; "2026–2028" is two, and so is "Iran’s".
    """
    visible = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) != "Cf"
    )
    return [match.translate(_MINUS) for match in _TOKEN.findall(visible.casefold())]


def holds(text: str, phrase: str) -> bool:
    """Return whether the words of `phrase` stand in `text` one after the other."""
    return f" {' '.join(words(phrase))} " in f" {' '.join(words(text))} "


def holds_any(text: str, phrases: Iterable[str]) -> bool:
    """Return whether `text` holds one of `phrases`."""
    return any(holds(text, phrase) for phrase in phrases)


def matches(citation: str, gold: str) -> bool:
    """Return whether a citation's quote is, or lies on, a gold quote.

    Writers cite a part of a sentence, a sentence or several; what counts is that at least
    MIN_SHARED of the gold quote stands in the citation in one run, and one of its figures, if it
    has any: two outlets often tell the same thing with other figures.
    """
    cited, wanted = words(citation), words(gold)
    figures = {word for word in wanted if word[:1].isdecimal()}
    if not wanted or (figures and figures.isdisjoint(cited)):
        return False
    return _longest_run(cited, wanted) >= MIN_SHARED * len(wanted)


def _longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
