"""Lines of a printed text to paragraphs and a headline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from ingest.furniture import ends_sentence
from ingest.read.pdf_lines import Line, Page, reading_order

_WIDER_GAP = 1.3  # of the usual distance between lines
_OTHER_SIZE = 0.12
_INDENT = 0.7  # of the letters' size
_SHORT, _VERY_SHORT = 0.75, 0.55  # of the column's width, after a full stop and without one
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


def laid_out(pages: Sequence[Page]) -> Laid:
    """Return the text of all pages in reading order."""
    ordered = reading_order(pages)
    lines = list(chain.from_iterable(ordered))
    body = _body_size(lines)
    leading = _leading(lines)
    words = _whole_words(lines)
    groups = _grouped(lines, leading)
    paragraphs = tuple(_joined(group, words) for group in groups)
    first_page = len(ordered[0]) if ordered else 0
    return Laid(paragraphs, _headline(groups, paragraphs, body, first_page))


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


def _body_size(lines: Sequence[Line]) -> float:
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size * 2) / 2] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def _leading(lines: Sequence[Line]) -> float:
    """Return the commonest distance between two lines of a column."""
    gaps = Counter(
        round((above.y - below.y) * 2) / 2
        for above, below in pairwise(lines)
        if not below.starts_column and above.y > below.y
    )
    return gaps.most_common(1)[0][0] if gaps else 0.0


def _grouped(lines: Sequence[Line], leading: float) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _begins(groups[-1], line, leading):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _begins(group: Sequence[Line], line: Line, leading: float) -> bool:
    """Tell whether a line begins a paragraph after the lines of another."""
    above = group[-1]
    if abs(above.size - line.size) > _OTHER_SIZE * above.size or above.is_bold != line.is_bold:
        return True
    if _ITEM.match(line.text):
        return True
    if not line.starts_column and above.y - line.y > _WIDER_GAP * max(leading, line.size):
        return True
    indent = _INDENT * line.size
    if line.x - line.left > indent and above.x - above.left < indent and ends_sentence(above.text):
        return True
    share = (above.right - above.left) / max(1.0, above.column_right - above.left)
    ends = ends_sentence(above.text)
    return share < (_SHORT if ends else _VERY_SHORT) and (ends or not line.text[0].islower())


def _joined(lines: Sequence[Line], words: Counter[str]) -> str:
    text = lines[0].text
    for line in lines[1:]:
        broken = _BROKEN.search(text)
        if broken and line.text[:1].islower():
            text = text[:-1] + ("-" if _is_compound(broken, line, words) else "") + line.text
        else:
            text = f"{text} {line.text}"
    return text.replace("\u00ad", "")


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
