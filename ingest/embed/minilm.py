"""The bundled embedder: sentence-transformers/all-MiniLM-L6-v2 without torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId, PassageVectors, Span
from ingest.embed.batching import batches, padded_size
from ingest.embed.embedder import MAX_TOKENS, EmbedInput
from ingest.embed.engines import Engine
from ingest.embed.heads import Inputs
from ingest.embed.unit import unit
from ingest.embed.wordpieces import WordPieces
from ingest.errors import EmbeddingFailed


class MiniLmEmbedder:
    """Mean pooling over all tokens for the passage, over its own tokens for each sentence.

    Batches are made of texts of like length. All scales of the int8 graph are constants, so in no
    precision does a vector depend on its neighbours, rounding in the last bits aside.
    """

    def __init__(self, pieces: WordPieces, engine: Engine, identity: EmbedderId) -> None:
        """Wrap an engine whose vectors `identity` describes."""
        self._pieces = pieces
        self._engine = engine
        self._identity = identity

    @property
    def identity(self) -> EmbedderId:
        """What the vectors depend on."""
        return self._identity

    @property
    def lanes(self) -> int:
        """See Embedder.lanes."""
        return self._engine.lanes

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        """See Embedder.embed."""
        encoded = [self._encode(number, given) for number, given in enumerate(inputs)]
        vectors: dict[int, PassageVectors] = {}
        for batch in batches(encoded):
            vectors |= self._run(batch)
        return [vectors[number] for number in range(len(inputs))]

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder.embed_queries."""
        encoded = [self._encode_query(number, text) for number, text in enumerate(texts)]
        # Together: to bring the weights from memory takes longer than some padding.
        vectors: dict[int, PassageVectors] = {}
        for batch in batches(encoded):
            vectors |= self._run(batch)
        return np.stack([vectors[number].passage for number in range(len(texts))])

    def count_tokens(self, text: str) -> int:
        """Return how many word pieces `text` has, [CLS] and [SEP] left out."""
        return self._pieces.count(text)

    def _encode_query(self, number: int, text: str) -> _Encoded:
        ids = list(self._pieces.encode(text).ids)
        if len(ids) > MAX_TOKENS:
            ids = [*ids[: MAX_TOKENS - 1], ids[-1]]
        return _Encoded(number, ids, np.ones((1, len(ids)), np.float32))

    def _encode(self, number: int, given: EmbedInput) -> _Encoded:
        encoding = self._pieces.encode(given.text)
        if len(encoding.ids) > MAX_TOKENS:
            raise ValueError(
                f"{given.text[:60]!r}… has {len(encoding.ids)} word pieces; "
                f"the model reads {MAX_TOKENS}"
            )
        return _Encoded(number, encoding.ids, _pool(encoding.offsets, given.sentences))

    def _run(self, batch: Sequence[_Encoded]) -> dict[int, PassageVectors]:
        summed = self._engine.run(_padded(batch))
        expected = (len(batch), self._identity.dimension)
        if (summed.shape[0], summed.shape[2]) != expected:
            raise EmbeddingFailed(f"the model gave vectors of shape {summed.shape}")
        vectors = {}
        for text, rows in zip(batch, summed, strict=True):
            units = unit(rows[: len(text.pool)])
            vectors[text.number] = PassageVectors(units[0], units[1:])
        return vectors


@dataclass(frozen=True)
class _Encoded:
    """One text as the model reads it.

    Attributes:
        number: Its place among the inputs.
        pool: 1 where a vector takes a token in, shape (1 + sentences, tokens); passage first.
    """

    number: int
    ids: Sequence[int]
    pool: NDArray[np.float32]


def _pool(offsets: Sequence[tuple[int, int]], sentences: Sequence[Span]) -> NDArray[np.float32]:
    token_start, token_end = np.array(offsets, dtype=np.int64).T
    spans = np.array([(s.start, s.end) for s in sentences], dtype=np.int64).reshape(-1, 2)
    pool = np.ones((1 + len(spans), len(offsets)), dtype=np.float32)
    inside = (token_start < spans[:, 1:]) & (token_end > spans[:, :1]) & (token_end > token_start)
    # A sentence without a token of its own keeps the ones of the passage.
    pool[1:] = np.where(inside.any(axis=1, keepdims=True), inside, 1)
    return pool


def _padded(batch: Sequence[_Encoded]) -> Inputs:
    tokens = padded_size(max(len(text.ids) for text in batch))
    ids = np.zeros((len(batch), tokens), dtype=np.int32)
    mask = np.zeros_like(ids)
    vectors = padded_size(max(len(text.pool) for text in batch))
    pool = np.zeros((len(batch), vectors, tokens), dtype=np.float32)
    for row, text in enumerate(batch):
        ids[row, : len(text.ids)] = text.ids
        mask[row, : len(text.ids)] = 1
        pool[row, : len(text.pool), : len(text.ids)] = text.pool
    return {"ids": ids, "mask": mask, "pool": pool}
