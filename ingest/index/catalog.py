"""SQLite: the truth of a generation. Chroma and Tantivy can be made again from it.

A published catalog is opened immutable, so that no lock or journal is ever made for it;
`catalog_writer.py` has the class for the generation being built.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from ingest.dedupe import signature, unpack
from ingest.domain import EmbedderId
from ingest.errors import IndexDamaged, StorageFull
from ingest.index.lines import LineRow
from ingest.index.rows import (
    Counts,
    Indexed,
    Line,
    Revision,
    StoredArticle,
    StoredPassage,
    read_article,
    read_line_lists,
    read_passage,
    unpack_vectors,
    word_id,
)

NAME = "catalog.db"
PAGE = 500


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn SQLite's errors into this package's."""
    try:
        yield
    except sqlite3.Error as error:
        if "full" in str(error):
            raise StorageFull(f"no space left while {doing} the catalog") from error
        raise IndexDamaged(f"the catalog failed while {doing}: {error}") from error


@dataclass(frozen=True)
class ArticleKey:
    """What filters and grouping need of an article; days are proleptic Gregorian ordinals."""

    article_id: str
    outlet: str | None
    first_day: int | None
    last_day: int | None
    story_id: str
    passages: int


_ARTICLE = (
    "article_id, title, outlet, author, place, published_at, precision, basis, url, section, "
    "language, text, origin, fingerprint, story_id, passages"
)
_PASSAGE = (
    "p.passage_id, p.article_id, p.start, p.end, p.header, p.vector, p.sentences, "
    "p.sizes, p.sentence_vectors, substr(a.text, p.start + 1, p.end - p.start)"
)
_BOTH = "passages p JOIN articles a USING (article_id)"
_JOINED = f"SELECT {_PASSAGE} FROM {_BOTH}"


