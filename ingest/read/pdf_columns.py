"""The lines of printed pages in the order in which they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median

from ingest.read.pdf_heads import without_heads
from ingest.read.pdf_lines import (
    MIN_COLUMN_LINES,
    MIN_COLUMN_POINTS,
    Line,
    Page,
    lines_of,
    place_of,
)

_INDENT_POINTS = 60.0
_SPANS = 0.15  # of the column's width, beyond where the next one begins


def reading_order(pages: Sequence[Page]) -> list[list[Line]]:
    """Return the lines of each page as they are read, without running heads and page numbers."""
    drawn = [lines_of(page) for page in pages]
    return [_ordered(lines) for lines in without_heads(drawn, pages)]


def _ordered(lines: Sequence[Line]) -> list[Line]:
    """Read down each column between the lines that go across all of them."""
    down = sorted(lines, key=lambda line: (-round(line.y), line.x))
    columns = _columns(down)
    placed = [(_column_of(line, columns), line) for line in down]
    ends = {
        number: max(line.right for n, line in placed if number in (n, None))
        for number in {n for n, _ in placed}
    }
    ordered: list[Line] = []
    for spans, band in groupby(placed, key=lambda place: place[0] is None):
        members = list(band)
        for number in [None] if spans else range(len(columns)):
            inside = [line for n, line in members if n == number]
            left = columns[number or 0]
            ordered.extend(_in_column(inside, left, ends.get(number, left)))
    return ordered


def _in_column(lines: Sequence[Line], left: float, right: float) -> Iterator[Line]:
    for n, line in enumerate(lines):
        yield replace(line, left=left, column_right=right, starts_column=n == 0)


def _columns(lines: Sequence[Line]) -> list[float]:
    """Return where the columns of a page begin, from left to right; one at least."""
    counts = Counter(place_of(line.x) for line in lines)
    fewest = max(MIN_COLUMN_LINES, len(lines) // 8)
    often = sorted(2.0 * place for place, count in counts.items() if count >= fewest)
    starts = often[:1]
    for start in often[1:]:
        before = [ln.right for ln in lines if starts[-1] - 3 <= ln.x < starts[-1] + _INDENT_POINTS]
        is_apart = start - starts[-1] >= MIN_COLUMN_POINTS
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
