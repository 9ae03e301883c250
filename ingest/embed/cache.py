"""Remembers vectors, so that no text is embedded twice by the same embedder."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from shutil import disk_usage
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId, PassageVectors
from ingest.embed.embedder import Embedder, EmbedInput
from ingest.embed.int8 import dequantise, quantise
from ingest.embed.usable import usable
from ingest.errors import IndexUnavailable, StorageFull, storage_error

SUB_BATCH = 64
"""Texts between two commits: the most that a kill loses."""

NO_ROOM_BYTES = 100_000
_KEYS_PER_QUERY = 500
_BUSY_TIMEOUT_S = 30.0
_TABLE = """
CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY, passage BLOB NOT NULL, sentences BLOB NOT NULL
)
"""


def cache_key(identity: EmbedderId, given: EmbedInput) -> bytes:
    """Return SHA-256 over all that the vectors of `given` depend on."""
    spans = [(span.start, span.end) for span in given.sentences]
    header = repr((astuple(identity), spans)).encode()
    return hashlib.sha256(header + b"\0" + given.text.encode(errors="surrogatepass")).digest()


class PackedVectors(NamedTuple):
    """A row of the cache: the vectors of one text.

    Attributes:
        passage: float32, little-endian.
        sentences: int8, one row after another.
    """

    key: bytes
    passage: bytes
    sentences: bytes


def packed(key: bytes, vectors: PassageVectors) -> PackedVectors:
    """Return vectors as they are kept."""
    sentences = quantise(vectors.sentences)
    return PackedVectors(key, vectors.passage.astype("<f4").tobytes(), sentences.tobytes())


class EmbeddingCache:
    """Vectors by key in one SQLite file; one process may write while others read.

    Sentence vectors are kept as int8. Safe to use from several threads.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, which is made with its folder when missing.

        Raises:
            IndexUnavailable: The file cannot be opened or is not such a cache.
            StorageFull: No space left.
        """
        self._path = path
        self._lock = threading.Lock()
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None
            )
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def get_many(self, keys: Iterable[bytes]) -> dict[bytes, PassageVectors]:
        """Return what is known of `keys`.

        Raises:
            IndexUnavailable: The file cannot be read.
        """
        wanted = list(dict.fromkeys(keys))
        found: dict[bytes, PassageVectors] = {}
        with self._lock, self._translated():
            for start in range(0, len(wanted), _KEYS_PER_QUERY):
                found.update(self._select(wanted[start : start + _KEYS_PER_QUERY]))
        return found

    def known(self, keys: Iterable[bytes]) -> set[bytes]:
        """Return which of `keys` need not be embedded.

        Raises:
            IndexUnavailable: The file cannot be read.
        """
        wanted = list(dict.fromkeys(keys))
        found: set[bytes] = set()
        with self._lock, self._translated():
            for start in range(0, len(wanted), _KEYS_PER_QUERY):
                some = wanted[start : start + _KEYS_PER_QUERY]
                marks = ",".join("?" * len(some))
                query = f"SELECT key FROM vectors WHERE key IN ({marks})"
                found.update(key for (key,) in self._connection.execute(query, some))
        return found

    def put_many(self, vectors: Mapping[bytes, PassageVectors]) -> dict[bytes, PassageVectors]:
        """Add `vectors` in one transaction; what is there already stays as it is.

        Returns:
            `vectors` as `get_many` gives them back.

        Raises:
            IndexUnavailable: The file cannot be written.
            StorageFull: No space left.
        """
        rows = [packed(key, found) for key, found in vectors.items()]
        self.put_packed(rows)
        return {row.key: _vectors(row.passage, row.sentences) for row in rows}

    def put_packed(self, rows: Iterable[PackedVectors]) -> None:
        """Add rows in one transaction; what is there already stays as it is.

        Raises:
            IndexUnavailable: The file cannot be written.
            StorageFull: No space left.
        """
        with self._lock, self._translated(), _transaction(self._connection):
            self._connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Close the file; the cache cannot be used after that."""
        with self._lock:
            self._connection.close()

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(_TABLE)
        self._connection.execute("SELECT key, passage, sentences FROM vectors LIMIT 1").fetchall()

    def _select(self, keys: Sequence[bytes]) -> dict[bytes, PassageVectors]:
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, passage, sentences FROM vectors WHERE key IN ({marks})"
        rows = self._connection.execute(query, keys)
        return {key: _vectors(passage, sentences) for key, passage, sentences in rows}

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            # Without room for its shared memory SQLite speaks of an I/O error.
            free = disk_usage(self._path.parent).free
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL or free < NO_ROOM_BYTES:
                raise StorageFull(
                    f"no space left to write {str(self._path)!r}; make room and run again"
                ) from error
            raise IndexUnavailable(
                f"{str(self._path)!r} cannot be used ({error}): end other programs that use it, "
                "or delete it, since it only saves time"
            ) from error
        except (sqlite3.DatabaseError, ValueError) as error:
            raise IndexUnavailable(
                f"{str(self._path)!r} is damaged ({error}); it may be deleted: it only saves time"
            ) from error
        except OSError as error:
            raise storage_error(error, f"{str(self._path)!r} cannot be used") from error


class CachingEmbedder:
    """Embeds what the cache does not know, and remembers it.

    Sentence vectors come back as rounded to int8 whether or not they were known, so results do
    not depend on what was embedded before.

    Attributes:
        embedded: Texts that were embedded so far.
        cached: Texts that did not need to be.
    """

    def __init__(self, embedder: Embedder, cache: EmbeddingCache) -> None:
        """Put `cache` before `embedder`."""
        self._embedder = embedder
        self._cache = cache
        self._lock = threading.Lock()
        self.embedded = 0
        self.cached = 0

    @property
    def identity(self) -> EmbedderId:
        """What the vectors depend on."""
        return self._embedder.identity

    @property
    def lanes(self) -> int:
        """See Embedder.lanes."""
        return self._embedder.lanes

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        """See Embedder.embed; every SUB_BATCH new texts are committed before the next."""
        if not inputs:
            return []
        identity = self.identity
        keys = [cache_key(identity, given) for given in inputs]
        known = self._cache.get_many(keys)
        unknown = {k: g for k, g in zip(keys, inputs, strict=True) if k not in known}
        with self._lock:
            self.cached += len(inputs) - len(unknown)
        # Texts of like length make full batches with little padding.
        pending = sorted(unknown.items(), key=lambda item: len(item[1].text))
        for start in range(0, len(pending), SUB_BATCH):
            known.update(self._embed_and_keep(dict(pending[start : start + SUB_BATCH])))
        return [known[key] for key in keys]

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder.embed_queries; questions are not remembered."""
        return self._embedder.embed_queries(texts)

    def _embed_and_keep(self, pending: Mapping[bytes, EmbedInput]) -> dict[bytes, PassageVectors]:
        inputs = list(pending.values())
        vectors = usable(self._embedder.embed(inputs), inputs, self.identity)
        fresh = dict(zip(pending, vectors, strict=True))
        kept = self._cache.put_many(fresh)
        with self._lock:
            self.embedded += len(fresh)
        return kept


def _vectors(passage: bytes, sentences: bytes) -> PassageVectors:
    vector = np.frombuffer(passage, dtype="<f4").astype(np.float32)
    rows = np.frombuffer(sentences, dtype=np.int8).reshape(-1, len(vector))
    return PassageVectors(vector, dequantise(rows))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # On a full disk SQLite may have rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
