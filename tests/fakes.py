"""Hand-written stand-ins, deterministic and quick."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId, PassageVectors
from ingest.embed.embedder import EmbedInput

DIMENSION = 64


class FakeEmbedder:
    """Hashes words into a vector: texts that share words are near each other."""

    lanes = 2

    def __init__(self, name: str = "fake", dimension: int = DIMENSION) -> None:
        self.identity = EmbedderId(name, dimension, "0" * 64)
        self.embedded: list[str] = []

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        self.embedded += [item.text for item in inputs]
        return [self._vectors(item) for item in inputs]

    def _vectors(self, item: EmbedInput) -> PassageVectors:
        parts = [self.vector(item.text[s.start : s.end]) for s in item.sentences]
        stacked = np.stack(parts) if parts else np.zeros((0, self.identity.dimension), np.float32)
        return PassageVectors(self.vector(item.text), stacked)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.vector(text) for text in texts])

    def vector(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.identity.dimension, 1e-3, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            digest = hashlib.sha256(word.encode()).digest()
            vector[digest[0] % self.identity.dimension] += 1.0
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


class FakePieces:
    """Counts words where the real one counts word pieces."""

    def count(self, text: str) -> int:
        return len(text.split())

    def ids(self, text: str) -> list[int]:
        return list(range(self.count(text)))

    def starts(self, text: str) -> list[int]:
        return [match.start() for match in re.finditer(r"\S+", text)]

    def truncate(self, text: str, max_tokens: int) -> str:
        return " ".join(text.split()[:max_tokens])


class FakeTools:
    """Gives an ingest a fake embedder and counts how often it was asked for."""

    def __init__(self, embedder: FakeEmbedder | None = None) -> None:
        self.fake = embedder or FakeEmbedder()

    def embedder(self, required: EmbedderId | None) -> FakeEmbedder:  # noqa: ARG002 - the port's name
        return self.fake

    def pieces(self) -> FakePieces:
        return FakePieces()
