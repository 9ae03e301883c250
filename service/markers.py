"""Citation markers in a line that a model wrote: what they name, and the line without them.

Models write citations in many ways: `[1]`, `[1, 2]`, `[1][2]`, `[1-3]`, `【1】`, `[^1]`,
`[source 1]`, in digits of any script, and one inside another. All are read.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, replace

_OPENING = "\uff3b\u3010\u3014\u3016\u3018\u301a\u27e6\u2772\u2045\ufe5d\ufe47\ufe39"
_CLOSING = "\uff3d\u3011\u3015\u3017\u3019\u301b\u27e7\u2773\u2046\ufe5e\ufe48\ufe3a"
_SAME_BRACKET = str.maketrans(_OPENING + _CLOSING, "[" * len(_OPENING) + "]" * len(_CLOSING))
_WORD = r"(?:sources?|passages?|citations?|articles?|refs?\.?|nos?\.?)"
_COMMA = r"[,;\uff0c\uff1b\u3001]"
_NUMBER = rf"(?:{_WORD} ?)?[#^]?\d++"
_INSIDE = rf"{_NUMBER}(?: ?(?:{_COMMA}|-|–|—|to|and|&|,? and) ?{_NUMBER})*+"
# Possessive quantifiers, and nothing that can begin inside a marker: reading takes linear time.
# Empty brackets are what a marker inside another pair of brackets leaves.
_MARKER = (
    rf"(?:\[ ?(?:{_WORD} ?:? ?)?{_INSIDE} ?(?:†[^\[\]\n]{{0,80}})?\]|\({_WORD} ?:? ?{_INSIDE}\)"
    r"|\[ ?\]|\( ?\))"
)
_ANY_MARKER = re.compile(
    rf"\[ ?(?:{_WORD} ?:? ?)?{_INSIDE}[^\[\]\n]{{0,100}}\]|\({_WORD} ?:? ?{_INSIDE}\)", re.I
)
_NAMED = re.compile(rf" ?{_WORD}", re.I)
_NUMBERED = re.compile(r"\[([^\[\]\n]{0,40}\d[^\[\]\n]{0,40})\]")
_MARKERS = re.compile(rf" ?({_MARKER}(?: ?(?:{_COMMA}|and|&)? ?{_MARKER})*+)", re.I)
_ITEM = re.compile(r"(\d+)(?: ?(?:-|–|—|to) ?[#^]?(\d+))?", re.I)
_LOOKALIKE = re.compile(r"\[ ?(\d++) ?\]")
# No number that is shown has so many; reading more of a long one would take quadratic time.
_MAX_DIGITS = 4
# Each level of brackets inside brackets is one more look at the line.
_MAX_LEVELS = 8
_STOPS = frozenset(".,;:!?")
# The last character before markers and the next two: a word, an address or a tag that they part.
_JOINS = re.compile(r"""<[^ ]|.(?:[^ .,;:!?)\]”’»"']|[.,:;][^\W_])""", re.DOTALL)


@dataclass(frozen=True)
class Mark:
    """Markers that stood at `at` in a line from which they were taken out.

    Attributes:
        cited: Numbers of passages that were shown, each once.
        invented: Numbers that were not shown, in ASCII digits.
    """

    at: int
    cited: tuple[int, ...]
    invented: tuple[str, ...]


def square_brackets(text: str) -> str:
    """Return the text with one form of square brackets, as long as before."""
    return text.translate(_SAME_BRACKET)


def without_markers(line: str, shown: Collection[int]) -> tuple[str, list[Mark]]:
    """Return a line without its markers, and the markers in order.

    Args:
        line: With square brackets of one form, and single blanks.
        shown: The numbers of the passages that the model was shown.
    """
    marks: list[Mark] = []
    for _ in range(_MAX_LEVELS):
        cut = _Cut(line, shown)
        if not cut.marks:
            break
        line = cut.line
        marks = [replace(mark, at=cut.moved(mark.at)) for mark in marks]
        marks = sorted([*marks, *cut.marks], key=lambda mark: mark.at)
    return _LOOKALIKE.sub(_round, line), marks


def defused(text: str) -> str:
    """Return a text in which nothing reads as a marker: `[1]` is `(1)`, `(source 1)` is `source 1`.

    An insertion without a number, as in "[he] said", stays.
    """
    text = square_brackets(text)
    for _ in range(_MAX_LEVELS):
        plainer = _ANY_MARKER.sub(_defused, text)
        if plainer == text:
            break
        text = plainer
    return _NUMBERED.sub(lambda found: f"({found[1]})", text)


def _defused(marker: re.Match[str]) -> str:
    inside = marker[0][1:-1]
    return f" {inside.strip()}" if _NAMED.match(inside) else f"({inside})"


def _round(lookalike: re.Match[str]) -> str:
    """Keep what is nested too deep from looking like a citation; as long as before."""
    return f"({lookalike[0][1:-1]})"


class _Cut:
    """A line without the markers of one level.

    Attributes:
        line: What is left.
        marks: What was taken out, in order.
    """

    def __init__(self, line: str, shown: Collection[int]) -> None:
        self.marks: list[Mark] = []
        self._pieces: list[str] = []
        self._length = 0
        self._last = " "
        # Of each cut: where it began and ended before, and where the line goes on now.
        self._began: list[int] = []
        self._ended: list[tuple[int, int]] = []
        end = 0
        for match in _MARKERS.finditer(line):
            self._take_out(match, line[end : match.start()], shown)
            end = match.end()
        self.line = "".join([*self._pieces, line[end:]])

    def _take_out(self, match: re.Match[str], before: str, shown: Collection[int]) -> None:
        after = match.string[match.end() : match.end() + 2]
        # A marker between two commas leaves one of them.
        kept = before.rstrip(",;") if after[:1] in _STOPS else before
        self._add(kept)
        self._began.append(match.start() - len(before) + len(kept))
        self.marks.append(_read(match[1], self._length, shown))
        # Without it, what stood on both sides could become an address or a tag.
        self._add(" " if _JOINS.match(self._last + after) else "")
        self._ended.append((match.end(), self._length))

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
        self._last = (self._last + piece)[-1]

    def moved(self, place: int) -> int:
        """Return where a place of the line before is now."""
        cut = bisect_right(self._began, place) - 1
        if cut < 0:
            return place
        ended, goes_on = self._ended[cut]
        return self.marks[cut].at if place < ended else goes_on + place - ended


def _read(markers: str, at: int, shown: Collection[int]) -> Mark:
    cited: dict[int, None] = {}
    invented: dict[str, None] = {}
    for first, last in _ITEM.findall(markers):
        ends = [_in_ascii(digits[:_MAX_DIGITS]) for digits in (first, last or first)]
        low, high = min(map(int, ends)), max(map(int, ends))
        cited.update(dict.fromkeys(n for n in sorted(shown) if low <= n <= high))
        invented.update(dict.fromkeys(end for end in ends if int(end) not in shown))
    return Mark(at, tuple(cited), tuple(invented))


def _in_ascii(digits: str) -> str:
    return "".join(str(unicodedata.decimal(digit)) for digit in digits)
