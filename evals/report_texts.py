"""Answers and sources cut into pieces, so that a template can mark some of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from evals.metrics.wording import MARKER
from service.domain import Answer, Citation, Source

_LONGEST = 9
"""Digits of a marker that can be a source's number; Python reads no number of 5,000 digits."""


@dataclass(frozen=True)
class Piece:
    """Some characters of a text.

    Attributes:
        marked: Whether a citation rests on them.
        n: The number in it, when it is a marker.
        known: Whether a marker's number is a source's.
    """

    text: str
    marked: bool = False
    n: int | None = None
    known: bool = False


@dataclass(frozen=True)
class ShownSource:
    """A source with what is cited of it.

    Attributes:
        pieces: Its text, whole.
        strays: Citations of it that its text does not bear out.
        link: Its URL when it is one of the web, which no other may be opened as.
    """

    source: Source
    pieces: tuple[Piece, ...]
    strays: tuple[Citation, ...]
    link: str | None


def answer_pieces(answer: Answer) -> tuple[Piece, ...]:
    """Return an answer's text with its markers as pieces of their own."""
    numbers = {source.n for source in answer.sources}
    # A pattern with one group splits a text into what lies between and the numbers, in turn.
    parts = MARKER.split(answer.answer)
    return tuple(
        _marker(part, numbers) if at % 2 else Piece(part) for at, part in enumerate(parts) if part
    )


def shown_sources(answer: Answer) -> tuple[ShownSource, ...]:
    """Return the sources of an answer, or what is nearest to an abstention."""
    sources = answer.abstention.nearest if answer.abstention else answer.sources
    citations = [citation for said in answer.statements for citation in said.citations]
    return tuple(_shown(source, citations) for source in sources)


def _marker(digits: str, numbers: set[int]) -> Piece:
    # Sources are numbered from 1.
    n = int(digits) if len(digits) <= _LONGEST else 0
    return Piece(f"[{digits}]", n=n, known=n in numbers)


def _shown(source: Source, citations: Iterable[Citation]) -> ShownSource:
    of_it = [citation for citation in citations if citation.source == source.n]
    borne_out = [citation for citation in of_it if _is_in(citation, source)]
    spans = [range(c.start - source.start, c.end - source.start) for c in borne_out]
    strays = tuple(citation for citation in of_it if citation not in borne_out)
    is_web = (source.url or "").lower().startswith(("https://", "http://"))
    pieces = tuple(highlighted(source.text, spans))
    return ShownSource(source, pieces, strays, source.url if is_web else None)


def _is_in(citation: Citation, source: Source) -> bool:
    """Whether the part of the quote that lies in this passage stands there, to the letter."""
    start, end = max(citation.start, source.start), min(citation.end, source.end)
    if citation.article_id != source.article_id or start >= end:
        return False
    quoted = citation.quote[start - citation.start : end - citation.start]
    return quoted == source.text[start - source.start : end - source.start]


def highlighted(text: str, spans: Iterable[range]) -> Iterator[Piece]:
    """Yield all of a text in pieces, marked where at least one span lies.

    Args:
        text: Not changed; the pieces together are this text again.
        spans: Offsets in `text`; they may overlap, and reach beyond its ends.
    """
    inside = [range(max(s.start, 0), min(s.stop, len(text))) for s in spans]
    inside = [span for span in inside if span]
    edges = sorted({0, len(text), *(at for s in inside for at in (s.start, s.stop))})
    for start, end in pairwise(edges):
        yield Piece(text[start:end], marked=any(start in span for span in inside))
