"""The vectors of a published generation, on a server that may fail at any moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Hit
from ingest.index.catalog import Catalog
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_collection import BATCH
from ingest.index.chroma_server import ChromaServer
from ingest.index.circuit import Circuit
from ingest.index.manifest import Manifest
from ingest.index.server_writer import SHARD

SOME = 10
"""So many of a generation's vectors are looked for, to tell its collection from another one."""
EMPTY = (
    "has none of the vectors of this generation; run `dateline index rebuild` where the index is "
    "written"
)


class ServerVectors:
    """Finds vectors on a server; while it fails nobody waits for it.

    A look at it must find vectors of the generation, as what answers may be an empty server, or
    another one.
    """

    def __init__(self, address: ChromaAddress, manifest: Manifest, catalog: Catalog) -> None:
        """Take the server, and the catalog that says which vectors are the generation's.

        Nothing is asked yet: a service starts without the server too.
        """
        self._catalog = catalog
        # Names are made of contents: the first ones are as good as any.
        self._some = next(catalog.vector_ids(SHARD), [])[:SOME]
        self._any = np.ones(manifest.embedder.dimension, dtype=np.float32)
        self._server = ChromaServer(address, manifest.vectors.collection)
        self._circuit = Circuit(self._server, address, self._look)

    @property
    def most(self) -> int:
        """How many one search gives at most."""
        return BATCH

    @property
    def problem(self) -> str | None:
        """What keeps it from finding any now; None when all is well."""
        return self._circuit.problem

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return the nearest vectors of this generation, BATCH at most; see `VectorSearch`.

        Raises:
            VectorsUnavailable: The server cannot be used, or failed a moment ago.
        """
        hits = self._circuit.ask(lambda: self._found(vector, min(k, BATCH)))
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))

    async def _found(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return what the catalog knows of what is found."""
        found = await self._server.nearest(vector, k)
        ours = self._ours(found)
        if len(ours) < k == len(found):
            # Other generations' vectors took the place of ours.
            ours = self._ours(await self._server.nearest(vector, BATCH))
        if not ours:
            await self._server.require_some(self._some, EMPTY)
        return ours[:k]

    def _ours(self, found: list[Hit]) -> list[Hit]:
        known = self._catalog.passages_with([hit.passage_id for hit in found])
        return [hit for hit in found if hit.passage_id in known]

    async def _look(self) -> None:
        await self._server.nearest(self._any, 1)
        await self._server.require_some(self._some, EMPTY)

    def close(self) -> None:
        """Give the connections back."""
        self._server.close()
