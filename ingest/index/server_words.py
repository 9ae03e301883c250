"""Passages by their words, in the index of sparse vectors that a server has of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from ingest.domain import Filters, Hit
from ingest.errors import VectorsUnavailable
from ingest.index.catalog import Catalog
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_collection import BATCH
from ingest.index.chroma_words import ChromaWords, SparseQuery
from ingest.index.circuit import Circuit
from ingest.index.lexical import TantivyLexical, WordQuery
from ingest.index.manifest import Manifest
from ingest.index.rows import passage_of
from ingest.index.server_vectors import SOME
from ingest.index.sparse import SparseVector, question_vector

LOST = "lacks words of this generation; run `dateline index rebuild` where the index is written"
ANY = SparseQuery(SparseVector([0], [1.0]), 1, Filters())


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
        self._server = ChromaWords(address, manifest.vectors.words_collection)
        self._circuit = Circuit(self._server, address, self._look)

    def search_all(self, queries: Sequence[WordQuery]) -> list[list[Hit]]:
        """Return the passages that share words with each query, best first; see `WordSearch`.

        All of them are the server's or all are Tantivy's: their scores differ a little.

        Raises:
            IndexDamaged: Tantivy or the catalog cannot be read.
        """
        asked = {
            n: SparseQuery(question_vector(query.text, self._lexical), query.k, query.filters)
            for n, query in enumerate(queries)
        }
        # Without a word that is anywhere there is nothing to find.
        asked = {n: query for n, query in asked.items() if query.vector.indices}
        if not asked:
            return [[] for _ in queries]
        try:
            hits = self._circuit.ask(lambda: self._found(list(asked.values())))
        except VectorsUnavailable:
            return self._lexical.search_all(queries)
        found = dict(zip(asked, hits, strict=True))
        if any(self._lacks(queries[n], own) for n, own in found.items()):
            if not any(hits):
                # It may have lost them all; then the next question is not to wait for it.
                with suppress(VectorsUnavailable):
                    self._circuit.ask(self._look)
            return self._lexical.search_all(queries)
        return [found.get(n, []) for n in range(len(queries))]

    def _lacks(self, query: WordQuery, hits: list[Hit]) -> bool:
        """Return whether the server found less than there is.

        It may have lost some, and other generations' passages may take the place of ours.
        """
        return len(hits) < query.k and len(self._lexical.search(*query)) > len(hits)

    async def _found(self, queries: list[SparseQuery]) -> list[list[Hit]]:
        """Return what the catalog knows of what is found."""
        found = await self._server.by_words(queries)
        ours = [self._ours(hits) for hits in found]
        few = [n for n, query in enumerate(queries) if len(ours[n]) < query.k == len(found[n])]
        if few:
            more = [queries[n]._replace(k=BATCH) for n in few]
            for n, hits in zip(few, await self._server.by_words(more), strict=True):
                ours[n] = self._ours(hits)[: queries[n].k]
        return ours

    def _ours(self, found: list[Hit]) -> list[Hit]:
        known = self._catalog.word_ids([passage_of(hit.passage_id) for hit in found])
        ours = (hit for hit in found if hit.passage_id in known)
        return [replace(hit, passage_id=known[hit.passage_id]) for hit in ours]

    async def _look(self) -> None:
        await self._server.by_words([ANY])
        await self._server.require_all(self._some, LOST)

    def close(self) -> None:
        """Give the connections back."""
        self._server.close()
