"""Is all of a generation on the server that has its vectors?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

from ingest.domain import Filters
from ingest.index import manifest as manifests
from ingest.index.catalog import Catalog
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_collection import PATIENCE_S, ChromaCollection
from ingest.index.chroma_server import ChromaServer
from ingest.index.chroma_words import ChromaWords, SparseQuery
from ingest.index.lexical_document import searched
from ingest.index.manifest import Manifest
from ingest.index.rows import passage_of
from ingest.index.sampling import FAR, SAME, sentinels
from ingest.index.server_writer import SHARD
from ingest.index.sparse import passage_vector

ON_SERVER = "the Chroma server "
"""Begins what is wrong there, and not with the files of the generation."""


def collection_problems(
    catalog: Catalog, manifest: Manifest, address: ChromaAddress
) -> Iterator[str]:
    """Compare what is on a server with the catalog; it holds other generations' too.

    Raises:
        VectorsUnavailable: The server cannot be used.
    """
    yield from _vectors(catalog, manifest, address)
    if manifest.vectors.words:
        yield from _words(catalog, manifest, address)


def _vectors(catalog: Catalog, manifest: Manifest, address: ChromaAddress) -> Iterator[str]:
    with closing(ChromaServer(address, manifest.vectors.collection)) as server:
        pages = catalog.vector_ids(SHARD)
        held, missing, chosen = _looked_for(server, pages, manifest.passages)
        if missing:
            yield f"{ON_SERVER}lacks {missing} of {held} vectors; {manifests.REMEDY}"
            return
        best = [server.search(v, 1, PATIENCE_S) for v in catalog.distinct_vectors(chosen)[1]]
    missed = sum(not hits or hits[0].score < SAME for hits in best)
    if missed > FAR * len(best):
        yield f"{ON_SERVER}does not find {missed} of {len(best)} vectors by themselves"


def _words(catalog: Catalog, manifest: Manifest, address: ChromaAddress) -> Iterator[str]:
    with closing(ChromaWords(address, manifest.vectors.words_collection)) as server:
        pages = (list(catalog.word_ids(ids)) for ids in catalog.passage_ids())
        held, missing, chosen = _looked_for(server, pages, manifest.passages)
        if missing:
            yield f"{ON_SERVER}lacks the words of {missing} of {held} passages; {manifests.REMEDY}"
            return
        missed = sum(not _finds(server, catalog, passage_of(name)) for name in chosen)
    if missed:
        yield f"{ON_SERVER}does not find {missed} of {len(chosen)} passages by their own words"


def _looked_for(
    server: ChromaCollection, pages: Iterable[list[str]], total: int
) -> tuple[int, int, list[str]]:
    """Return how many names there are, how many of them are not on the server, and some of them.

    Args:
        server: The collection that should have them.
        pages: Of names.
        total: See `sentinels`.
    """
    held, missing, chosen = 0, 0, list[str]()
    for names in pages:
        missing += len(set(names) - server.those_of(names))
        chosen += sentinels(names, held, total)
        held += len(names)
    return held, missing, chosen


def _finds(server: ChromaWords, catalog: Catalog, passage_id: str) -> bool:
    """Return whether a passage's own vector finds one that is as near to it as itself."""
    passage = catalog.passages([passage_id])[passage_id].passage
    article = catalog.articles([passage.article_id])[passage.article_id].article
    own = passage_vector(searched(article, passage))
    if not own.indices:
        return True
    [hits] = server.ask(lambda: server.by_words([SparseQuery(own, 1, Filters())]), PATIENCE_S)
    return bool(hits) and hits[0].score >= SAME * own.dot(own)
