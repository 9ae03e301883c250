"""What the catalog gives back, and how its columns are packed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ingest.dedupe import Signature
from ingest.domain import (
    Article,
    Basis,
    Passage,
    PassageVectors,
    Precision,
    PublicationDate,
    Span,
)
from ingest.embed.int8 import dequantise

_FINGERPRINT_DIGITS = 16


@dataclass(frozen=True)
class StoredArticle:
    """An article with what the index adds to it.

    Attributes:
        story_id: The story it belongs to.
        passages: How many passages it has.
    """

    article: Article
    story_id: str
    passages: int


@dataclass(frozen=True)
class StoredPassage:
    """A passage with its vectors.

    Attributes:
        vectors: As stored: the passage's rounded to float16, the sentences' to int8.
    """

    passage: Passage
    vectors: PassageVectors


@dataclass(frozen=True)
class Counts:
    """How much a catalog holds."""

    articles: int
    stories: int
    passages: int


class Line(NamedTuple):
    """A sentence: where it is in its article, its unit vector, and its size in word pieces.

    A size of 0 is one that nobody counted.
    """

    start: int
    end: int
    vector: NDArray[np.float32]
    size: int


@dataclass(frozen=True)
class Indexed:
    """Everything about one article that goes into an index.

    Attributes:
        vectors: One for each passage, in order.
        signature: What tells copies of the text.
    """

    article: Article
    passages: tuple[Passage, ...]
    vectors: tuple[PassageVectors, ...]
    signature: Signature


@dataclass(frozen=True)
class Revision:
    """One time that an article's text was replaced by a later one.

    Attributes:
        replaced_at: When the later text came in, ISO 8601 in UTC.
        earlier_published_at: The date of the text that was there, None when unknown.
        published_at: The date of the text that took its place.
    """

    article_id: str
    replaced_at: str
    earlier_published_at: str | None
    published_at: str | None


def date_text(published: PublicationDate) -> str | None:
    """Return what is stored of a date: ISO 8601 in UTC, or `--MM-DD` where the year is missing."""
    return published.month_day or iso(published.at)


def read_date(stored: str | None, precision: Precision, basis: Basis) -> PublicationDate:
    """Reverse `date_text`."""
    if precision == "month_day":
        return PublicationDate(None, precision, basis, stored)
    return PublicationDate(datetime.fromisoformat(stored) if stored else None, precision, basis)


def period(published: PublicationDate) -> tuple[date, date] | None:
    """Return the first and the last day on which an article can have appeared."""
    if published.at is None or published.precision == "unknown":
        return None
    first = published.at.astimezone(UTC).date()
    if published.precision == "year":
        return first, date(first.year, 12, 31)
    if published.precision == "month":
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        return first, following - timedelta(days=1)
    return first, first


def vector_id(packed: bytes) -> str:
    """Return the name under which Chroma keeps a packed vector: equal vectors have one."""
    return hashlib.blake2b(packed, digest_size=12).hexdigest()


def word_id(passage_id: str, fingerprint: str) -> str:
    """Return the name under which a server keeps a passage's words; a changed article has others.

    Args:
        passage_id: Of the passage.
        fingerprint: Of its article.
    """
    return f"{passage_id}.{fingerprint[:_FINGERPRINT_DIGITS]}"


def passage_of(name: str) -> str:
    """Return the passage that `word_id` named."""
    return name.partition(".")[0]


def head_of(article: Article, passage: Passage) -> str:
    """Return what is found by words beside a passage's own: outlet, day, title and author."""
    return f"{passage.header}\n{article.author or ''}"


