"""Whether two indexes are the same, row by row, whatever order their batches were embedded in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.embed.int8 import dequantise
from ingest.index.catalog import NAME
from ingest.index.generations import Generations

PLAIN = {
    "embedder": "*",
    "articles": "*",
    "passages": "passage_id, article_id, start, end, header, sentences, sizes, terms, digest",
    "files": "*",
    "texts": "*",
}


def require_same(left: Path, right: Path) -> float:
    """Compare the catalogs in use of two data folders, all but the vectors for equality.

    Returns:
        The largest distance of a vector to its twin: 1 less their cosine, 0 when all are equal.
    """
    with closing(_opened(left)) as one, closing(_opened(right)) as other:
        for table, columns in PLAIN.items():
            sql = f"SELECT {columns} FROM {table} ORDER BY 1"
            rows, others = one.execute(sql), other.execute(sql)
            for row, twin in zip(rows, others, strict=True):
                assert row == twin, f"{table}: {row[:3]} is not {twin[:3]}"
        return max(_distances(one, other), default=0.0)


def _opened(data: Path) -> sqlite3.Connection:
    generations = Generations(data)
    return sqlite3.connect(generations.path(generations.require_current()) / NAME)


def _distances(one: sqlite3.Connection, other: sqlite3.Connection) -> Iterator[float]:
    """Yield how far the cosine of each vector to its twin is from 1, at most, by passages."""
    sql = "SELECT vector, sentence_vectors FROM passages ORDER BY passage_id"
    for row, twin in zip(one.execute(sql), other.execute(sql), strict=True):
        if row != twin:
            yield float((1.0 - (_units(*row) * _units(*twin)).sum(axis=1)).max())


def _units(passage: bytes, sentences: bytes) -> NDArray[np.float32]:
    vector = np.frombuffer(passage, "<f2").astype(np.float32)
    rows = np.frombuffer(sentences, np.int8).reshape(-1, len(vector))
    stacked = np.vstack([vector, dequantise(rows)])
    return np.asarray(stacked / np.linalg.norm(stacked, axis=1, keepdims=True), np.float32)
