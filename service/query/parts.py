"""The parts of a question: what each clause asks is looked for apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from ingest.index.lexical import terms
from service.writers.words import content_terms

MAX_PARTS = 8
"""Each costs an embedding and a lexical search; beyond it neighbours are taken together."""
MIN_TERMS = 2
_BETWEEN = re.compile(
    r"\s*(?:(?:(?<!\d)[,:]|[,:](?![\d/])|[;?!])|\b(?:while|whereas|that|which|who|whose|and|but|or|with|where|when|as|after"
    r"|before|between|than|compared to)\b)\s*",
    re.I,
)
# What joins clauses, and how news is spoken of: of such words no part is made.
_OF_NEWS = """
accord another any article before between both claim describe discuss here i into its mention no not
own publish report same suggest
"""


@dataclass(frozen=True)
class Part:
    """A clause of a question; offsets count in the question."""

    start: int
    end: int
    text: str


def topic_terms(text: str) -> list[str]:
    """Return the words of a text that say what it is about, as they are indexed, each once."""
    return [term for term in content_terms(text) if term not in _reporting_terms()]


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text of the same length with blanks in place of some spans."""
    for first, last in spans:
        text = f"{text[:first]}{' ' * (last - first)}{text[last:]}"
    return text


def parts(
    text: str,
    unbroken: Collection[tuple[int, int]] = (),
    outlets: Collection[tuple[int, int]] = (),
) -> list[Part]:
    """Return the clauses of a question that say something, in order.

    Args:
        text: The question.
        unbroken: Where nothing is parted: names and days with commas in them.
        outlets: Where outlets are named; a clause that names one and no more says nothing.
    """
    spans, start = [], 0
    for match in _BETWEEN.finditer(text):
        if any(first < match.end() and match.start() < last for first, last in unbroken):
            continue
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    kept = _with_their_subjects(blanked(text, outlets), spans)
    while len(kept) > MAX_PARTS:
        kept = _closest_joined(kept)
    return [Part(s, e, text[s:e]) for s, e in kept]


def _with_their_subjects(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a clause that is too short to stand alone to the one before, the first to the next one.

    A clause without a word of its own is none.
    """
    kept: list[tuple[int, int]] = []
    opening: int | None = None
    for start, end in spans:
        size = len(topic_terms(text[start:end]))
        if size >= MIN_TERMS:
            kept.append((start if kept or opening is None else opening, end))
        elif size and kept:
            kept[-1] = (kept[-1][0], end)
        elif size and opening is None:
            opening = start
    return kept


def _closest_joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take the two neighbours together that make the shortest whole."""
    n = min(range(len(spans) - 1), key=lambda i: spans[i + 1][1] - spans[i][0])
    return [*spans[:n], (spans[n][0], spans[n + 1][1]), *spans[n + 2 :]]


@cache
def _reporting_terms() -> frozenset[str]:
    return frozenset(terms(_OF_NEWS))
