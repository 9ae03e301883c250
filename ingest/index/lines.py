"""The sentences of many passages at once, as retrieval compares them with a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.embed.int8 import dequantise
from ingest.index.sentence_terms import TermTable


@dataclass(frozen=True)
class Lines:
    """The sentences of some passages.

    Attributes:
        passage_ids: In order, each once.
        starts: Where the sentences of each passage begin in `vectors`, shape (passages,).
        vectors: float32 of unit length, shape (sentences, dimension), passage after passage.
        terms: The words of each passage's header and sentences.
    """

    passage_ids: list[str]
    starts: NDArray[np.int64]
    vectors: NDArray[np.float32]
    terms: TermTable

    def cosines(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of each vector, shape (n, dimension), to each sentence."""
        # Not BLAS: its threads wait for each other, on a busy machine for ten times as long.
        cosines: NDArray[np.float32] = np.einsum("id,jd->ij", vectors, self.vectors)
        return cosines


class LineRow(NamedTuple):
    """The sentences of one passage as the catalog keeps them."""

    passage_id: str
    vectors: bytes
    terms: bytes


def read_lines(rows: Iterable[LineRow]) -> Lines:
    """Return the sentences of passages, in the order of their ids."""
    # A passage without a sentence answers nothing.
    kept = sorted(row for row in rows if row.vectors)
    terms = TermTable.unpack([row.terms for row in kept])
    # Each passage's terms have a row more than it has sentences: its header's.
    starts = terms.starts - np.arange(len(kept))
    ids = [row.passage_id for row in kept]
    if not ids:
        return Lines(ids, starts, np.zeros((0, 0), np.float32), terms)
    data = np.frombuffer(b"".join(row.vectors for row in kept), np.int8)
    vectors = dequantise(data.reshape(int(terms.rows.sum()) - len(kept), -1))
    return Lines(ids, starts, vectors, terms)
