"""What stands at the edges of printed pages and is no part of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.furniture import ends_sentence
from ingest.read.pdf_lines import MIN_COLUMN_LINES, Line, Page, body_size

_EDGE_SHARE = 0.12
_EDGE_LINES = 3
_MIN_REPEATS = 2
_WIDE = 1.3  # of the usual distance between lines
_HEADS_SHARE = 3  # on at least one page in three: left and right pages differ
_SMALL = 0.95  # of the size of most letters
_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.)\s*)?\d{1,4}(?:\s*(?:of|/|von|de)\s*\d{1,4})?\W*|[ivxl]{1,6}", re.I
)
_PRINTED = re.compile(
    r"(?:https?://|file://|about:)\S+(?:\s+\d+(?:\s*/\s*\d+)?)?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d\d(?:\s?[AP]M)?\b.*",
    re.I,
)


def without_heads(drawn: Sequence[Sequence[Line]], pages: Sequence[Page]) -> list[list[Line]]:
    """Return the lines of each page without running heads, page numbers and a browser's print."""
    edges = [_edge(lines, page) for lines, page in zip(drawn, pages, strict=True)]
    heads = _repeated(edges)
    return [_kept(lines, edge, heads) for lines, edge in zip(drawn, edges, strict=True)]


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
    wide = _WIDE * median(gaps) if len(gaps) >= MIN_COLUMN_LINES else 0
    found: set[int] = set()
    for rows, spaces in ((heights, gaps), (heights[::-1], gaps[::-1])):
        count = next((n for n, gap in enumerate(spaces[:_EDGE_LINES], 1) if gap > wide), 0)
        found.update(rows[:count])
    return found


def _kept(lines: Sequence[Line], edge: Sequence[Line], heads: set[str]) -> list[Line]:
    apart, small = _set_apart(lines), _SMALL * body_size(lines)
    at_edge = {id(line) for line in edge}
    return [
        line
        for line in lines
        if id(line) not in at_edge or not _is_head(line, edge, heads, apart, small)
    ]


def _is_head(
    line: Line, edge: Sequence[Line], heads: set[str], apart: set[int], small: float
) -> bool:
    """Tell a running head, a page number or what a browser prints around a page from its text."""
    if _key(line) in heads or _PRINTED.fullmatch(line.text):
        return True
    row = [other for other in edge if abs(other.y - line.y) < 1]
    marks = (_PRINTED.fullmatch(other.text) or _NUMBER.fullmatch(other.text) for other in row)
    is_small = line.size < small and not ends_sentence(line.text)
    return round(line.y) in apart and (is_small or any(marks))
