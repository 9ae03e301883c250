"""What lies on a server for no generation any more: of old ones, and of ingests that died."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

from ingest.index import manifest as manifests
from ingest.index.catalog import PAGE, Catalog
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_collection import ChromaCollection
from ingest.index.generations import Generations
from ingest.index.own_collection import beside, forget, own_collections
from ingest.index.rows import passage_of


def sweep(generations: Generations) -> int:
    """Delete from the data folder's collections what no kept generation has; return how many.

    A generation is kept as long as somebody on this machine reads it. Where none has its vectors
    in a collection any more, that goes; one that is not on the server stays written down, as it may
    be on another. The writer's lock must be held.

    Raises:
        VectorsUnavailable: The server cannot be used.
        IndexUnavailable: A kept generation does not say what it needs; nothing is deleted.
    """
    collections = own_collections(generations.data_dir)
    if generations.server is None or not collections:
        return 0
    needing = named(generations)
    for collection in collections:
        if collection not in needing and _remove(generations.server, collection):
            forget(generations.data_dir, collection)
    return sum(
        _sweep(generations, generations.server, collection, needing[collection])
        for collection in collections
        if collection in needing
    )


def named(generations: Generations) -> dict[str, list[int]]:
    """Return which generations have their vectors in which collection.

    Raises:
        IndexUnavailable: A generation does not say.
    """
    found: dict[str, list[int]] = {}
    for number in generations.numbers():
        record = manifests.read(generations.path(number)).vectors
        if record.kind == "server":
            found.setdefault(record.collection, []).append(number)
    return found


def _remove(address: ChromaAddress, collection: str) -> bool:
    for name in beside(collection):
        with closing(ChromaCollection(address, name)) as other:
            other.remove()
    with closing(ChromaCollection(address, collection)) as server:
        return server.remove()


def _sweep(
    generations: Generations, address: ChromaAddress, collection: str, numbers: list[int]
) -> int:
    paths = [generations.path(number) for number in numbers]
    # Those of one collection of vectors have their words in one, or all of them in none.
    record = manifests.read(paths[-1]).vectors
    with ExitStack() as opened:
        kept = [opened.enter_context(closing(Catalog(path))) for path in paths]
        deleted = _clear(address, collection, lambda ids: _vectors_of(kept, ids))
        if record.words:
            deleted += _clear(address, record.words_collection, lambda ids: _words_of(kept, ids))
        return deleted


def _clear(address: ChromaAddress, collection: str, needed: Callable[[list[str]], set[str]]) -> int:
    """Delete from one collection what is not needed; return how many.

    Args:
        address: Of the server.
        collection: Its name there.
        needed: Says which of some ids are.
    """
    with closing(ChromaCollection(address, collection)) as server:
        # All are listed before one goes: pages would shift.
        unneeded = [name for ids in _parts(server) for name in sorted(set(ids) - needed(ids))]
        server.delete(unneeded)
        return len(unneeded)


def _vectors_of(kept: list[Catalog], ids: list[str]) -> set[str]:
    return {name for catalog in kept for name in catalog.passages_with(ids)}


def _words_of(kept: list[Catalog], ids: list[str]) -> set[str]:
    passages = [passage_of(name) for name in ids]
    return {name for catalog in kept for name in catalog.word_ids(passages)}


def _parts(server: ChromaCollection) -> Iterator[list[str]]:
    for ids in server.ids():
        yield from (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
