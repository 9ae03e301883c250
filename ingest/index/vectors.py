"""Chroma: nearest passages by vector. Beside `chroma_*.py` the only module with chromadb.

Nobody reads a store that somebody writes, and the service never writes: field-notes of the
project's design measured broken indexes and process crashes otherwise. Opening a store changes
bytes of its `chroma.sqlite3` even when nothing is written, so readers open a copy (`snapshot.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Hit
from ingest.errors import SettingsError
from ingest.index.native import give_memory_back, translated

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.config import Settings

COLLECTION = "passages"
MAX_BATCH = 500
MAX_RESULTS = 2000
# Chosen for recall: of 32,000 sentences of news, 500 questions found 99.98 % of the first ten that
# an exact search finds and 99.8 % of the first hundred, in 2.1 ms. With 200 and 200 they found
# 99.94 % and 99.6 % in 1.8 ms, and it took 1.7 times as long to build.
BREADTH = 400
HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 100,
    "ef_search": BREADTH,
    "max_neighbors": 24,
}


class ChromaVectors:
    """One collection of vectors in one folder, open in this process only."""

    def __init__(self, folder: Path, create: bool = False, breadth: int | None = None) -> None:
        """Open the store in `folder`.

        Args:
            folder: A path that no other client of this process has open: Chroma caches by path.
            create: Make a new collection instead of opening the one there.
            breadth: How many vectors a search compares at least, as HNSW's `ef_search`; changes the
                store. None for what it was made with.

        Raises:
            IndexDamaged: The store cannot be opened.
        """
        settings = _settings(folder)
        with translated("Chroma", "opening"):
            import chromadb

            # Chroma makes the last folder only.
            folder.parent.mkdir(parents=True, exist_ok=True)
            client = chromadb.PersistentClient(path=str(folder), settings=settings)
            # Declared as the interface, which lacks `close`.
            self._client = cast("Client", client)
            try:
                self._collection = self._open(create)
                if breadth is not None:
                    self._widen(breadth)
            except BaseException:
                self._client.close()
                raise

    def _open(self, create: bool) -> Collection:
        if create:
            return self._client.create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": HNSW}
            )
        return self._client.get_collection(COLLECTION, embedding_function=None)

    def _widen(self, breadth: int) -> None:
        with catch_warnings():
            # It finds its own record of a collection without an embedding function outdated.
            simplefilter("ignore", DeprecationWarning)
            # Chroma reads it when it loads the graph, at the first search.
            self._collection.modify(configuration={"hnsw": {"ef_search": breadth}})

    def upsert(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace vectors.

        Args:
            ids: Names of the vectors, none twice.
            vectors: Unit length, finite, shape (len(ids), dimension).

        Raises:
            StorageFull: The disk is full.
            IndexDamaged: Chroma refused.
        """
        for start in range(0, len(ids), MAX_BATCH):
            batch = slice(start, start + MAX_BATCH)
            with translated("Chroma", "writing"):
                self._collection.upsert(ids=list(ids[batch]), embeddings=vectors[batch])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; ids that are not there are ignored."""
        for start in range(0, len(ids), MAX_BATCH):
            with translated("Chroma", "writing"):
                self._collection.delete(ids=list(ids[start : start + MAX_BATCH]))

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return the vectors nearest to `vector`, best first, by the ids they were given.

        Args:
            vector: Unit length, shape (dimension,).
            k: At most this many, 1 to MAX_RESULTS; fewer come back from a small index.

        Returns:
            Hits with cosine similarity in -1..1.

        Raises:
            IndexDamaged: Chroma cannot be queried.
        """
        with translated("Chroma", "querying"):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis],
                n_results=min(k, MAX_RESULTS),
                include=["distances"],
            )
        ids, distances = found["ids"][0], (found["distances"] or [[]])[0]
        return [Hit(i, 1.0 - float(d)) for i, d in zip(ids, distances, strict=True)]

    def those_of(self, ids: Sequence[str]) -> set[str]:
        """Return which of some ids there are; ask for MAX_BATCH at most."""
        with translated("Chroma", "reading"):
            return set(self._collection.get(ids=list(ids), include=[])["ids"])

    def count(self) -> int:
        """Return the number of vectors."""
        with translated("Chroma", "counting"):
            return int(self._collection.count())

    def close(self) -> None:
        """Flush, and release the files and the memory."""
        with translated("Chroma", "closing"):
            self._client.close()
        give_memory_back()


def preload() -> None:
    """Import chromadb, which takes half a second, before it is needed.

    Raises:
        SettingsError: Something in the environment keeps Chroma from starting.
    """
    _settings(Path())
    import_module("chromadb")


def _settings(folder: Path) -> Settings:
    return explicit_settings(
        is_persistent=True,
        persist_directory=str(folder),
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
    )


def explicit_settings(**own: Any) -> Settings:
    """Return explicit settings: left alone, Chroma reads names of its own from anywhere.

    Raises:
        SettingsError: Something in the environment keeps Chroma from starting.
    """
    try:
        from chromadb.config import Settings

        # Not a field of Settings but an argument of pydantic's: read no file.
        nowhere: dict[str, Any] = {"_env_file": None}
        return Settings(**nowhere, anonymized_telemetry=False, **own)
    except ValueError as error:
        raise SettingsError(
            "Chroma cannot start with the CHROMA_… names in the environment or in .env; "
            "take them out"
        ) from error


def version() -> str:
    """Return Chroma's version without importing it."""
    from importlib.metadata import version as installed

    return installed("chromadb")
