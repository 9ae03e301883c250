"""How a sentence mentions somebody: by name, by description, or by a pronoun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from service.speech.clauses import QUOTE, Clauses, Token, text_of
from service.speech.words import (
    ARTICLES,
    BODIES,
    COUNTS,
    DOCUMENTS,
    FUNCTION,
    NEVER,
    NOBODY,
    OF,
    OPENER_PLURALS,
    OWNERS,
    PARTICLES,
    SAY,
    TITLES,
)


@dataclass(frozen=True)
class Mention:
    """Somebody as a sentence mentions them.

    Attributes:
        text: A name without titles, a description without its article, or a pronoun.
        role: The words that stand before a name, in lower case: titles and the like.
        start: The first token, titles included.
        end: The token after the last.
        definite: Whether a description is of somebody who is known already.
    """

    kind: Literal["name", "description", "pronoun"]
    text: str
    start: int
    end: int
    role: frozenset[str] = frozenset()
    definite: bool = False


def is_name_word(token: Token) -> bool:
    """Whether a word is written like one of a name."""
    word = token.text
    if not token.start and token.low in SAY:
        return False
    if token.low.startswith(("al-", "el-")) and len(word) > len("al-x") and word[3].isupper():
        return True
    if not word[0].isupper() and not (any(c.isupper() for c in word) and word[0].isalpha()):
        return False
    acronym = len(word) > 1 and word.isupper() and "." not in word
    return acronym or token.low not in FUNCTION


def is_possessive(token: Token) -> bool:
    """Whether a word ends like "Dahl's"."""
    return token.text.endswith(("'s", "’s"))


def is_owner(token: Token) -> bool:
    """Whether a word says whose something is."""
    return is_possessive(token) or token.low in OWNERS


def chain_start(tokens: Sequence[Token], end: int, least: int) -> int:
    """Return where the run of name words begins that ends before a token; `end` if none."""
    start = end
    while start > least:
        token = tokens[start - 1]
        is_part = is_name_word(token) and (start == end or not is_owner(token))
        if not is_part and not (least < start - 1 and start < end and joins(tokens, start - 1)):
            break
        start -= 1
    return start


def joins(tokens: Sequence[Token], at: int) -> bool:
    """Whether a small word belongs to the name around it: "van der", "Board of Trade"."""
    low, before = tokens[at].low, tokens[at - 1]
    if low == "&" or low in PARTICLES:
        return is_name_word(before) or before.low in PARTICLES
    return low in ("of", "for", "on") and is_name_word(before) and before.low in BODIES


def name_at(clauses: Clauses, start: int, end: int) -> Mention | None:
    """Return who the name words from `start` to `end` name, without titles."""
    tokens = clauses.tokens
    titles = [n for n in range(start, end) if tokens[n].low in TITLES]
    first = titles[-1] + 1 if titles else start
    if first >= end:
        words = text_of(clauses.text, tokens[start:end])
        return Mention("description", words, start, end, definite=True)
    role = {token.low for token in tokens[_role_start(tokens, start) : first]}
    text = text_of(clauses.text, tokens[first:end]).removesuffix("'s").removesuffix("’s")
    if start == 0 and text.casefold() in OPENER_PLURALS:
        return Mention("description", text.casefold(), start, end)
    return Mention("name", text, start, end, frozenset(role - FUNCTION))


def _role_start(tokens: Sequence[Token], start: int) -> int:
    """Return where the small words begin that are titles before a name."""
    while start > 0 and tokens[start - 1].low in TITLES:
        start -= 1
    owned = start > 0 and (is_possessive(tokens[start - 1]) or tokens[start - 1].text.istitle())
    return start - owned


def described(clauses: Clauses, start: int, end: int) -> Mention | None:
    """Return who the words from `start` to `end` describe; None where that is unsure."""
    tokens = clauses.tokens
    first = start
    while first < end and tokens[first].low in ARTICLES | {"and", "but"}:
        first += 1
    words = tokens[first:end]
    if not words or tokens[start].low in OWNERS | NEVER or any(w.text == QUOTE for w in words):
        return None
    stop = next((n for n, word in enumerate(words) if n and word.low in OF | {"who"}), len(words))
    if first == start and stop < len(words) and chain_start(tokens, start + stop, start) == start:
        # "Lena Dahl of the Harbour Institute"
        name = name_at(clauses, start, start + stop)
        if name and name.kind == "name":
            return name
    head = words[stop - 1].low
    if head in DOCUMENTS:
        # "The board's note" speaks for the board.
        owners = [n for n in range(first, end - 1) if is_owner(tokens[n])]
        return described(clauses, start, owners[0] + 1) if owners else None
    if head in NOBODY | FUNCTION or head.isdecimal() or _is_bare(words, head, first > start):
        return None
    text = text_of(clauses.text, words)
    if is_possessive(words[-1]):
        text = text[:-2]
    if start == 0 and first == 0 and not _is_proper(words[0]):
        text = text[0].lower() + text[1:]
    return Mention("description", text, start, end, definite=tokens[start].low == "the")


def _is_bare(words: Sequence[Token], head: str, has_article: bool) -> bool:
    """Whether nothing but its place would make somebody of some words."""
    if has_article or words[0].low in COUNTS or head in OPENER_PLURALS:
        return False
    return not any(is_owner(word) for word in words)


def _is_proper(word: Token) -> bool:
    return is_name_word(word) and word.low not in OPENER_PLURALS
