"""Vectors on a server that no generation needs any more: of old ones, and of ingests that died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

from ingest.index import manifest as manifests
from ingest.index.catalog import PAGE, Catalog
from ingest.index.chroma_server import ChromaServer
from ingest.index.generations import Generations
from ingest.index.own_collection import forget, own_collection


def sweep(generations: Generations) -> int:
    """Delete from the data folder's collection what no kept generation has; return how many.

    A generation is kept as long as somebody on this machine reads it. Where none has its vectors
    there any more, the collection goes. The writer's lock must be held.

    Raises:
        VectorsUnavailable: The server cannot be used.
        IndexUnavailable: A kept generation does not say what it needs; nothing is deleted.
    """
    collection = own_collection(generations.data_dir)
    if generations.server is None or collection is None:
        return 0
    with ExitStack() as opened:
        kept: list[Catalog] = []
        for number in generations.numbers():
            folder = generations.path(number)
            if manifests.read(folder).vectors.collection == collection:
                kept.append(opened.enter_context(closing(Catalog(folder))))
        server = opened.enter_context(closing(ChromaServer(generations.server, collection)))
        if not kept:
            server.remove()
            forget(generations.data_dir)
            return 0
        # All are listed before one goes: pages would shift.
        unneeded = [
            vector_id
            for ids in _parts(server)
            for vector_id in sorted(set(ids).difference(*(one.passages_with(ids) for one in kept)))
        ]
        server.delete(unneeded)
        return len(unneeded)


def _parts(server: ChromaServer) -> Iterator[list[str]]:
    for ids in server.ids():
        yield from (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
