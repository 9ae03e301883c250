"""The records that ingest passes from step to step.

All offsets count Unicode code points (Python string indices), start inclusive, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Precision = Literal["minute", "day", "month", "year", "month_day", "unknown"]
Basis = Literal["metadata", "text", "filename", "sidecar", "unknown"]
Step = Literal["find", "read", "clean", "describe", "chunk", "embed", "index"]


@dataclass(frozen=True)
class Span:
    """A half-open range of code points in a text that the context names."""

    start: int
    end: int


@dataclass(frozen=True)
class RawArticle:
    """What a reader found in a file, before cleaning; None where the file does not say.

    Attributes:
        text: The body as the file has it, paragraphs separated by newlines.
        origin: Absolute path of the file, or the address it was fetched from.
        record: What tells apart several articles of one file ("" when the file is one article).
        published: The publication date as the file writes it.
        published_basis: Where that was written.
        place: The place of the dateline, where the format has a field for it.
    """

    text: str
    origin: str
    record: str = ""
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    published_basis: Basis = "metadata"
    url: str | None = None
    section: str | None = None
    language: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class PublicationDate:
    """When an article appeared, how exactly that is known, and from what.

    Attributes:
        at: Start of the period in UTC; None when unknown or when the year is missing.
        precision: The length of the period that starts at `at`; `month_day` for a day whose year is
            not known.
        basis: Where the date was found.
        month_day: `--MM-DD`, as ISO 8601:2000 and XML Schema write a day of any year.
    """

    at: datetime | None = None
    precision: Precision = "unknown"
    basis: Basis = "unknown"
    month_day: str | None = None


@dataclass(frozen=True)
class Article:
    """One cleaned and described news text.

    Attributes:
        article_id: 16 hex digits, stable over edits of the text.
        text: What every offset counts in.
        origin: Absolute path of the file it came from, or the address it was fetched from.
        fingerprint: SHA-256 over all that indexing depends on; equal means unchanged.
        place: The place of the dateline ("TEHRAN –").
    """

    article_id: str
    text: str
    title: str
    origin: str
    fingerprint: str
    outlet: str | None = None
    author: str | None = None
    place: str | None = None
    published: PublicationDate = field(default_factory=PublicationDate)
    url: str | None = None
    section: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Passage:
    """A run of whole sentences of one article: `article.text[start:end] == text`.

    Attributes:
        passage_id: `<article_id>-<ordinal, 4 digits>`.
        header: Outlet, date and title, put before the text when it is embedded.
        sentences: Spans in `article.text`, in order, within start and end.
        sizes: How many word pieces each sentence has; () where nobody counted.
    """

    passage_id: str
    article_id: str
    start: int
    end: int
    text: str
    header: str
    sentences: tuple[Span, ...]
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True)
class PassageVectors:
    """The vectors of one passage, all of unit length.

    Attributes:
        passage: float32, shape (dimension,).
        sentences: float32, shape (number of sentences, dimension), in the passage's order.
    """

    passage: NDArray[np.float32]
    sentences: NDArray[np.float32]


@dataclass(frozen=True)
class EmbedderId:
    """What a vector depends on; vectors of different identities never share an index.

    Attributes:
        name: `minilm` or `openai:MODEL`.
        dimension: Numbers in a vector.
        hash: SHA-256 over weights, word pieces and graph, or of the endpoint's model name.
        precision: `float` (float32 or bfloat16: cosine between them ≥ 0.9999) or `int8`.
    """

    name: str
    dimension: int
    hash: str
    precision: Literal["float", "int8"] = "float"


@dataclass(frozen=True)
class Filters:
    """Which articles count. Dates are whole days in UTC and inclusive on both sides.

    An article counts only when its whole period of publication lies inside, so that an article
    dated "December 2025" is never taken for one of before December 10. An undated article counts
    only when no date is asked for.

    Attributes:
        undated: Only undated articles count, whatever days are asked for.
    """

    outlets: tuple[str, ...] = ()
    published_after: date | None = None
    published_before: date | None = None
    as_of: date | None = None
    undated: bool = False

    @property
    def last_day(self) -> date | None:
        """The earlier of `published_before` and `as_of`."""
        days = [day for day in (self.published_before, self.as_of) if day is not None]
        return min(days) if days else None

    @property
    def is_empty(self) -> bool:
        """Whether no day is let through."""
        after, last = self.published_after, self.last_day
        return after is not None and last is not None and after > last

    @property
    def asks_for_days(self) -> bool:
        """Whether undated articles are left out."""
        return self.published_after is not None or self.last_day is not None


@dataclass(frozen=True)
class Hit:
    """One passage that a search found; a higher score is nearer."""

    passage_id: str
    score: float


@dataclass(frozen=True)
class Failure:
    """One article or file that could not be ingested, and why."""

    path: str
    step: Step
    reason: str
