"""What an ingest knows of every article: how it was before the run, and what the run has met.

It all lies in SQLite, the old state in the catalog and the new one in a temporary file, so that a
run over a million articles takes no more memory than one over a thousand.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Literal

from ingest.index.catalog import NAME, translated

FileState = Literal["whole", "rolling", "failed"]
"""Read to its end; read, but what it no longer holds has only scrolled off; not read to its end."""

_CACHE_KIB = 32_768
_TEMPORARY = """
CREATE TABLE seen(article_id TEXT PRIMARY KEY, fingerprint TEXT, origin TEXT, chars INTEGER)
  WITHOUT ROWID;
CREATE TABLE files(origin TEXT PRIMARY KEY, state TEXT, digest BLOB, written INTEGER DEFAULT 0)
  WITHOUT ROWID;
"""
_NOT_MET = (
    "SELECT b.article_id, b.origin FROM base.articles b "
    "LEFT JOIN seen s ON s.article_id = b.article_id WHERE s.article_id IS NULL"
)
_NO_BASE = """
ATTACH ':memory:' AS base;
CREATE TABLE base.articles(article_id TEXT PRIMARY KEY, fingerprint TEXT, origin TEXT, text TEXT);
CREATE TABLE base.files(origin TEXT PRIMARY KEY, digest BLOB);
"""


@dataclass(frozen=True)
class LedgerRow:
    """What tells whether an article has changed, where it came from and how long its text is."""

    article_id: str
    fingerprint: str
    origin: str
    chars: int


class Ledger:
    """The articles before a run and those that the run has met. For one thread."""

    def __init__(self, base: Path | None) -> None:
        """Look at the catalog in the folder `base`; None when there is no generation yet.

        Raises:
            IndexDamaged: The catalog cannot be read.
        """
        with translated("opening"):
            # The empty name is a file that SQLite keeps in memory while it is small and removes.
            self._db = sqlite3.connect("", isolation_level=None, uri=True)
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._db.executescript(_TEMPORARY)
            if base is None:
                self._db.executescript(_NO_BASE)
            else:
                address = f"{(base / NAME).resolve().as_uri()}?mode=ro&immutable=1"
                self._db.execute("ATTACH ? AS base", (address,))
            self._db.execute("BEGIN")

    def known(self, article_id: str) -> LedgerRow | None:
        """Return an article as it was before the run."""
        columns = "article_id, fingerprint, origin, length(text)"
        return self._row(f"SELECT {columns} FROM base.articles", article_id)

    def met(self, article_id: str) -> LedgerRow | None:
        """Return the article that the run has met by this id."""
        return self._row("SELECT article_id, fingerprint, origin, chars FROM seen", article_id)

    def meet(self, row: LedgerRow) -> None:
        """Write down that the run has met an article."""
        self._do("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", *astuple(row))

    def skip(self, origin: str, digest: bytes) -> int | None:
        """Take all articles of a file as met when it is, byte for byte, what was read before.

        Returns:
            How many they are; None when the file has to be read.
        """
        same = self._do(
            "SELECT 1 FROM base.files WHERE origin = ? AND digest = ?", origin, digest
        ).fetchone()
        met = self._do(
            "SELECT 1 FROM base.articles JOIN seen USING (article_id) "
            "WHERE base.articles.origin = ? LIMIT 1",
            origin,
        ).fetchone()
        if not same or met:
            return None
        count = self._do(
            "INSERT INTO seen SELECT article_id, fingerprint, origin, length(text) "
            "FROM base.articles WHERE origin = ?",
            origin,
        ).rowcount
        self.finish(origin, "whole", None)
        return int(count)

    def digest_of(self, origin: str) -> bytes | None:
        """Return what a file was when all of it went in, None when it did not."""
        sql = "SELECT digest FROM base.files WHERE origin = ?"
        row = self._do(sql, origin).fetchone()
        return bytes(row[0]) if row else None

    def finish(self, origin: str, state: FileState, digest: bytes | None) -> None:
        """Write down how the reading of a file ended.

        Args:
            origin: The file.
            state: How it ended.
            digest: Of its contents and what describes it, when it need not be read again while
                they stay as they are.
        """
        self._do("INSERT OR REPLACE INTO files VALUES (?, ?, ?, 0)", origin, state, digest)

    def fresh_digests(self, settled: bool) -> Iterator[tuple[str, bytes]]:
        """Yield the digests that were not yielded before, by origin.

        Args:
            settled: Whether what vanished is removed; until then a file that lost an article is
                not yet what its digest says.
        """
        condition = "digest IS NOT NULL AND NOT written"
        if not settled:
            condition += f" AND NOT EXISTS ({_NOT_MET} AND b.origin = files.origin)"
        rows = self._do(f"SELECT origin, digest FROM files WHERE {condition}").fetchall()
        yield from rows
        origins = [(origin,) for origin, _ in rows]
        self._db.executemany("UPDATE files SET written = 1 WHERE origin = ?", origins)

    def moved(self) -> Iterator[LedgerRow]:
        """Yield unchanged articles met in another file, when their old file holds them no more."""
        rows = self._do(
            "SELECT s.article_id, s.fingerprint, s.origin, s.chars, b.origin, f.state FROM seen s "
            "JOIN base.articles b ON b.article_id = s.article_id "
            "AND b.fingerprint = s.fingerprint AND b.origin != s.origin "
            "LEFT JOIN files f ON f.origin = b.origin"
        )
        for *row, old, state in rows:
            if state == "whole" or not os.path.exists(old):
                yield LedgerRow(*row)

    def vanished(self, pruned: frozenset[str]) -> Iterator[str]:
        """Yield the articles that the run has not met and that are gone for sure.

        Those are the ones of a file that was read to its end, and of a file that is no longer in a
        folder among `pruned`. What a file, or a folder above it, gave before stays when it could
        not be read now.
        """
        failed = {row[0] for row in self._do("SELECT origin FROM files WHERE state = 'failed'")}
        rows = self._do(
            f"SELECT b.article_id, b.origin, f.state FROM ({_NOT_MET}) b "
            "LEFT JOIN files f ON f.origin = b.origin"
        )
        for article_id, origin, state in rows:
            around = {origin, *map(str, Path(origin).parents)}
            pruned_away = state is None and not pruned.isdisjoint(around)
            gone = state == "whole" or (pruned_away and not os.path.lexists(origin))
            if gone and failed.isdisjoint(around):
                yield article_id

    def close(self) -> None:
        """Let the files go."""
        self._db.close()

    def _row(self, sql: str, article_id: str) -> LedgerRow | None:
        row = self._do(f"{sql} WHERE article_id = ?", article_id).fetchone()
        return LedgerRow(*row) if row else None

    def _do(self, sql: str, *values: object) -> sqlite3.Cursor:
        with translated("comparing with"):
            return self._db.execute(sql, values)
