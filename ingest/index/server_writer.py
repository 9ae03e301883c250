"""The vectors of the generation being built, on a server."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_collection import BATCH
from ingest.index.chroma_server import ChromaServer
from ingest.index.placement import Placement
from ingest.index.rows import read_vector

SHARD = 0
"""A collection is the one shard of its generations."""


class ServerWriter:
    """Adds vectors to a collection that older generations use; see `VectorWriter`.

    Nothing is taken out: readers of an older generation still look it up. `sweeping.py` does that.
    """

    def __init__(self, address: ChromaAddress, collection: str, placement: Placement) -> None:
        """Take a collection that is there, and what notes which vectors are in it."""
        self._server = ChromaServer(address, collection)
        self._placement = placement
        self._pending: dict[str, NDArray[np.float32]] = {}
        if placement.last() is None:
            placement.begin(SHARD)

    def add(self, vector_id: str, packed: bytes) -> None:
        """Add a vector as the catalog keeps it, unless it is there."""
        if vector_id not in self._pending and not self._placement.holds(vector_id):
            self._pending[vector_id] = read_vector(packed)

    @property
    def is_full(self) -> bool:
        """Whether enough was added for a batch."""
        return len(self._pending) >= BATCH

    def flush(self) -> None:
        """Send what was added.

        Raises:
            VectorsUnavailable: The server cannot be reached, or refuses.
        """
        names = list(self._pending)
        if names:
            self._server.upsert(names, np.stack(list(self._pending.values())))
            self._placement.place(names, SHARD)
        self._pending.clear()

    def finish(self) -> None:
        """Send what was added, forget what no passage has any more, and close.

        Raises:
            VectorsUnavailable: The server cannot be reached, or refuses.
        """
        self.flush()
        self._placement.drop_unused()
        self.close()

    def close(self) -> None:
        """Give the connections back; what was not flushed is lost."""
        self._server.close()
