"""Vectors in a collection of a Chroma server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Hit
from ingest.index.chroma_collection import BATCH, PATIENCE_S, ChromaCollection
from ingest.index.vectors import HNSW


class ChromaServer(ChromaCollection):
    """One collection of vectors. Safe from several threads."""

    def make(self) -> None:
        """Make the collection unless it is there."""

        async def ask() -> None:
            made = await self._api.get_or_create_collection(
                self._name, configuration={"hnsw": HNSW}, **self._place
            )
            self._id = made.id

        self.ask(ask, PATIENCE_S)

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace vectors; see `ChromaVectors.upsert`.

        Raises:
            VectorsUnavailable: The server cannot be reached, or refuses.
        """
        for start in range(0, len(ids), BATCH):
            names, rows = list(ids[start : start + BATCH]), list(vectors[start : start + BATCH])

            async def ask(names: list[str] = names, rows: list[Any] = rows) -> None:
                await self._api._upsert(await self._known(), names, rows, **self._place)

            self.ask(ask, PATIENCE_S)

    def search(self, vector: NDArray[np.float32], k: int, timeout_s: float) -> list[Hit]:
        """Return the vectors nearest to `vector`, best first; see `ChromaVectors.search`.

        Raises:
            VectorsUnavailable: The server cannot be reached, is too slow, or refuses.
        """
        return self.ask(lambda: self.nearest(vector, k), timeout_s)

    async def nearest(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Do what `search` does, for `ask` or `within`."""
        most = min(k, BATCH)
        found = await self._api._query(
            await self._known(), [vector], n_results=most, include=["distances"], **self._place
        )
        ids, distances = found["ids"][0], (found["distances"] or [[]])[0]
        return [Hit(str(i), 1.0 - float(d)) for i, d in zip(ids, distances, strict=True)][:most]
