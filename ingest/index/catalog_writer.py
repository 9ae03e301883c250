"""The catalog of the generation being built."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId
from ingest.embed.int8 import quantise
from ingest.index.catalog import NAME, SCHEMA, translated
from ingest.index.rows import Indexed, digest, iso, pack_spans, pack_vector, period, vector_id


class CatalogWriter:
    """The catalog of the generation being built; one transaction until `close`."""

    def __init__(self, folder: Path, embedder: EmbedderId) -> None:
        """Open `catalog.db` in `folder`, or make one for vectors of `embedder`."""
        path = folder / NAME
        with translated("opening"):
            fresh = not path.exists()
            self._db = sqlite3.connect(path, isolation_level=None)
            # The folder is thrown away after a crash, so nothing is gained by journalling it.
            self._db.execute("PRAGMA journal_mode = OFF")
            self._db.execute("PRAGMA synchronous = OFF")
            if fresh:
                self._db.executescript(SCHEMA)
            self._db.execute("BEGIN")
            if fresh:
                self._db.execute("INSERT INTO embedder VALUES (?, ?, ?, ?)", _identity(embedder))

    def vector_ids(self, article_id: str) -> list[str]:
        """Return the names of the vectors of an article's passages."""
        with translated("reading"):
            rows = self._db.execute(
                "SELECT vector_id FROM passages WHERE article_id = ?", (article_id,)
            )
            return [row[0] for row in rows]

    def has_vector(self, name: str) -> bool:
        """Return whether any passage has this vector."""
        with translated("reading"):
            sql = "SELECT 1 FROM passages WHERE vector_id = ? LIMIT 1"
            return self._db.execute(sql, (name,)).fetchone() is not None

    def put(self, entry: Indexed) -> None:
        """Add an article with its passages, in place of the one with the same id."""
        self.remove(entry.article.article_id)
        with translated("writing"):
            self._db.execute(
                f"INSERT INTO articles VALUES ({','.join('?' * 19)})", _article_row(entry)
            )
            self._db.executemany(
                f"INSERT INTO passages VALUES ({','.join('?' * 10)})", _passage_rows(entry)
            )

    def remove(self, article_id: str) -> None:
        """Remove an article and its passages; nothing happens when it is not there."""
        with translated("writing"):
            self._db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
            self._db.execute("DELETE FROM articles WHERE article_id = ?", (article_id,))

    def set_origin(self, article_id: str, origin: str) -> None:
        """Write where an unchanged article is now."""
        with translated("writing"):
            self._db.execute(
                "UPDATE articles SET origin = ? WHERE article_id = ?", (origin, article_id)
            )

    def signatures(self) -> dict[str, NDArray[np.uint64]]:
        """Return the MinHash signature of every article by its id."""
        with translated("reading"):
            rows = self._db.execute("SELECT article_id, signature FROM articles")
            return {row[0]: np.frombuffer(row[1], dtype=np.uint64) for row in rows}

    def set_stories(self, stories: Mapping[str, str]) -> None:
        """Write the story of every article."""
        with translated("writing"):
            self._db.executemany(
                "UPDATE articles SET story_id = ?1 WHERE article_id = ?2 AND story_id != ?1",
                ((story, article) for article, story in stories.items()),
            )

    def close(self) -> None:
        """Commit and close."""
        with translated("writing"):
            self._db.execute("COMMIT")
            self._db.close()

    def abandon(self) -> None:
        """Close without keeping anything."""
        self._db.close()


def _identity(embedder: EmbedderId) -> tuple[object, ...]:
    return embedder.name, embedder.dimension, embedder.hash, embedder.precision


def _article_row(entry: Indexed) -> tuple[object, ...]:
    article, published = entry.article, entry.article.published
    days = period(published)
    return (
        article.article_id,
        article.title,
        article.outlet,
        article.author,
        article.place,
        iso(published.at),
        days[0].toordinal() if days else None,
        days[1].toordinal() if days else None,
        published.precision,
        published.basis,
        article.url,
        article.section,
        article.language,
        article.text,
        article.origin,
        article.fingerprint,
        f"st_{article.article_id}",
        entry.signature.astype(np.uint64).tobytes(),
        len(entry.passages),
    )


def _passage_rows(entry: Indexed) -> Iterable[tuple[object, ...]]:
    for passage, vectors in zip(entry.passages, entry.vectors, strict=True):
        packed = pack_vector(vectors.passage)
        yield (
            passage.passage_id,
            passage.article_id,
            passage.start,
            passage.end,
            passage.header,
            vector_id(packed),
            packed,
            pack_spans(passage.sentences),
            quantise(vectors.sentences).tobytes(),
            digest(passage.text),
        )
