"""Runs of text on a page to lines in reading order: columns one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

_SAME_LINE = 0.5  # of the letters' size, for raised and lowered letters
_GAP = 3.0  # of the letters' size: a wider gap parts two columns or cells
_MIN_COLUMN_POINTS = 90.0
_INDENT_POINTS = 60.0
_MIN_COLUMN_LINES = 4
_SPANS = 0.15  # of the column's width, beyond where the next one begins
_EDGE_SHARE = 0.12
_EDGE_LINES = 3
_MIN_REPEATS = 2
_WIDE = 1.3  # of the usual distance between lines
_HEADS_SHARE = 3  # on at least one page in three: left and right pages differ
_DROP_CAP = 1.8
# Widths of letters in common fonts, in parts of their size; only lengths of lines are compared.
_WIDTHS = {
    **dict.fromkeys("iljtfrI.,;:'|!()[]\u2019\u2018 -", 0.3),
    **dict.fromkeys("mwMW\u2014%@", 0.85),
}
_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.)\s*)?\d{1,4}(?:\s*(?:of|/|von|de)\s*\d{1,4})?\W*|[ivxl]{1,6}", re.I
)
_PRINTED = re.compile(
    r"(?:https?://|file://|about:)\S+(?:\s+\d+(?:\s*/\s*\d+)?)?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d\d(?:\s?[AP]M)?\b.*",
    re.I,
)


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
        column: Where its column begins and ends, in points.
        starts_column: The line above it is in another column or on another page.
    """

    x: float
    y: float
    size: float
    text: str
    is_bold: bool
    right: float
    left: float = 0.0
    column_right: float = 0.0
    starts_column: bool = False


def reading_order(pages: Sequence[Page]) -> list[list[Line]]:
    """Return the lines of each page as they are read, without running heads and page numbers."""
    drawn = [_lines(page.fragments) for page in pages]
    edges = [_edge(lines, page) for lines, page in zip(drawn, pages, strict=True)]
    apart = [_set_apart(lines) for lines in drawn]
    heads = _repeated(edges)
    return [
        _ordered(
            [line for line in lines if line not in edge or not _is_head(line, edge, heads, rows)]
        )
        for lines, edge, rows in zip(drawn, edges, apart, strict=True)
    ]


def _lines(fragments: Sequence[Fragment]) -> list[Line]:
    starts = _column_starts(fragments)
    lines: list[Line] = []
    for fragment in fragments:
        last = lines[-1] if lines else None
        if last and _goes_on(last, fragment, starts):
            lines[-1] = _joined(last, fragment)
        elif last and _is_drop_cap(last, fragment):
            lines[-1] = replace(_line(fragment), x=last.x, text=last.text.strip() + fragment.text)
        else:
            lines.append(_line(fragment))
    return [replace(line, text=" ".join(line.text.split())) for line in lines]


def _line(fragment: Fragment) -> Line:
    text = fragment.text.lstrip()
    right = fragment.x + _width(text, fragment.size)
    return Line(fragment.x, fragment.y, fragment.size, text, fragment.is_bold, right)


def _joined(line: Line, fragment: Fragment) -> Line:
    # pypdf has put a space where the gap is that of one.
    right = max(line.right, fragment.x + _width(fragment.text, fragment.size))
    size = max(line.size, fragment.size)
    bold = line.is_bold and fragment.is_bold
    return replace(line, text=line.text + fragment.text, right=right, size=size, is_bold=bold)


def _goes_on(line: Line, fragment: Fragment, starts: Iterable[int]) -> bool:
    size = max(line.size, fragment.size)
    if abs(fragment.y - line.y) > _SAME_LINE * size or fragment.x < line.x - 1:
        return False
    if _bucket(fragment.x) in starts and fragment.x > line.x + _MIN_COLUMN_POINTS:
        return False
    # The wider the line, the less exactly its end is known.
    return fragment.x - line.right < max(_GAP * size, 0.2 * (line.right - line.x))


def _is_drop_cap(line: Line, fragment: Fragment) -> bool:
    return (
        len(line.text.strip()) == 1
        and line.size > _DROP_CAP * fragment.size
        and fragment.x > line.x
        and line.y - fragment.size <= fragment.y <= line.y + line.size
    )


