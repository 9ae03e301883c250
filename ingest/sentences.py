"""Sentences of a text, as exact spans.

sentencex finds the boundaries for some 300 languages; what it gets wrong in news text is put right
here: quotes and brackets that end up in the neighbouring sentence, list numbers, titles of people,
site names, and long quotes that it never opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.domain import Span

_LINE = re.compile(r"[^\n]+")
_OPENING_AT_END = re.compile(r"(?:^|(?<=\s))[\"'“‘«(\[]+$")
_CLOSING_AT_START = re.compile(r"(?:[”’»)\]]+|[\"']+(?=\s|$))(?=[\s\"'”’»)\].,;:]|$)")
_WORD = re.compile(r"\w")
_LIST_NUMBER = re.compile(r"\W*\d{1,3}[.)]\s*")
_NEVER_LAST = re.compile(
    r"(?:^|[\s(\"'“‘-])(?:Mr|Mrs|Ms|Messrs|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Cmdr|Maj|Adm"
    r"|Brig|Rev|Hon|Pres|Supt|Amb|St|Mt|Ft|vs|e\.g|i\.e|cf|approx)\.\s*$"
)
_BEFORE_NUMBER = re.compile(
    r"(?:^|\s)(?:No|Nos|Art|Sec|Vol|Fig|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s*$",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:com|org|net|info|gov|edu|co|tv|news|az|ru|ir|io|ai|eu|uk|us)\b", re.I)
_INNER = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[^\W\d_])")
_SHORTENED = re.compile(r"(?:^|[\W_])(?:[^\W\d_]|\w*\.\w+|[^\W\d_]{1,3})\.$")
_LONG_QUOTE_CHARS = 250
_NEAR = 16


def sentences(text: str, language: str | None = None) -> list[Span]:
    """Return the sentences of `text` in order; together they hold every visible character.

    A span has no white space at its ends and never crosses a newline.

    Args:
        text: Lines or paragraphs parted by newlines.
        language: ISO 639 code; English when it is not known.
    """
    return [
        Span(line.start() + start, line.start() + end)
        for line in _LINE.finditer(text)
        for start, end in _stripped(line[0], _cuts(line[0], language or "en"))
    ]


def _cuts(line: str, language: str) -> list[int]:
    """Return where sentences start in a line, and its end."""
    from sentencex import segment

    cuts = [0]
    end = 0
    # A lone surrogate cannot pass; its stand-in is as long.
    for piece in segment(language, line.encode("utf-8", "replace").decode("utf-8")):
        end += len(piece)
        cut = _with_its_quotes(line, end) if end < len(line) else end
        if cut > cuts[-1]:
            cuts.append(cut)
    return [*_opened(line, _joined(line, cuts)), len(line)]


def _with_its_quotes(line: str, cut: int) -> int:
    """Move a boundary over quotes and brackets that closed before it or open after it."""
    opening = _OPENING_AT_END.search(line, max(0, cut - _NEAR), cut)
    if opening and not line[cut].isspace():
        return opening.start()
    closing = _CLOSING_AT_START.match(line, cut)
    return closing.end() if closing and not line[cut - 1].isspace() else cut


def _joined(line: str, cuts: list[int]) -> list[int]:
    """Return the starts left when boundaries that are none are taken out."""
    starts = [0]
    for cut, end in pairwise(cuts[1:] if cuts[-1] == len(line) else [*cuts[1:], len(line)]):
        if not _is_false(line, starts[-1], cut, end):
            starts.append(cut)
    return starts


def _is_false(line: str, start: int, cut: int, end: int) -> bool:
    if not (_WORD.search(line, start, cut) and _WORD.search(line, cut, end)):
        return True
    if _LIST_NUMBER.fullmatch(line, start, cut) or _NEVER_LAST.search(
        line[max(start, cut - _NEAR) : cut]
    ):
        return True
    following = line[cut : cut + _NEAR].lstrip()
    if following[:1].isdigit() and _BEFORE_NUMBER.search(line[max(start, cut - _NEAR) : cut]):
        return True
    unspaced = not (line[cut - 1].isspace() or line[cut].isspace())
    return unspaced and (line[cut].islower() or _is_site(line, cut))


def _is_site(line: str, cut: int) -> bool:
    return (
        line[cut - 1] == "." and line[cut - 2 : cut - 1].isalnum() and bool(_SITE.match(line, cut))
    )


def _opened(line: str, starts: list[int]) -> Iterator[int]:
    """Add the boundaries inside long quotes, which sentencex keeps whole."""
    for start, end in pairwise([*starts, len(line)]):
        yield start
        if end - start > _LONG_QUOTE_CHARS:
            yield from (
                m.end() for m in _INNER.finditer(line, start, end - 1) if _is_inner(line, m)
            )


def _is_inner(line: str, match: re.Match[str]) -> bool:
    """Tell a boundary from a shortened word (an initial, "U.S.", "Inc.") before a capital."""
    following = line[match.end() : match.end() + _NEAR].lstrip("\"'“‘«([")
    before = line[max(0, match.start() - _NEAR) : match.start() + 1]
    return following[:1].isupper() and not (before.endswith(".") and _SHORTENED.search(before))


def _stripped(line: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    for start, end in pairwise(cuts):
        piece = line[start:end]
        left = start + len(piece) - len(piece.lstrip())
        if left < end:
            yield left, start + len(piece.rstrip())
