"""Names in a sentence that can be what a question asks for."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from ingest.index.lexical import terms
from service.disagreement.asking import Sort
from service.disagreement.value import Value
from service.facts.names import missing_names, words
from service.writers.words import joining_terms

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_RUN = re.compile(
    r"(?<![#@\w.])[A-Z][\w’'&-]*"
    r"(?:(?: of| of the| de| al| bin| van| &)? (?:[A-Z]\. )?[A-Z][\w’'&-]*)*"
)
_POSSESSIVE = re.compile(r"(?:['’]s?)$")
_BEGINS = re.compile(r"(?:^|[.!?:;…])[\s\"'“‘«(]*$")
_IN_THE_MIDDLE = re.compile(r"(?<=[a-z,’”] )[A-Z][\w’'&-]*")
_TITLES = """
president prime minister sir lady lord king queen senator sen rep gov judge captain governor mayor
secretary chief mr mrs ms dr prof first vice chancellor general ceo former the
"""
# Capitalised, but nobody and nowhere.
_NO_NAME = """
january february march april may june july august september october november december monday
tuesday wednesday thursday friday saturday sunday title date headline subheadline subheading byline
introduction article news breaking city country name state update alert us usa united states america
american americans uk british category one two three let omg now
just
"""
_SPEAKS_OF_PLACE = re.compile(
    r"\b(?:in|at|near|to|from|outside|of|against|across|into|for|around|through|over|off|with) "
    r"(?:the |southern |northern |eastern |western |central |nearby )?$",
    re.I,
)
_BY_TITLE = re.compile(
    r"\b(?:president|minister|mr|mrs|ms|dr|sen|rep|gov|judge|king|queen)\b", re.I
)
_HEADLINE_SHARE = 0.7
_LONG_WORD = 4
_HEADLINE_WORDS = 5
MAX_PERSON_WORDS = 4


@dataclass(frozen=True)
class Known:
    """What is known of names before a sentence is read.

    Attributes:
        asked: The question's words, folded, and their stems: none is an answer.
        proper: Words with a capital letter in the middle of the passage's sentences.
    """

    asked: AbstractSet[str]
    proper: AbstractSet[str]


@cache
def _titles() -> frozenset[str]:
    return frozenset(_TITLES.split())


@cache
def _no_names() -> frozenset[str]:
    return frozenset(_NO_NAME.split())


def asked_words(question: str) -> frozenset[str]:
    """Return the words of a question, and its names by their first letters."""
    runs = [_WORD.findall(run[0].removeprefix("The ")) for run in _RUN.finditer(question)]
    short = {"".join(word[0] for word in run).casefold() for run in runs if len(run) > 1}
    return words(question) | short


def proper_words(title: str, text: str) -> frozenset[str]:
    """Return the words of a text that have a capital where none must be."""
    return frozenset(
        _POSSESSIVE.sub("", found[0]) for found in _IN_THE_MIDDLE.finditer(f"a {title} {text}")
    )


def names_in(sentence: str, sort: Sort, known: Known) -> list[Value]:
    """Return the names of a sentence that the question does not have, in order.

    A headline is left out: all of its words have capitals.
    """
    tokens = [word for word in _WORD.findall(sentence) if len(word) >= _LONG_WORD]
    capitals = sum(word[0].isupper() for word in tokens)
    if len(tokens) >= _HEADLINE_WORDS and capitals > _HEADLINE_SHARE * len(tokens):
        return []
    return [value for value in _names(sentence, sort, known) if _fits(value, sentence, sort)]


def _names(sentence: str, sort: Sort, known: Known) -> list[Value]:
    found: list[Value] = []
    end = 0
    for run in _RUN.finditer(sentence):
        start, written = run.start(), run[0]
        opening = _WORD.match(written)
        if opening and _BEGINS.search(sentence[:start]) and not _opens(opening[0], sentence, known):
            written = written[opening.end() :]
            start += opening.end() + len(written) - len(written.lstrip())
        if written.startswith("The "):
            written, start = written[4:], start + 4
        written = _POSSESSIVE.sub("", written.strip())
        own = [_POSSESSIVE.sub("", word) for word in _WORD.findall(written)]
        own = [w for w in own if len(w) > 1 and w[0].isupper() and not _is_plain(w, known)]
        if own:
            names = tuple(word.casefold() for word in own)
            if found and sort == "place" and sentence[end:start] == ", ":
                # "Austin, Texas" is one place.
                before = found.pop()
                names, start = before.names + names, before.at
                written = sentence[start : run.start()] + run[0]
            found.append(Value(_POSSESSIVE.sub("", written), start, names=names))
            end = run.end()
    return found


def _opens(word: str, sentence: str, known: Known) -> bool:
    """Tell whether the first word of a sentence is a name."""
    bare = _POSSESSIVE.sub("", word)
    return bare in known.proper or any(
        name.startswith(bare) for name in missing_names(sentence, frozenset())
    )


def _is_plain(word: str, known: Known) -> bool:
    folded = word.casefold()
    if folded in _titles() or folded in _no_names() or folded in known.asked:
        return True
    own = terms(folded)
    return any(term in known.asked for term in own) or (
        not word.isupper() and all(term in joining_terms() for term in own)
    )


def _fits(value: Value, sentence: str, sort: Sort) -> bool:
    if sort == "person":
        whole = 1 < len(value.names) <= MAX_PERSON_WORDS and " The " not in value.written
        return whole or bool(_BY_TITLE.search(value.written))
    if sort == "other" and _BY_TITLE.match(value.written):
        # "King Leopold" is no company.
        return False
    if sort == "place":
        start, end = value.at, value.at + len(value.written)
        # "Hawaii changes …", "… in Hawaii", "Hawaii's …"
        opens = bool(_BEGINS.search(sentence[:start]))
        owns = sentence[end : end + 1] in ("’", "'", ",")
        return opens or owns or bool(_SPEAKS_OF_PLACE.search(sentence[:start]))
    return True
