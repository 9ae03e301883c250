"""Lines of a printed text to paragraphs and a headline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from ingest.furniture import ends_sentence
from ingest.read.pdf_columns import reading_order
from ingest.read.pdf_lines import Line, Page, body_size

_WIDER_GAP = 1.3  # of the usual distance between lines
_OTHER_SIZE = 0.12
_SAME_ROW, _CELL_GAP = 0.3, 2.0  # of the letters' size
_INDENT = 0.7  # of the letters' size
_NEARLY_FULL, _SHORT, _VERY_SHORT = 0.9, 0.75, 0.65  # of the column's width
_MIN_INDENTS = 2
_HEADLINE = 1.3  # of the size of the body
_MAX_HEADLINE_WORDS = 30
_ITEM = re.compile(r"[\u2022\u25cf\u25aa\u2023*-]\s+\S|\d{1,2}[.)]\s+\S")
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


@dataclass(frozen=True)
class Laid:
    """A text as it was laid out: its paragraphs, and the headline on its first page."""

    paragraphs: tuple[str, ...]
    title: str | None

    @property
    def text(self) -> str:
        """All paragraphs, parted by blank lines."""
        return "\n\n".join(self.paragraphs)

    def text_without(self, title: str | None) -> str:
        """Return the text without the paragraph that is the title."""
        same = (n for n, p in enumerate(self.paragraphs) if title and _bare(p) == _bare(title))
        at = next(same, None)
        return "\n\n".join(p for n, p in enumerate(self.paragraphs) if n != at)


@dataclass(frozen=True)
class _Habits:
    """How a text sets its paragraphs: the distance of its lines in points, and indents."""

    leading: float
    indents: bool


def laid_out(pages: Sequence[Page]) -> Laid:
    """Return the text of all pages in reading order."""
    ordered = reading_order(pages)
    lines = list(chain.from_iterable(ordered))
    words = _whole_words(lines)
    groups = _grouped(lines, _habits(lines))
    paragraphs = tuple(_joined(group, words) for group in groups)
    first_page = len(ordered[0]) if ordered else 0
    return Laid(paragraphs, _headline(groups, paragraphs, body_size(lines), first_page))


def _whole_words(lines: Sequence[Line]) -> Counter[str]:
    """Count the words of a text, without the parts of those that are broken at a line's end."""
    words: Counter[str] = Counter()
    after_break = False
    for line in lines:
        broken = _BROKEN.search(line.text)
        found = _WORD.findall(_BROKEN.sub("", line.text))
        words.update(word.casefold() for word in found[after_break:])
        after_break = broken is not None
    return words


def _habits(lines: Sequence[Line]) -> _Habits:
    """Find the commonest distance between two lines of a column, and whether indents are used."""
    pairs = [pair for pair in pairwise(lines) if not pair[1].starts_column]
    gaps = Counter(round((above.y - below.y) * 2) / 2 for above, below in pairs)
    indented = sum(_is_indented(above, below) for above, below in pairs)
    commonest = max((n, gap) for gap, n in gaps.items())[1] if gaps else 0.0
    return _Habits(commonest, indented >= _MIN_INDENTS)


def _grouped(lines: Sequence[Line], habits: _Habits) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _begins(groups[-1][-1], line, habits):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _begins(above: Line, line: Line, habits: _Habits) -> bool:
    """Tell whether a line begins a paragraph below the last line of another."""
    if not line.starts_column and abs(above.y - line.y) < _SAME_ROW * line.size:
        return line.x - above.right > _CELL_GAP * line.size
    if abs(above.size - line.size) > _OTHER_SIZE * above.size or above.is_bold != line.is_bold:
        return True
    if _ITEM.match(line.text):
        return True
    if not line.starts_column and above.y - line.y > _WIDER_GAP * max(habits.leading, line.size):
        return True
    return _is_indented(above, line) or _is_end(above, line, habits)


def _is_indented(above: Line, line: Line) -> bool:
    indent = _INDENT * line.size
    return line.x - line.left > indent > above.x - above.left and ends_sentence(above.text)


def _is_end(above: Line, line: Line, habits: _Habits) -> bool:
    """Tell by its length whether a line is the last one of its paragraph."""
    share = (above.right - above.left) / max(1.0, above.column_right - above.left)
    if not ends_sentence(above.text):
        return share < _VERY_SHORT and not line.text[0].islower()
    # Where no gap can be seen, only the length tells.
    unseen = line.starts_column and not habits.indents
    return share < (_NEARLY_FULL if unseen else _SHORT)


def _joined(lines: Sequence[Line], words: Counter[str]) -> str:
    parts = [lines[0].text]
    for above, line in pairwise(lines):
        broken = _BROKEN.search(above.text)
        if broken and line.text[:1].islower():
            kept = "-" if _is_compound(broken, line, words) else ""
            parts[-1] = parts[-1][:-1] + kept
        else:
            parts.append(" ")
        parts.append(line.text)
    return "".join(parts).replace("\u00ad", "")


def _is_compound(broken: re.Match[str], line: Line, words: Counter[str]) -> bool:
    """Tell a word that is written with a hyphen from one that was only broken at a line's end."""
    if broken[0].endswith("\u00ad"):
        return False
    second = _WORD.match(line.text)
    one, other = broken[1].casefold(), (second[0] if second else "").casefold()
    if words[f"{one}-{other}"] or words[one + other]:
        return bool(words[f"{one}-{other}"])
    return bool(words[one] and words[other])


def _headline(
    groups: Sequence[Sequence[Line]], paragraphs: Sequence[str], body: float, first_page: int
) -> str | None:
    """Return the paragraph in the largest letters of the first page, if they are large."""
    largest, found = _HEADLINE * body, None
    for text, size in _until(groups, paragraphs, first_page):
        if size >= largest and 1 < len(text.split()) <= _MAX_HEADLINE_WORDS:
            largest, found = size * (1 + _OTHER_SIZE), text
    return found


def _until(
    groups: Sequence[Sequence[Line]], paragraphs: Sequence[str], count: int
) -> Iterator[tuple[str, float]]:
    for group, text in zip(groups, paragraphs, strict=True):
        if count <= 0:
            return
        yield text, max(line.size for line in group)
        count -= len(group)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
