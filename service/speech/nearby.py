"""Who is mentioned directly before or after a place in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from service.speech.clauses import Clauses, Token
from service.speech.mentions import (
    Mention,
    chain_start,
    described,
    is_name_word,
    is_owner,
    is_possessive,
    joins,
    name_at,
)
from service.speech.words import (
    AFTER_SUBJECT,
    ARTICLES,
    BODIES,
    CLAUSE,
    COUNTS,
    FINITE,
    HAVE,
    JOINING,
    LINKS,
    NEVER,
    NOBODY,
    OF,
    OWNERS,
    PRONOUNS,
    SAY,
)

_MAX_WORDS = 14
_MAX_SEGMENT = 60
_MAX_APPOSITIONS = 4


def before(clauses: Clauses, end: int) -> Mention | None:
    """Return who is mentioned directly before a token, as the subject of a verb there."""
    tokens = clauses.tokens
    least = segment_start(tokens, end)
    if end <= least:
        return _before_comma(clauses, end)
    last = tokens[end - 1]
    if last.low in PRONOUNS:
        return Mention("pronoun", last.low, end - 1, end)
    if (last.low in NOBODY | OF | ARTICLES and not last.text.isupper()) or is_owner(last):
        return None
    start = chain_start(tokens, end, least)
    link = start - 1 - (start > least and tokens[start - 1].low in ("the", "a", "an"))
    if start < end and (link < least or tokens[link].low not in OF):
        found = name_at(clauses, start, end)
        return _with_fellow(clauses, found, least) if found else None
    if start < end and link >= least and tokens[link].low == "and":
        return _after_and(clauses, start, end, least)
    return _description_before(clauses, least, end)


def _with_fellow(clauses: Clauses, found: Mention, least: int) -> Mention:
    # The article of "the Volga Board of Trade" belongs to the mention.
    at = found.start
    if at > least and clauses.tokens[at - 1].low in ("the", "a", "an"):
        at -= 1
    return Mention(found.kind, found.text, at, found.end, found.role, found.definite)


def _after_and(clauses: Clauses, start: int, end: int, least: int) -> Mention | None:
    """Return both of "Lena Dahl and Ivo Holm", or the second where a clause ends before it."""
    second = name_at(clauses, start, end)
    at = start - 1
    first = chain_start(clauses.tokens, at, least)
    fellow = name_at(clauses, first, at) if first < at else None
    if second and fellow and clauses.tokens[end - 1].low in BODIES:
        return Mention("name", f"{fellow.text} and {second.text}", first, end)
    if second is None or fellow is None or first > least or fellow.kind != "name":
        return second
    return Mention("name", f"{fellow.text} and {second.text}", first, end)


def _description_before(clauses: Clauses, least: int, end: int) -> Mention | None:
    tokens = clauses.tokens
    least = max(least, end - _MAX_WORDS)
    at, found = end - 1, -1
    while at >= least:
        token = tokens[at]
        if token.low in NEVER:
            return None
        if token.low in ARTICLES | COUNTS or is_owner(token):
            found = at
            if is_possessive(token):
                found = chain_start(tokens, at + 1, least) if is_name_word(token) else at
                at = found
            if at == least or (at > 0 and tokens[at - 1].low not in OF | ARTICLES | COUNTS):
                break
            found = -1
        elif token.low in JOINING - {"and", "or"}:
            if found < 0:
                found = at + 1
            break
        at -= 1
    if found < 0:
        found = least
    if found > least and tokens[found - 1].low not in JOINING and tokens[found - 1].is_word:
        return _before_relative(clauses, least, found)
    return described(clauses, found, end)


def _before_relative(clauses: Clauses, least: int, end: int) -> Mention | None:
    """Return the company of "the company that runs the harbour"."""
    for at in range(end - 1, least, -1):
        if clauses.tokens[at].low in ("who", "that", "which"):
            return before(clauses, at)
    return None


def _before_comma(clauses: Clauses, end: int) -> Mention | None:
    """Return Lena Dahl of "Lena Dahl, 42, a baker in Rasht, said" and "the baker, Lena Dahl,"."""
    tokens = clauses.tokens
    at = end
    for step in range(_MAX_APPOSITIONS):
        if at <= 1 or tokens[at - 1].text != ",":
            return None
        start = segment_start(tokens, at - 1)
        named = chain_start(tokens, at - 1, start) == start < at - 1
        outer = before(clauses, start - 1) if start > 1 and tokens[start - 1].text == "," else None
        if outer and outer.kind == "name":
            return outer
        role = tokens[segment_start(tokens, start - 1)] if start > 1 else tokens[0]
        owned = role.low in OWNERS and step == 0
        if named and (owned or (outer and outer.kind == "description")):
            return name_at(clauses, start, at - 1)
        if outer and outer.kind == "description":
            return outer
        at = start
    return None


def segment_start(tokens: Sequence[Token], end: int) -> int:
    """Return where the words begin that no mark parts from the token before `end`."""
    start = end
    while start > max(0, end - _MAX_SEGMENT) and tokens[start - 1].is_word:
        start -= 1
    return start


def after(clauses: Clauses, start: int) -> Mention | None:
    """Return who is mentioned from a token on: of "said Lena Dahl, a baker" Lena Dahl."""
    tokens = clauses.tokens
    if start >= len(tokens) or not tokens[start].is_word:
        return None
    if tokens[start].low in ("he", "she", "they", "it"):
        return Mention("pronoun", tokens[start].low, start, start + 1)
    end = start
    while end < len(tokens) and _goes_on(tokens, start, end):
        end += 1
    first = start + (tokens[start].low in ("the", "a", "an"))
    name = _first_name(tokens, first, end)
    if name is not None:
        named = name_at(clauses, name, _name_end(tokens, name, end))
        if named and named.kind == "name":
            return named
    return _appositive(clauses, end) or described(clauses, start, end)


def subject_of(clauses: Clauses) -> Mention | None:
    """Return who a sentence begins with, as its subject."""
    tokens = clauses.tokens
    first = 1 if tokens and tokens[0].low == "the" else 0
    if tokens and tokens[0].low in OF | {"after", "during", "while", "when", "asked"}:
        # "On Lebanon, Dahl promised help."
        commas = [n for n, token in enumerate(tokens[:_MAX_WORDS]) if token.text == ","]
        first = commas[0] + 1 if commas else len(tokens)
    if first >= len(tokens) or not is_name_word(tokens[first]):
        return after(clauses, first)
    stop = _name_end(tokens, first, len(tokens))
    following = tokens[stop] if stop < len(tokens) else None
    owns = is_possessive(tokens[stop - 1])
    # "Iranian officials met" is not about Iran.
    low = following.low if following else ""
    verb = low in FINITE | HAVE or low.endswith(("ed", "ly")) or not low
    if not owns and (stop - first > 1 or verb):
        return name_at(clauses, first, stop)
    return after(clauses, first)


def _goes_on(tokens: Sequence[Token], start: int, at: int) -> bool:
    token = tokens[at]
    if not token.is_word or token.low in FINITE or token.low in JOINING:
        return token.low == "and" and 0 < at < len(tokens) - 1 and is_name_word(tokens[at + 1])
    if token.low in LINKS:
        return at > start
    return token.low not in AFTER_SUBJECT and token.low not in SAY | CLAUSE


def _first_name(tokens: Sequence[Token], first: int, end: int) -> int | None:
    """Return where a name begins that the mention is, and not only is of."""
    for n in range(first, end):
        if is_name_word(tokens[n]):
            stop = _name_end(tokens, n, end)
            possessive = is_possessive(tokens[stop - 1])
            tail = tokens[stop:end]
            # "Iranian officials" and "Dahl's lawyer" only begin with a name.
            if not possessive and (not tail or tail[0].low in LINKS | {"and"}):
                return n
        elif tokens[n].low in LINKS:
            return None
    return None


def _name_end(tokens: Sequence[Token], start: int, end: int) -> int:
    """Return where the name ends that begins at a token, at the latest before `end`."""
    stop = start + 1
    while stop < end and not is_possessive(tokens[stop - 1]):
        following = stop
        while following < end - 1 and joins(tokens, following):
            following += 1
        if not is_name_word(tokens[following]):
            break
        stop = following + 1
    return stop


def _appositive(clauses: Clauses, end: int) -> Mention | None:
    """Return Hanne Dorrit of "the fire chief, Hanne Dorrit."."""
    tokens = clauses.tokens
    if end + 1 >= len(tokens) or tokens[end].text != ",":
        return None
    stop = end + 1
    while stop < len(tokens) and tokens[stop].is_word:
        stop += 1
    has_two_words = stop > end + 2
    if not has_two_words or chain_start(tokens, stop, end + 1) != end + 1:
        return None
    return name_at(clauses, end + 1, stop)