class Catalog:
    """A published catalog. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open `catalog.db` in `folder` for reading."""
        path = (folder / NAME).resolve()
        self._lock = threading.Lock()
        with translated("opening"):
            self._db = sqlite3.connect(
                f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._db.execute("SELECT count(*) FROM articles").fetchone()

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with translated("reading"), self._lock:
            return self._db.execute(sql, tuple(values)).fetchall()

    def _pages(self, sql: str, values: Sequence[object] = ()) -> Iterator[list[Any]]:
        """Yield the rows of an answer that may be too large to hold, PAGE at a time."""
        with translated("reading"), self._lock:
            cursor = self._db.execute(sql, tuple(values))
        while True:
            with translated("reading"), self._lock:
                rows = cursor.fetchmany(PAGE)
            if not rows:
                return
            yield rows

    def embedder(self) -> EmbedderId:
        """Return what made the vectors."""
        rows = self._rows("SELECT name, dimension, hash, precision FROM embedder")
        if not rows:
            raise IndexDamaged("the catalog does not say what made its vectors")
        return EmbedderId(*cast("tuple[str, int, str, Literal['float', 'int8']]", rows[0]))

    def require_sound(self) -> None:
        """Raise IndexDamaged unless SQLite finds the whole file well-formed."""
        if self._rows("PRAGMA quick_check") != [("ok",)]:
            raise IndexDamaged("SQLite's check of the catalog found damage")

    def counts(self) -> Counts:
        """Return how much there is of everything."""
        sql = "SELECT count(*), count(DISTINCT story_id), coalesce(sum(passages), 0) FROM articles"
        return Counts(*cast("tuple[int, int, int]", self._rows(sql)[0]))

    def article_keys(self) -> list[ArticleKey]:
        """Return a key for every article, by article id."""
        sql = (
            "SELECT article_id, outlet, first_day, last_day, story_id, passages "
            "FROM articles ORDER BY article_id"
        )
        return [
            ArticleKey(*row)
            for row in cast("list[tuple[str, None, None, None, str, int]]", self._rows(sql))
        ]

    def revisions(self, article_id: str | None = None) -> list[Revision]:
        """Return each time that an article's text was replaced, of one article or of all."""
        return list(self.all_revisions(article_id))

    def all_revisions(self, article_id: str | None = None) -> Iterator[Revision]:
        """Yield what `revisions` returns."""
        sql = "SELECT article_id, replaced_at, earlier_published_at, published_at FROM revisions"
        where, values = (" WHERE article_id = ?", [article_id]) if article_id else ("", [])
        for rows in self._pages(f"{sql}{where} ORDER BY article_id, replaced_at", values):
            yield from (Revision(*row) for row in rows)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the digest of each file as it was when all of it was brought in, by origin."""
        return chain.from_iterable(self._pages("SELECT origin, digest FROM files"))

    def article(self, article_id: str) -> StoredArticle | None:
        """Return one article, or None."""
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE article_id = ?", (article_id,))
        return read_article(rows[0]) if rows else None

    def articles(self, ids: Sequence[str]) -> dict[str, StoredArticle]:
        """Return those of the articles that are there, by id."""
        marks = ",".join("?" * len(ids))
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE article_id IN ({marks})", ids)
        return {stored.article.article_id: stored for stored in map(read_article, rows)}

    def passages(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Return those of the passages that are there, by id."""
        marks = ",".join("?" * len(ids))
        rows = self._rows(f"{_JOINED} WHERE p.passage_id IN ({marks})", ids)
        return {stored.passage.passage_id: stored for stored in map(read_passage, rows)}

    def passages_of(self, article_id: str) -> list[StoredPassage]:
        """Return the passages of an article in order."""
        rows = self._rows(f"{_JOINED} WHERE p.article_id = ? ORDER BY p.start", (article_id,))
        return [read_passage(row) for row in rows]

    def distinct_vectors(self, names: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """Return names and vectors, shape (n, dimension), of those of the vectors there are."""
        sql = "SELECT vector_id, vector FROM passages WHERE vector_id IN ({}) GROUP BY vector_id"
        return self._vectors(sql, names)

    def vectors_of(self, ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """Return passage ids and passage vectors, shape (n, dimension), of the articles given."""
        return self._vectors(
            "SELECT passage_id, vector FROM passages WHERE article_id IN ({})", ids
        )

    def _vectors(self, sql: str, ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        rows = self._rows(sql.format(",".join("?" * len(ids))), ids)
        data = b"".join(cast(bytes, row[1]) for row in rows)
        return [str(row[0]) for row in rows], unpack_vectors(data, len(rows))

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """Return passage ids and passage vectors, shape (n, dimension), of the passages given."""
        return self._vectors(
            "SELECT passage_id, vector FROM passages WHERE passage_id IN ({})", ids
        )

    def line_rows(self, ids: Sequence[str]) -> list[LineRow]:
        """Return the sentences of those of the passages that are there, in no order."""
        where = f"WHERE passage_id IN ({','.join('?' * len(ids))})"
        sql = f"SELECT passage_id, sentence_vectors, terms FROM passages {where}"
        rows = self._rows(sql, ids) if ids else []
        return [LineRow(*row) for row in cast("list[tuple[str, bytes, bytes]]", rows)]

    def lines_of(self, ids: Sequence[str]) -> dict[str, list[Line]]:
        """Return the sentences of those of the passages that are there, by passage id."""
        where = f"WHERE passage_id IN ({','.join('?' * len(ids))})"
        sql = f"SELECT passage_id, sentences, sizes, sentence_vectors FROM passages {where}"
        return read_line_lists(cast("list[tuple[str, bytes, bytes, bytes]]", self._rows(sql, ids)))

    def passage_ids(self) -> Iterator[list[str]]:
        """Yield the ids of all passages, PAGE at a time, in the order in which they came."""
        for rows in self._pages("SELECT passage_id FROM passages ORDER BY rowid"):
            yield [row[0] for row in rows]

    def passages_with(self, vector_ids: Sequence[str]) -> dict[str, list[str]]:
        """Return the ids of the passages that have each vector, in order."""
        marks = ",".join("?" * len(vector_ids))
        rows = self._rows(
            f"SELECT vector_id, passage_id FROM passages WHERE vector_id IN ({marks}) "
            "ORDER BY passage_id",
            vector_ids,
        )
        found: dict[str, list[str]] = {}
        for name, passage_id in cast("list[tuple[str, str]]", rows):
            found.setdefault(name, []).append(passage_id)
        return found

    def word_ids(self, ids: Sequence[str]) -> dict[str, str]:
        """Return those of the passages that are there, by the names of their words on a server."""
        marks = ",".join("?" * len(ids))
        sql = f"SELECT passage_id, fingerprint FROM {_BOTH} WHERE passage_id IN ({marks})"
        rows = cast("list[tuple[str, str]]", self._rows(sql, ids))
        return {word_id(passage_id, fingerprint): passage_id for passage_id, fingerprint in rows}

    def shards(self) -> list[int]:
        """Return the numbers of the shards in which the vectors lie."""
        rows = self._rows("SELECT shard FROM shards ORDER BY shard")
        return [cast(int, row[0]) for row in rows]

    def vector_ids(self, shard: int) -> Iterator[list[str]]:
        """Yield the names of the vectors in a shard, PAGE at a time, in order."""
        sql = "SELECT vector_id FROM vectors WHERE shard = ? ORDER BY vector_id"
        for rows in self._pages(sql, (shard,)):
            yield [row[0] for row in rows]

    def misplaced(self) -> int:
        """Return how many passages' vectors are in no shard, and vectors are no passage's."""
        sql = (
            "SELECT (SELECT count(*) FROM passages p WHERE NOT EXISTS (SELECT 1 FROM vectors v "
            "JOIN shards USING (shard) WHERE v.vector_id = p.vector_id)) + (SELECT count(*) FROM "
            "vectors v WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.vector_id = v.vector_id))"
        )
        return cast(int, self._rows(sql)[0][0])

    def digests(self, article_id: str) -> dict[str, bytes]:
        """Return the digests of an article's passages as they were indexed, by passage id."""
        rows = self._rows(
            "SELECT passage_id, digest FROM passages WHERE article_id = ?", (article_id,)
        )
        return dict(cast("list[tuple[str, bytes]]", rows))

    def everything(self) -> Iterator[Indexed]:
        """Yield every article with its passages and vectors, by article id."""
        pages = self._pages("SELECT article_id FROM articles ORDER BY article_id")
        for (article_id,) in chain.from_iterable(pages):
            row = self._rows(
                f"SELECT {_ARTICLE}, signature FROM articles LEFT JOIN texts USING (text_id) "
                "WHERE article_id = ?",
                (article_id,),
            )[0]
            stored = self.passages_of(article_id)
            yield Indexed(
                read_article(row[:-1]).article,
                tuple(item.passage for item in stored),
                tuple(item.vectors for item in stored),
                unpack(cast(bytes, row[-1])) if row[-1] else signature(""),
            )

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()
