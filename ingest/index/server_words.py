"""Passages by their words, in the index of sparse vectors that a server has of them."""

from __future__ import annotations

from dataclasses import replace

from ingest.domain import Filters, Hit
from ingest.errors import VectorsUnavailable
from ingest.index.catalog import Catalog
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_server import BATCH
from ingest.index.chroma_words import ChromaWords
from ingest.index.circuit import Circuit
from ingest.index.lexical import TantivyLexical
from ingest.index.manifest import Manifest
from ingest.index.rows import passage_of
from ingest.index.server_vectors import SOME
from ingest.index.sparse import SparseVector, question_vector

EMPTY = (
    "has none of the words of this generation; run `dateline index rebuild` where the index is "
    "written"
)
ANY = SparseVector([0], [1.0])


class ServerWords:
    """Finds passages by their words on a server, and in Tantivy's files where that fails.

    Those files are in every generation: they say in how many passages a word is.
    """

    def __init__(
        self, address: ChromaAddress, manifest: Manifest, catalog: Catalog, lexical: TantivyLexical
    ) -> None:
        """Take the server, and the files of the generation; nothing is asked yet."""
        self._catalog = catalog
        self._lexical = lexical
        self._some = list(catalog.word_ids(next(catalog.passage_ids(), [])[:SOME]))
        self._server = ChromaWords(address, manifest.vectors.words)
        self._circuit = Circuit(self._server, address, self._look)

    def search(self, text: str, k: int, filters: Filters) -> list[Hit]:
        """Return the passages that share words with `text`, best first; see `TantivyLexical`.

        Raises:
            IndexDamaged: Tantivy or the catalog cannot be read.
        """
        asked = question_vector(text, self._lexical)
        if not asked.indices:
            return []
        try:
            found = self._circuit.ask(lambda: self._found(asked, k, filters))
        except VectorsUnavailable:
            found = None
        return self._lexical.search(text, k, filters) if found is None else found

    async def _found(self, asked: SparseVector, k: int, filters: Filters) -> list[Hit] | None:
        """Return what the catalog knows of what is found, None where one search gives too few."""
        found = await self._server.by_words(asked, min(k, BATCH), filters)
        ours = self._ours(found)
        if len(ours) < k and len(found) == min(k, BATCH):
            # Other generations' passages took the place of ours.
            found = await self._server.by_words(asked, BATCH, filters)
            ours = self._ours(found)
        if not ours:
            await self._server.require_some(self._some, EMPTY)
        return None if len(ours) < k and len(found) == BATCH else ours[:k]

    def _ours(self, found: list[Hit]) -> list[Hit]:
        known = self._catalog.word_ids([passage_of(hit.passage_id) for hit in found])
        ours = (hit for hit in found if hit.passage_id in known)
        return [replace(hit, passage_id=known[hit.passage_id]) for hit in ours]

    async def _look(self) -> None:
        await self._server.by_words(ANY, 1, Filters())
        await self._server.require_some(self._some, EMPTY)

    def close(self) -> None:
        """Give the connections back."""
        self._server.close()
