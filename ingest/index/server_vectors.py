"""The vectors of a published generation, on a server that may fail at any moment."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Hit
from ingest.errors import VectorsUnavailable
from ingest.index.catalog import Catalog
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_server import BATCH, ChromaServer
from ingest.index.manifest import Manifest
from ingest.index.server_writer import SHARD

PROBE_S = 1.0
"""Seconds between two looks at the server, so that readiness knows too."""
PATIENT, LONGEST_S = 10, 8.0
"""After so many looks in vain the pauses between them double, up to that."""
SOME = 10
"""So many of a generation's vectors are looked for, to tell its collection from another one."""
EMPTY = (
    "has none of the vectors of this generation; run `dateline index rebuild` where the index is "
    "written"
)

log = logging.getLogger("ingest.index")


class ServerVectors:
    """Finds vectors on a server; while it fails nobody waits for it.

    A circuit that one failure opens, as the next request would wait as long, and that a look of its
    own, once a second at first, closes: it must find vectors of the generation, as what answers may
    be an empty server, or another one.
    """

    def __init__(self, address: ChromaAddress, manifest: Manifest, catalog: Catalog) -> None:
        """Take the server, and the catalog that says which vectors are the generation's.

        Nothing is asked yet: a service starts without the server too.
        """
        self._address = address
        self._catalog = catalog
        self._problem: VectorsUnavailable | None = None
        # Names are made of contents: the first ones are as good as any.
        self._some = next(catalog.vector_ids(SHARD), [])[:SOME]
        self._any = np.ones(manifest.embedder.dimension, dtype=np.float32)
        self._server = ChromaServer(address, manifest.vectors.collection)
        self._in_vain = 0
        self._server.every(self._pause_s, self._probe)

    @property
    def most(self) -> int:
        """How many one search gives at most."""
        return BATCH

    @property
    def problem(self) -> str | None:
        """What keeps it from finding any now; None when all is well."""
        problem = self._problem
        return None if problem is None else problem.degraded

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return the nearest vectors of this generation, BATCH at most; see `VectorSearch`.

        Raises:
            VectorsUnavailable: The server cannot be used, or failed a moment ago.
        """
        problem = self._problem
        if problem is not None:
            raise VectorsUnavailable(str(problem), problem.why)
        try:
            # What is asked for in a second request has what is left of the time.
            timeout_s = self._address.timeout_s
            hits = self._server.ask(lambda: self._found(vector, min(k, BATCH)), timeout_s)
        except VectorsUnavailable as error:
            self._tell(error)
            raise
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))

    async def _found(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return what the catalog knows of what is found."""
        found = await self._server.nearest(vector, k)
        ours = self._ours(found)
        if len(ours) < k == len(found):
            # Other generations' vectors took the place of ours.
            ours = self._ours(await self._server.nearest(vector, BATCH))
        if not ours:
            await self._require_some()
        return ours[:k]

    async def _require_some(self) -> None:
        """Raise VectorsUnavailable when the collection is none of this generation's."""
        if self._some and not await self._server.among(self._some):
            raise self._server.unavailable(EMPTY)

    def _ours(self, found: list[Hit]) -> list[Hit]:
        known = self._catalog.passages_with([hit.passage_id for hit in found])
        return [hit for hit in found if hit.passage_id in known]

    def _pause_s(self) -> float:
        doubled = min(10, max(0, self._in_vain - PATIENT))
        return min(LONGEST_S, PROBE_S * 2.0**doubled)

    async def _probe(self) -> None:
        if self._problem is None and self._address.is_cloud:
            # There each search is paid for.
            return
        try:
            await self._server.within(self._look, self._address.timeout_s)
        except VectorsUnavailable as error:
            self._in_vain += 1
            self._tell(error)
        else:
            self._in_vain = 0
            if self._problem is not None:
                log.warning("the Chroma server answers again")
            self._problem = None

    async def _look(self) -> None:
        await self._server.nearest(self._any, 1)
        await self._require_some()

    def _tell(self, error: VectorsUnavailable) -> None:
        before, self._problem = self._problem, error
        if before is None or before.why != error.why:
            log.warning("%s", error)

    def close(self) -> None:
        """Give the connections back."""
        self._server.close()
