"""Words of a question that point at something said before, and not at something in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Points = Literal["person", "group", "thing", "place", "other"]

_WORDS = re.compile(
    r"\b(?:he|she|him|his|her|hers|they|them|their|theirs|it|its|this|that|these|those|there"
    r"|(?<=which )ones?)\b",
    re.I,
)
_PERSON = frozenset({"he", "she", "him", "his", "her", "hers"})
_GROUP = frozenset({"they", "them", "their", "theirs"})
_POSSESSIVE = frozenset({"his", "its", "their"})
_OBJECTS = frozenset({"him", "them", "it", "hers", "theirs"})
# What "he" or "its" later in the same question can mean.
_ANTECEDENT = re.compile(
    r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]+|\bwho\b|\b(?:the|an?|[Ww]hich|[Ww]hat) (?!(?:did|do|does|is"
    r"|are|was|were|has|have|had|will|would|can|could|should|if|else)\b)[a-z][\w-]+"
)
# The same where everything is in lower case: "does doctor strange get his powers".
_IN_LOWER_CASE = re.compile(
    r"\b(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could) (?!(?:he|she|they|it|his"
    r"|her|their|its|this|that|there|you|we|i)\b)[a-z]+ "
)
_NEW_CLAUSE = re.compile(
    r"\b(?:before|after|when|if|that|because|and|but|while|as|whether|until|once|so)\b", re.I
)
# "It is true that", "how long does it take to".
_EMPTY_IT = re.compile(
    r"(?:\b(?:is|was|would|will) )it (?:be )?(?:\w+ )?(?:true|clear|possible|likely|known|legal"
    r"|illegal|safe|right|wrong|important)\b|\bit (?:take|cost)s? to\b"
    r"|\bit (?:rain|snow)",
    re.I,
)
_TIMES = re.compile(
    r"(?:this|that|these|those) (?:very |past |coming |last )?(?:week|month|year|morning|afternoon"
    r"|evening|night|quarter|century|decade|spring|summer|autumn|fall|winter|season|time|day)s?\b"
    r"|this (?:\w+day|january|february|march|april|may|june|july|august|september|october"
    r"|november|december)\b",
    re.I,
)
_THAT_BEFORE = re.compile(
    r"\b(?:about|of|after|before|with|for|from|do|doing|done|on|against|like|over) $", re.I
)
_ENDS = re.compile(r"\s*(?:[?.!,;]|$)")
_HAPPENS = re.compile(r" (?:happen|mean|affect|change|work|matter|come|occur)\b", re.I)
_EMPTY_THERE = re.compile(
    r"\b(?:is|are|was|were|has|have|be|been|will|did) there\b|\bthere (?:is|are|was|were|has|have"
    r"|be|will|been)\b",
    re.I,
)
_OF_SOMETHING = re.compile(
    r" (?!(?:in|on|at|to|for|about|from|with|by|after|before|and|or|when|if|as|that|who|yet|now"
    r"|then|again|there|also|so|this|last|next|yesterday|today|during|over|of|into)\b)[\w“\"‘]"
)
_NEAR = 40


@dataclass(frozen=True)
class Pointer:
    """A word that points out of its question.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        word: In lower case.
        points: At what.
        possessive: It stands for "X's".
    """

    start: int
    end: int
    word: str
    points: Points
    possessive: bool = False


def pointers(text: str) -> list[Pointer]:
    """Return the words of a question that point at something said before, in order."""
    return [pointer for found in _WORDS.finditer(text) if (pointer := _pointer(text, found))]


def _pointer(text: str, found: re.Match[str]) -> Pointer | None:
    word, start, end = found[0].casefold(), found.start(), found.end()
    if _means_something_else(text, start, end, word):
        return None
    possessive = word in _POSSESSIVE or (word == "her" and bool(_OF_SOMETHING.match(text, end)))
    if word not in ("this", "that", "these", "those", "there", "one", "ones"):
        before = _ANTECEDENT.search(text, 0, start)
        if before is None and text.islower():
            before = _IN_LOWER_CASE.search(text, 0, start)
        is_object = word in _OBJECTS or (word == "her" and not possessive)
        if before and (not is_object or _NEW_CLAUSE.search(text, before.end(), start)):
            return None
    return Pointer(start, end, word, _points(text, word, end), possessive)


def _points(text: str, word: str, end: int) -> Points:
    if word in _PERSON:
        return "person"
    if word in _GROUP:
        return "group"
    if word == "there":
        return "place"
    if word in ("one", "ones"):
        return "other"
    if word in ("this", "that", "these", "those") and _OF_SOMETHING.match(text, end):
        return "other"
    return "other" if _HAPPENS.match(text, end) else "thing"


def _means_something_else(text: str, start: int, end: int, word: str) -> bool:
    """Tell "it is true that", "this week" and "say that" from words that point."""
    near, far = max(0, start - _NEAR), end + _NEAR
    match word:
        case "it":
            return any(m.start() <= start < m.end() for m in _EMPTY_IT.finditer(text, near, far))
        case "there":
            return any(m.start() <= start < m.end() for m in _EMPTY_THERE.finditer(text, near, far))
        case "that":
            stands_alone = _ENDS.match(text, end) or _HAPPENS.match(text, end)
            points = stands_alone or _THAT_BEFORE.search(text, near, start)
            return not points or bool(_TIMES.match(text, start))
        case _:
            return bool(_TIMES.match(text, start))
