"""Outlets in a question: by their full names, and by the shorter ones that people use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

MIN_ALIAS_CHARS = 3
MAX_NAME_WORDS = 8
_WORD = re.compile(r"\w+(?:[.'’&-]\w+)*")
# A section of an outlet, or what it says of itself, after its name.
_SECTION = re.compile(r"\s+[-–—|]\s+|:\s")
_DOMAIN = re.compile(r"(?<=\w)\.(?:com|org|net|info|news|co\.\w\w|com\.\w\w|\w\w)$", re.I)
_KIND = re.compile(r"\s+(?:news|english|online|international|digital|newspaper)$", re.I)
_SMALL = {"the", "of", "and", "for", "a", "an", "&"}
# Capitals that are words, countries and the like sooner than an outlet.
_CAPITALS = "AD AI AM BC DC EU HR ID IT LA MP NY OK PM PR TV UK UN US VP"
_OTHER_CAPITALS = frozenset(_CAPITALS.split())
# No word: "bbc" is one outlet in small letters too, "fox" and "sun" are not.
_NO_VOWEL = re.compile("[bcdfghjklmnpqrstvwxyz]{3,}", re.I)
# Beside these a word at the start of a sentence is an outlet's name sooner than a word.
_CUE = re.compile(
    r"(?:articles?|stor(?:y|ies)|reports?|reported|coverage|says?|said|writes?|wrote)$", re.I
)
_NAME = r"['\"‘“]?([A-Z][\w.&-]*(?:\s+(?:of\s+|the\s+)*[A-Z][\w.&-]*){0,4})"
# What nothing but an outlet has or carries: "the Courier article", "an article in the Courier",
# "the Courier's coverage". A report, or what is said to come from somewhere, may be anybody's.
_UNKNOWN = re.compile(
    rf"\b(?:articles?|stor(?:y|ies)|piece)\s+(?:by|in)\s+(?i:the)\s+{_NAME}"
    rf"|\b(?i:the)\s+{_NAME}['\"’”]?\s+(?:articles?|story|coverage)\b"
    rf"|\b{_NAME}['’]s\s+(?:articles?|coverage)\b"
    r"|\b((?:[A-Z]\w+\s+){1,3}(?:Times|Post|Herald|Journal|Tribune|Gazette|Guardian|Observer"
    r"|Telegraph|Chronicle|Courier|Dispatch|Examiner|Inquirer))\b"
)
_OPENING = re.compile(r"\w+\s+(?:the\s+)?", re.I)
_TIMES = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)\w*", re.I
)


@dataclass(frozen=True)
class OutletMention:
    """Where a question names an outlet.

    Attributes:
        start: Offset in the question.
        end: Offset in the question.
        outlets: The outlets of the index that the name may mean; () for one it does not have.
    """

    start: int
    end: int
    outlets: tuple[str, ...]

    def overlaps(self, other: OutletMention) -> bool:
        """Return whether the two share a character."""
        return self.start < other.end and other.start < self.end


class OutletNames:
    """Finds the outlets of an index in questions. Safe to use from several threads."""

    def __init__(
        self, outlets: Iterable[str], occurs: Callable[[str], bool] = lambda _word: False
    ) -> None:
        """Take the names of the outlets as articles have them.

        Args:
            outlets: Of the index.
            occurs: Whether a word occurs in its texts: such a word alone before "article" is sooner
                what the article is about than an outlet that is not there.
        """
        self._occurs = occurs
        outlets = sorted(outlets)
        self._whole = {outlet.casefold(): outlet for outlet in outlets}
        self._called: dict[str, set[str]] = {}
        self._initials: dict[str, set[str]] = {}
        for outlet in outlets:
            for alias in _aliases(outlet):
                self._called.setdefault(_joined(_words(alias)), set()).add(outlet)
            for initials in _initials(outlet):
                self._initials.setdefault(initials, set()).add(outlet)
        self._called.pop("", None)

    def find(self, text: str) -> list[OutletMention]:
        """Return the outlets named in a text, in order; of overlapping names the longest."""
        known = list(self._known(text))
        unknown = (m for m in _unknown(text) if not self._is_a_topic(text[m.start : m.end]))
        missing = [m for m in unknown if not any(m.overlaps(other) for other in known)]
        return sorted([*known, *missing], key=lambda mention: mention.start)

    def _is_a_topic(self, name: str) -> bool:
        return len(name.split()) == 1 and self._occurs(name)

    def called(self, name: str) -> tuple[str, ...]:
        """Return the outlets that a name alone may mean, however it is written; () for none."""
        if name.casefold() in self._whole:
            return (self._whole[name.casefold()],)
        found = self._called.get(_joined(_words(name))) or self._initials.get(name.strip().upper())
        return tuple(sorted(found or ()))

    def _known(self, text: str) -> Iterator[OutletMention]:
        tokens = list(_WORD.finditer(text))
        words = [_without_s(token[0]) for token in tokens]
        shouted = text.isupper()
        n = 0
        while n < len(tokens):
            size, found = self._longest_at(words, n, shouted)
            if found:
                yield OutletMention(tokens[n].start(), tokens[n + size - 1].end(), found)
            n += size

    def _longest_at(self, words: list[str], n: int, shouted: bool) -> tuple[int, tuple[str, ...]]:
        for size in range(min(MAX_NAME_WORDS, len(words) - n), 0, -1):
            run = words[n : n + size]
            found = self._called.get(_joined(run))
            if found and _is_written_as_name(words, n, size, shouted):
                return size, tuple(sorted(found))
        word = words[n]
        clear = _NO_VOWEL.fullmatch(word) is not None
        initials = self._initials.get(word.upper() if clear else word)
        return 1, tuple(sorted(initials)) if initials and (clear or not shouted) else ()


def _is_written_as_name(words: list[str], n: int, size: int, shouted: bool) -> bool:
    """Tell Fortune and The Age from fortune and the age, as far as capitals can."""
    run = words[n : n + size]
    own = [word for word in run if word.casefold() != "the"] or run
    if len(own) > 1 or "." in own[0] or _NO_VOWEL.fullmatch(own[0]):
        return True
    # In scripts without capitals every word may be a name.
    if shouted or own[0][0].islower():
        return False
    # "Theresa May" is no month's paper.
    if size == 1 and n > 1 and words[n - 1][0].isupper():
        return False
    # A question's first word is capitalised whatever it is.
    following = words[n + size] if n + size < len(words) else ""
    return n > 0 or size > 1 or _CUE.match(following) is not None


def _unknown(text: str) -> Iterator[OutletMention]:
    if text.isupper():
        return
    for match in _UNKNOWN.finditer(text):
        group = match.lastindex or 0
        # A question's first word is capitalised whatever it is.
        opening = _OPENING.match(text) if match.start(group) == 0 else None
        start = opening.end() if opening else match.start(group)
        own = text[start : match.end(group)].split()
        if len(own) > (opening is not None) and not any(map(_TIMES.fullmatch, own)):
            yield OutletMention(start, match.end(group), ())


def _aliases(outlet: str) -> set[str]:
    names = {outlet, _SECTION.split(outlet)[0].strip()}
    names |= {_DOMAIN.sub("", name) for name in names}
    shorter = {_KIND.sub("", name) for name in names}
    names |= {name for name in shorter if len(_words(name)) > 1 or name.isupper()}
    return {name for name in names if len(name) >= MIN_ALIAS_CHARS}


def _initials(outlet: str) -> set[str]:
    """Return how a name is cut to capitals: AP, NYT, and BBC of "BBC News"."""
    name = _SECTION.split(outlet)[0].strip()
    words = [word for word in re.findall(r"[\w&]+", name) if word.casefold() not in _SMALL]
    cut = {"".join(word[0].upper() for word in words)} if len(words) > 1 else set()
    if words and words[0].isupper() and len(words[0]) >= MIN_ALIAS_CHARS:
        cut.add(words[0])
    return cut - _OTHER_CAPITALS


def _words(name: str) -> list[str]:
    return _WORD.findall(name)


def _joined(words: list[str]) -> str:
    """Return words as one, so that a domain is the name it was made of; without "the"."""
    named = "".join(_DOMAIN.sub("", word) for word in words)
    plain = re.sub(r"[\W_]", "", named).casefold()
    return plain.removeprefix("the") or plain


def _without_s(word: str) -> str:
    return re.sub(r"['’][sS]$", "", word)
