"""The catalog of the generation being built."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

from ingest.domain import Article, EmbedderId
from ingest.embed.int8 import quantise
from ingest.index.catalog import NAME, translated
from ingest.index.catalog_schema import SCHEMA
from ingest.index.placement import Placement
from ingest.index.rows import (
    Indexed,
    Revision,
    date_text,
    digest,
    head_of,
    pack_sizes,
    pack_spans,
    pack_vector,
    period,
    vector_id,
)
from ingest.index.sentence_terms import pack_terms
from ingest.index.stories import UNSETTLED, Stories


class CatalogWriter:
    """The catalog of the generation being built; one transaction until `close`.

    Attributes:
        placement: Which shard holds which vector.
    """

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
            self.placement = Placement(self._db)
            self._db.execute("BEGIN")
            self._stories = Stories(self._db)
            if fresh:
                self._db.execute("INSERT INTO embedder VALUES (?, ?, ?, ?)", _identity(embedder))

    def put(self, entry: Indexed) -> None:
        """Add an article with its passages, in place of the one with the same id."""
        self.remove(entry.article.article_id)
        with translated("writing"):
            self._db.execute(
                f"INSERT INTO articles VALUES ({','.join('?' * 19)})",
                _article_row(entry, self._stories.add(entry.signature)),
            )
            self._db.executemany(
                f"INSERT INTO passages VALUES ({','.join('?' * 12)})", _passage_rows(entry)
            )

    def holds(self, article: Article) -> bool:
        """Return whether an article is there as it is, from the same file."""
        sql = "SELECT 1 FROM articles WHERE article_id = ? AND fingerprint = ? AND origin = ?"
        with translated("reading"):
            row = self._db.execute(sql, (article.article_id, article.fingerprint, article.origin))
            return row.fetchone() is not None

    def note_revision(self, article: Article) -> None:
        """Remember that the text of the article now stored is about to be replaced, if it is.

        Neither its old file nor its new one is known to be all in any more.
        """
        with translated("writing"):
            self._forget_file(article.article_id)
            self._db.execute("DELETE FROM files WHERE origin = ?", (article.origin,))
            row = self._db.execute(
                "SELECT published_at FROM articles WHERE article_id = ? AND text != ?",
                (article.article_id, article.text),
            ).fetchone()
            if row:
                now = datetime.now(UTC).isoformat(timespec="milliseconds")
                revision = Revision(article.article_id, now, row[0], date_text(article.published))
                self.add_revisions([revision])

    def add_revisions(self, revisions: Iterable[Revision]) -> None:
        """Add to what is remembered of replaced texts."""
        with translated("writing"):
            self._db.executemany(
                "INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?)", map(astuple, revisions)
            )

    def set_files(self, digests: Iterable[tuple[str, bytes]]) -> None:
        """Write down the files of which all is in, and forget those of which nothing is."""
        with translated("writing"):
            self._db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?)", digests)
            self._db.execute("DELETE FROM files WHERE origin NOT IN (SELECT origin FROM articles)")

    def forget(self, article_id: str) -> None:
        """Remove what is remembered of an article's earlier texts, and that its file is all in."""
        with translated("writing"):
            self._db.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
            self._forget_file(article_id)

    def _forget_file(self, article_id: str, origin: str = "") -> None:
        """Have the file of an article read again, unless it is `origin`."""
        self._db.execute(
            "DELETE FROM files WHERE origin != ? AND origin = "
            "(SELECT origin FROM articles WHERE article_id = ?)",
            (origin, article_id),
        )

    def remove(self, article_id: str) -> bool:
        """Remove an article and its passages; return whether it was there."""
        self.placement.loosen(article_id)
        with translated("writing"):
            self._db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
            removed = self._db.execute(
                "DELETE FROM articles WHERE article_id = ? RETURNING text_id, story_id",
                (article_id,),
            ).fetchall()
            for text_id, story_id in removed:
                self._stories.remove(text_id, story_id)
        return bool(removed)

    def set_origin(self, article_id: str, origin: str) -> None:
        """Write where an unchanged article is now."""
        with translated("writing"):
            self._forget_file(article_id, origin)
            self._db.execute(
                "UPDATE articles SET origin = ? WHERE article_id = ?", (origin, article_id)
            )

    def settle_stories(self) -> None:
        """Write the story of every article that a change may have touched."""
        with translated("grouping"):
            self._stories.settle()

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


def _article_row(entry: Indexed, text_id: int | None) -> tuple[object, ...]:
    article, published = entry.article, entry.article.published
    days = period(published)
    return (
        article.article_id,
        article.title,
        article.outlet,
        article.author,
        article.place,
        date_text(published),
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
        UNSETTLED,
        text_id,
        len(entry.passages),
    )


def _passage_rows(entry: Indexed) -> Iterable[tuple[object, ...]]:
    text = entry.article.text
    for passage, vectors in zip(entry.passages, entry.vectors, strict=True):
        packed, spans = pack_vector(vectors.passage), passage.sentences
        yield (
            passage.passage_id,
            passage.article_id,
            passage.start,
            passage.end,
            passage.header,
            vector_id(packed),
            packed,
            pack_spans(spans),
            pack_sizes(passage.sizes),
            quantise(vectors.sentences).tobytes(),
            pack_terms(head_of(entry.article, passage), [text[s.start : s.end] for s in spans]),
            digest(passage.text),
        )
