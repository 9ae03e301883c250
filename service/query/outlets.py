"""Outlets in a question: by their full names, and by the shorter ones that people use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MIN_ALIAS_CHARS = 3
MIN_INITIALS = 3
_WORD = re.compile(r"\w+(?:[.'’&-]\w+)*")
# "BBC News - Technology", "Live Science: The Most Interesting Articles", "Cnbc | World Business".
_SECTION = re.compile(r"\s+[-–—|]\s+|:\s")
_DOMAIN = re.compile(r"(?<=\w)\.(?:com|org|net|info|news|co\.\w\w|com\.\w\w|\w\w)$", re.I)
_ARTICLE = re.compile(r"^the\s+", re.I)
# No word: "bbc" is one outlet in small letters too, "fox" and "sun" are not.
_NO_VOWEL = re.compile("[bcdfghjklmnpqrstvwxyz]{3,}", re.I)
_SMALL = {"the", "of", "and", "for", "a", "an", "&"}
# What follows or precedes a name that is an outlet's: "the Courier article", "a report by the
# Courier". A bare "the … report" may be about a river as well.
_UNKNOWN = re.compile(
    r"""(?:\b(?:articles?|stor(?:y|ies)|reports?|coverage|piece)\s+(?:by|from|in)\s+(?:the\s+)?
        ['"‘“]?(?P<after>[A-Z][\w.&-]*(?:\s+(?:of\s+|the\s+)*[A-Z][\w.&-]*){0,4})
      |\b(?P<before>[A-Z][\w.&-]*(?:\s+(?:of\s+|the\s+)*[A-Z][\w.&-]*){0,4})
        (?:['’]s|['"’”])?\s+(?:articles?|coverage)\b)""",
    re.X,
)


_OPENING = re.compile(r"\w+\s+(?:the\s+)?", re.I)


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

    def __init__(self, outlets: Iterable[str]) -> None:
        """Take the names of the outlets as articles have them."""
        outlets = sorted(outlets)
        self._whole = {outlet.casefold(): outlet for outlet in outlets}
        self._by_words: dict[tuple[str, ...], set[str]] = {}
        self._initials: dict[str, set[str]] = {}
        for outlet in outlets:
            for alias in _aliases(outlet):
                self._by_words.setdefault(_words(alias), set()).add(outlet)
            for initials in _initials(outlet):
                self._initials.setdefault(initials, set()).add(outlet)
        self._by_words.pop((), None)
        # How many words the longest name has that begins with a word.
        self._longest: dict[str, int] = {}
        for words in self._by_words:
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def find(self, text: str) -> list[OutletMention]:
        """Return the outlets named in a text, in order; of overlapping names the longest."""
        known = list(self._known(text))
        missing = [m for m in _unknown(text) if not any(m.overlaps(other) for other in known)]
        return sorted([*known, *missing], key=lambda mention: mention.start)

    def called(self, name: str) -> tuple[str, ...]:
        """Return the outlets that a name alone may mean, however it is written; () for none."""
        if name.casefold() in self._whole:
            return (self._whole[name.casefold()],)
        found = self._by_words.get(_words(name)) or self._initials.get(name.strip().upper())
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
        longest = self._longest.get(words[n].casefold(), 0)
        for size in range(min(longest, len(words) - n), 0, -1):
            run = words[n : n + size]
            found = self._by_words.get(tuple(word.casefold() for word in run))
            if found and _is_written_as_name(run, shouted):
                return size, tuple(sorted(found))
        word = words[n]
        clear = _NO_VOWEL.fullmatch(word) is not None
        initials = self._initials.get(word.upper() if clear else word)
        return 1, tuple(sorted(initials)) if initials and (clear or not shouted) else ()


def _is_written_as_name(run: list[str], shouted: bool) -> bool:
    """Tell Fortune and The Age from fortune and the age, as far as capitals can."""
    words = [word for word in run if word.casefold() != "the"] or run
    return len(words) > 1 or (not shouted and words[0][0].isupper())


def _unknown(text: str) -> Iterator[OutletMention]:
    for match in _UNKNOWN.finditer(text):
        name = "after" if match["after"] else "before"
        # A question's first word is capitalised whatever it is.
        opening = _OPENING.match(text) if match.start(name) == 0 else None
        start = opening.end() if opening else match.start(name)
        if 0 < start < match.end(name) and not text.isupper():
            yield OutletMention(start, match.end(name), ())


def _aliases(outlet: str) -> set[str]:
    names = {outlet, _SECTION.split(outlet)[0].strip()}
    names |= {_DOMAIN.sub("", name) for name in names}
    names |= {_ARTICLE.sub("", name) for name in names}
    return {name for name in names if len(name) >= MIN_ALIAS_CHARS}


def _initials(outlet: str) -> set[str]:
    """Return how a name is cut to capitals: NYT, and BBC of "BBC News"."""
    name = _SECTION.split(outlet)[0].strip()
    words = [word for word in re.findall(r"[\w&]+", name) if word.casefold() not in _SMALL]
    cut = {"".join(word[0].upper() for word in words)} if len(words) >= MIN_INITIALS else set()
    if words and words[0].isupper() and len(words[0]) >= MIN_INITIALS:
        cut.add(words[0])
    return cut


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(name))


def _without_s(word: str) -> str:
    return re.sub(r"['’][sS]$", "", word)
