"""What a sentence gives to somebody, and the phrases that do so without a verb."""

from __future__ import annotations

from dataclasses import dataclass

from service.speech.clauses import QUOTE, Clauses
from service.speech.mentions import (
    Mention,
    chain_start,
    described,
    is_name_word,
    is_possessive,
    name_at,
)
from service.speech.nearby import after, before
from service.speech.words import VIEW


@dataclass(frozen=True)
class Report:
    """Words that a sentence gives to somebody.

    Attributes:
        start: Offset in the sentence; so is `end`.
        is_main: Whether the sentence itself is the report, and not a side remark of it.
        is_last: Whether the speaker stands behind what is said.
    """

    speaker: Mention
    start: int
    end: int
    is_main: bool = True
    is_last: bool = False


def of_phrase(clauses: Clauses, at: int) -> Report | None:
    """Read "according to Lena Dahl" and the like, from the word at `at` on."""
    tokens, end = clauses.tokens, len(clauses.text)
    low = [token.low for token in tokens[at : at + 4]]
    speaker: Mention | None = None
    if low[:2] == ["according", "to"]:
        speaker = after(clauses, at + 2)
    elif low == ["in", "the", "words", "of"]:
        speaker = after(clauses, at + 4)
    elif low[0] == "in":
        speaker = _in_view(clauses, at)
    elif len(low) > 1:
        speaker = _as_put(clauses, at)
    return Report(speaker, 0, end, is_last=True) if speaker else None


def _in_view(clauses: Clauses, at: int) -> Mention | None:
    """Read "in Lena Dahl's view"."""
    tokens = clauses.tokens
    for n in range(at + 2, min(len(tokens), at + 8)):
        if tokens[n].low in VIEW and is_possessive(tokens[n - 1]):
            if is_name_word(tokens[n - 1]):
                return name_at(clauses, chain_start(tokens, n, at + 1), n)
            return described(clauses, at + 1, n)
    return None


def _as_put(clauses: Clauses, at: int) -> Mention | None:
    """Read "as Lena Dahl put it"."""
    tokens = clauses.tokens
    for n in range(at + 2, min(len(tokens) - 1, at + 8)):
        if tokens[n].low in ("put", "puts") and tokens[n + 1].low == "it":
            return before(clauses, n)
    return None


def of_colon(clauses: Clauses, at: int) -> Report | None:
    """Read “Lena Dahl: "…"”."""
    tokens = clauses.tokens
    quoted = at + 1 < len(tokens) and tokens[at + 1].text == QUOTE
    if not quoted or not at or chain_start(tokens, at, 0) > 0:
        return None
    speaker = name_at(clauses, 0, at)
    return Report(speaker, 0, len(clauses.text)) if speaker else None
