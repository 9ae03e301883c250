"""Which shard of Chroma holds which vector, in the catalog of the generation being built."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.index.catalog import translated

_TEMPORARY = """
CREATE TEMP TABLE loose(vector_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE unused(
  shard INTEGER NOT NULL, vector_id TEXT NOT NULL, PRIMARY KEY(shard, vector_id)) WITHOUT ROWID;
"""
# A deleted vector keeps its place in Chroma's graph. A shard of which less than this is left is
# made again, so that the graphs never grow past twice what is in use.
WORN = 0.5


@dataclass(frozen=True)
class Shard:
    """One store of vectors.

    Attributes:
        added: How many vectors were ever put in; deleted ones still take up its memory.
    """

    number: int
    added: int


@dataclass(frozen=True)
class PackedVector:
    """A vector as the catalog keeps it."""

    vector_id: str
    packed: bytes


class Placement:
    """The tables `shards` and `vectors`, and which vectors may no longer be anybody's.

    What may be unused is kept in temporary tables, which SQLite moves to a file when they grow.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        """Use a catalog open for writing."""
        self._db = db
        with translated("opening"):
            db.executescript(_TEMPORARY)

    def last(self) -> Shard | None:
        """Return the shard to which vectors are added, None in a new catalog."""
        row = self._do("SELECT shard, added FROM shards ORDER BY shard DESC LIMIT 1").fetchone()
        return Shard(*row) if row else None

    def begin(self, shard: int) -> None:
        """Write down an empty shard that is now the last."""
        self._do("INSERT INTO shards VALUES (?, 0)", shard)

    def holds(self, vector_id: str) -> bool:
        """Return whether a vector is in any shard."""
        sql = "SELECT 1 FROM vectors WHERE vector_id = ?"
        return self._do(sql, vector_id).fetchone() is not None

    def place(self, vector_ids: Sequence[str], shard: int) -> None:
        """Write down that a shard now holds these vectors, and no other shard does."""
        with translated("writing"):
            rows = ((vector_id, shard) for vector_id in vector_ids)
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        self._do("UPDATE shards SET added = added + ? WHERE shard = ?", len(vector_ids), shard)

    def loosen(self, article_id: str) -> None:
        """Take note that an article is about to go: its vectors may be nobody's then."""
        self._do(
            "INSERT OR IGNORE INTO loose SELECT vector_id FROM passages WHERE article_id = ?",
            article_id,
        )

    def drop_unused(self) -> None:
        """Forget where the vectors are that no passage has any more; `unused` names them."""
        self._do(
            "INSERT INTO unused SELECT shard, vector_id FROM loose JOIN vectors USING (vector_id) "
            "WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.vector_id = loose.vector_id)"
        )
        self._do("DELETE FROM vectors WHERE vector_id IN (SELECT vector_id FROM unused)")
        self._do("DELETE FROM loose")

    def worn(self) -> list[int]:
        """Return the shards, but the last, of which so much is unused that they should go."""
        rows = self._do(
            "SELECT shard FROM shards s WHERE shard < (SELECT max(shard) FROM shards) "
            "AND (SELECT count(*) FROM vectors v WHERE v.shard = s.shard) < ? * added",
            WORN,
        )
        return [row[0] for row in rows.fetchall()]

    def some_of(self, shard: int, count: int) -> list[PackedVector]:
        """Return up to `count` of the vectors in a shard."""
        rows = self._do(
            "SELECT vector_id, (SELECT vector FROM passages p WHERE p.vector_id = v.vector_id) "
            "FROM vectors v WHERE shard = ? ORDER BY vector_id LIMIT ?",
            shard,
            count,
        )
        return [PackedVector(*row) for row in rows.fetchall()]

    def forget(self, shard: int) -> None:
        """Take note that an empty shard is gone."""
        self._do("DELETE FROM unused WHERE shard = ?", shard)
        self._do("DELETE FROM shards WHERE shard = ?", shard)

    def littered(self) -> list[int]:
        """Return the shards that have unused vectors in them, the last one first."""
        rows = self._do("SELECT DISTINCT shard FROM unused ORDER BY shard DESC")
        return [row[0] for row in rows.fetchall()]

    def unused(self, shard: int) -> list[str]:
        """Return the vectors in a shard that are nobody's: not more than a shard has."""
        rows = self._do("SELECT vector_id FROM unused WHERE shard = ?", shard)
        return [row[0] for row in rows.fetchall()]

    def _do(self, sql: str, *values: object) -> sqlite3.Cursor:
        with translated("placing vectors in"):
            return self._db.execute(sql, values)