def digest(text: str) -> bytes:
    """Return 8 bytes that tell whether a passage's text is still what was indexed."""
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def iso(moment: datetime | None) -> str | None:
    """Return ISO 8601 in UTC with a `Z`, or None."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def pack_spans(spans: tuple[Span, ...]) -> bytes:
    """Return the spans as little-endian 32-bit integers."""
    return np.array([(s.start, s.end) for s in spans], dtype="<i4").tobytes()


def unpack_spans(data: bytes) -> tuple[Span, ...]:
    """Reverse `pack_spans`."""
    pairs = np.frombuffer(data, dtype="<i4").reshape(-1, 2)
    return tuple(Span(int(start), int(end)) for start, end in pairs)


def pack_sizes(sizes: tuple[int, ...]) -> bytes:
    """Return counts of word pieces as little-endian 16-bit integers; no sentence has more."""
    return np.array(sizes, dtype="<u2").tobytes()


def unpack_sizes(data: bytes) -> tuple[int, ...]:
    """Reverse `pack_sizes`."""
    return tuple(np.frombuffer(data, dtype="<u2").tolist())


def pack_vector(vector: NDArray[np.float32]) -> bytes:
    """Return a vector as float16: half the bytes, cosine to the original over 0.9999999."""
    return vector.astype("<f2").tobytes()


def read_vector(packed: bytes) -> NDArray[np.float32]:
    """Return a vector from the bytes of `pack_vector`, to the bit as they have it."""
    return np.frombuffer(packed, dtype="<f2").astype(np.float32)


def unpack_vectors(data: bytes, rows: int) -> NDArray[np.float32]:
    """Return `rows` float32 vectors of unit length from the bytes of `pack_vector`."""
    vectors = np.frombuffer(data, dtype="<f2").astype(np.float32).reshape(rows, -1 if rows else 0)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def read_article(row: tuple[object, ...]) -> StoredArticle:
    """Return an article from the columns in which the catalog keeps it."""
    fields = cast("list[str | None]", list(row[:14]))
    published = read_date(fields[5], cast(Precision, fields[6]), cast(Basis, fields[7]))
    article = Article(
        article_id=str(fields[0]),
        title=str(fields[1]),
        outlet=fields[2],
        author=fields[3],
        place=fields[4],
        published=published,
        url=fields[8],
        section=fields[9],
        language=fields[10],
        text=str(fields[11]),
        origin=str(fields[12]),
        fingerprint=str(fields[13]),
    )
    return StoredArticle(article, str(row[14]), cast(int, row[15]))


def read_passage(row: tuple[object, ...]) -> StoredPassage:
    """Return a passage from the columns in which the catalog keeps it."""
    spans = unpack_spans(cast(bytes, row[6]))
    vector = unpack_vectors(cast(bytes, row[5]), 1)[0]
    packed = np.frombuffer(cast(bytes, row[8]), dtype=np.int8).reshape(len(spans), -1)
    start, end = cast(int, row[2]), cast(int, row[3])
    passage = Passage(
        passage_id=str(row[0]),
        article_id=str(row[1]),
        start=start,
        end=end,
        text=str(row[9]),
        header=str(row[4]),
        sentences=spans,
        sizes=unpack_sizes(cast(bytes, row[7])),
    )
    return StoredPassage(passage, PassageVectors(vector, dequantise(packed)))


def read_line_lists(rows: Sequence[tuple[str, bytes, bytes, bytes]]) -> dict[str, list[Line]]:
    """Return the sentences of passages by the passages' ids.

    Args:
        rows: Of each passage its id, and its spans, sizes and sentences' vectors as packed.
    """
    spans = [np.frombuffer(row[1], "<i4").reshape(-1, 2).tolist() for row in rows]
    counts = [len(own) for own in spans]
    if not sum(counts):
        return {row[0]: [] for row in rows}
    packed = np.frombuffer(b"".join(row[3] for row in rows), np.int8)
    # All at once: one passage at a time takes three times as long.
    vectors = iter(dequantise(packed.reshape(sum(counts), -1)))
    return {
        row[0]: [
            Line(start, end, next(vectors), size)
            for (start, end), size in zip(own, unpack_sizes(row[2]) or (0,) * len(own), strict=True)
        ]
        for row, own in zip(rows, spans, strict=True)
    }
