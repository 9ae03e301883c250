"""Runs of text on a printed page to lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_SAME_LINE = 0.5  # of the letters' size, for raised and lowered letters
_GAP = 1.5  # of the letters' size: a wider gap parts two columns or cells
_UNSURE = 0.15  # of the length of a run, which is only estimated
MIN_COLUMN_POINTS = 90.0
MIN_COLUMN_LINES = 4
_DROP_CAP = 1.8
_MARK = re.compile(r"[\u2022\u25cf\u25aa\u25e6\u2023*\u2013-]|\d{1,2}[.)]")
_MARK_POINTS = 40.0
# Widths of letters in common fonts, in parts of their size; only lengths of lines are compared.
_WIDTHS = {
    **dict.fromkeys("iljtfrI.,;:'|!()[]\u2019\u2018 -", 0.3),
    **dict.fromkeys("mwMW\u2014%@", 0.85),
}


@dataclass(frozen=True)
class Fragment:
    """A run of text: where its baseline begins, in points from the lower left, and its size."""

    x: float
    y: float
    size: float
    text: str
    is_bold: bool = False


@dataclass(frozen=True)
class Page:
    """What is drawn on a page, in the order in which it is drawn."""

    fragments: tuple[Fragment, ...]
    bottom: float
    top: float


@dataclass(frozen=True)
class Line:
    """A line of one column.

    Attributes:
        right: Where it ends, roughly.
        last: Where its last run of text begins.
        left: Where its column begins, and
        column_right: where it ends, once that is known.
        starts_column: The line above it is in another column or on another page.
    """

    x: float
    y: float
    size: float
    text: str
    is_bold: bool
    right: float
    last: float
    left: float = 0.0
    column_right: float = 0.0
    starts_column: bool = False


def body_size(lines: Iterable[Line]) -> float:
    """Return the size that most letters have, 0 when there are none."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size * 2) / 2] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def lines_of(page: Page) -> list[Line]:
    """Return the lines of a page in the order in which they are drawn."""
    fragments = page.fragments
    starts = _column_starts(fragments)
    lines: list[Line] = []
    for fragment in fragments:
        last = lines[-1] if lines else None
        if last and _goes_on(last, fragment, starts):
            lines[-1] = _joined(last, fragment)
        elif last and _is_drop_cap(last, fragment):
            lines[-1] = replace(_line(fragment), x=last.x, text=last.text.strip() + fragment.text)
        elif fragment.text.strip():  # some programs draw each space apart
            lines.append(_line(fragment))
    return _with_marks([replace(line, text=" ".join(line.text.split())) for line in lines])


def _with_marks(lines: Sequence[Line]) -> list[Line]:
    """Put the mark of a list item, which may be drawn after its text, before it."""
    marks = [line for line in lines if _MARK.fullmatch(line.text)]
    found: list[Line] = []
    for line in lines:
        mark = next((m for m in marks if m is not line and _marks(m, line)), None)
        if mark:
            found.append(replace(line, text=f"{mark.text} {line.text}"))
            marks.remove(mark)
        else:
            found.append(line)
    used = {id(line) for line in lines if _MARK.fullmatch(line.text)} - {id(m) for m in marks}
    return [line for line in found if id(line) not in used]


def _marks(mark: Line, line: Line) -> bool:
    near = 0 < line.x - mark.x < _MARK_POINTS
    return near and abs(line.y - mark.y) < _SAME_LINE * line.size


def _line(fragment: Fragment) -> Line:
    text = fragment.text.lstrip()
    right = fragment.x + _width(text, fragment.size)
    return Line(fragment.x, fragment.y, fragment.size, text, fragment.is_bold, right, fragment.x)


def _joined(line: Line, fragment: Fragment) -> Line:
    # pypdf has put a space where the gap is that of one.
    return replace(
        line,
        text=line.text + fragment.text,
        right=max(line.right, fragment.x + _width(fragment.text, fragment.size)),
        last=fragment.x,
        size=max(line.size, fragment.size),
        is_bold=line.is_bold and fragment.is_bold,
    )


def _goes_on(line: Line, fragment: Fragment, starts: Iterable[int]) -> bool:
    size = max(line.size, fragment.size)
    if abs(fragment.y - line.y) > _SAME_LINE * size or fragment.x < line.x - 1:
        return False
    is_far = fragment.x > line.x + MIN_COLUMN_POINTS and bool(fragment.text.strip())
    if is_far and place_of(fragment.x) in starts:
        return False
    return fragment.x - line.right < _GAP * size + _UNSURE * (line.right - line.last)


def _is_drop_cap(line: Line, fragment: Fragment) -> bool:
    return (
        len(line.text.strip()) == 1
        and line.size > _DROP_CAP * fragment.size
        and fragment.x > line.x
        and line.y - fragment.size <= fragment.y <= line.y + line.size
    )


def _column_starts(fragments: Iterable[Fragment]) -> set[int]:
    """Return the places, in steps of 2 points, where many lines begin one below the other."""
    places = {(place_of(fragment.x), round(fragment.y)) for fragment in fragments}
    counts = Counter(x for x, _ in places)
    heights = len({y for _, y in places})
    return {x for x, n in counts.items() if n >= max(MIN_COLUMN_LINES, heights // 3)}


def place_of(x: float) -> int:
    """Return a distance from the left in steps of 2 points, in which lines begin alike."""
    return round(x / 2)


def _width(text: str, size: float) -> float:
    capitals = 0.14 * sum(char.isupper() for char in text)
    return size * (sum(_WIDTHS.get(char, 0.52) for char in text) + capitals)