def _column_starts(fragments: Iterable[Fragment]) -> set[int]:
    """Return the places, in buckets of 2 points, where many lines begin one below the other."""
    places = {(_bucket(fragment.x), round(fragment.y)) for fragment in fragments}
    counts = Counter(x for x, _ in places)
    heights = len({y for _, y in places})
    return {x for x, n in counts.items() if n >= max(_MIN_COLUMN_LINES, heights // 5)}


def _bucket(x: float) -> int:
    return round(x / 2)


def _width(text: str, size: float) -> float:
    capitals = 0.14 * sum(char.isupper() for char in text)
    return size * (sum(_WIDTHS.get(char, 0.52) for char in text) + capitals)


def _edge(lines: Sequence[Line], page: Page) -> list[Line]:
    """Return the lines at the top and the bottom of a page."""
    margin = _EDGE_SHARE * (page.top - page.bottom)
    heights = sorted({round(line.y) for line in lines})
    outer = {*heights[:_EDGE_LINES], *heights[-_EDGE_LINES:]}
    return [
        line
        for line in lines
        if round(line.y) in outer and not page.bottom + margin < line.y < page.top - margin
    ]


def _repeated(edges: Sequence[Sequence[Line]]) -> set[str]:
    counts = Counter(key for edge in edges for key in {_key(line) for line in edge})
    fewest = max(_MIN_REPEATS, len(edges) // _HEADS_SHARE)
    return {key for key, count in counts.items() if count >= fewest}


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.casefold())


def _set_apart(lines: Sequence[Line]) -> set[int]:
    """Return the outer heights of a page that a wide gap parts from the text."""
    heights = sorted({round(line.y) for line in lines})
    gaps = [above - below for below, above in pairwise(heights)]
    wide = _WIDE * median(gaps) if len(gaps) >= _MIN_COLUMN_LINES else 0
    found: set[int] = set()
    for rows, spaces in ((heights, gaps), (heights[::-1], gaps[::-1])):
        count = next((n for n, gap in enumerate(spaces[:_EDGE_LINES], 1) if gap > wide), 0)
        found.update(rows[:count])
    return found


def _is_head(line: Line, edge: Sequence[Line], heads: set[str], apart: set[int]) -> bool:
    """Tell a running head, a page number or what a browser prints around a page from its text."""
    if _key(line) in heads or _PRINTED.fullmatch(line.text):
        return True
    row = [other for other in edge if abs(other.y - line.y) < 1]
    marks = (_PRINTED.fullmatch(other.text) or _NUMBER.fullmatch(other.text) for other in row)
    return round(line.y) in apart and any(marks)


def _ordered(lines: Sequence[Line]) -> list[Line]:
    """Read down each column between the lines that go across all of them."""
    down = sorted(lines, key=lambda line: -line.y)
    columns = _columns(down)
    placed = ((_column_of(line, columns), line) for line in down)
    ordered: list[Line] = []
    for spans, band in groupby(placed, key=lambda place: place[0] is None):
        if spans:
            ordered.extend(_in_column([line for _, line in band], None))
        else:
            members = list(band)
            for number in range(len(columns)):
                ordered.extend(_in_column([x for n, x in members if n == number], columns[number]))
    return ordered


def _in_column(lines: Sequence[Line], left: float | None) -> Iterator[Line]:
    if not lines:
        return
    start = min(line.x for line in lines) if left is None else left
    end = max(line.right for line in lines)
    for n, line in enumerate(lines):
        yield replace(line, left=start, column_right=end, starts_column=n == 0)


def _columns(lines: Sequence[Line]) -> list[float]:
    """Return where the columns of a page begin, from left to right; one at least."""
    counts = Counter(_bucket(line.x) for line in lines)
    fewest = max(_MIN_COLUMN_LINES, len(lines) // 8)
    often = sorted(2.0 * place for place, count in counts.items() if count >= fewest)
    starts = often[:1]
    for start in often[1:]:
        before = [ln.right for ln in lines if starts[-1] - 3 <= ln.x < starts[-1] + _INDENT_POINTS]
        is_apart = start - starts[-1] >= _MIN_COLUMN_POINTS
        if is_apart and median(before) <= start + _SPANS * (start - starts[-1]):
            starts.append(start)
    return starts or [min((line.x for line in lines), default=0.0)]


def _column_of(line: Line, columns: Sequence[float]) -> int | None:
    """Return the number of the column that a line is in, None when it goes across several."""
    number = max((n for n, start in enumerate(columns) if start <= line.x + 3), default=0)
    if number + 1 == len(columns):
        return number
    width = columns[number + 1] - columns[number]
    return None if line.right > columns[number + 1] + _SPANS * width else number
