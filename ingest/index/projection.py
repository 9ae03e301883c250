"""Where a generation's vectors and words lie: what writes vectors, and what finds both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Hit
from ingest.errors import IndexUnavailable
from ingest.index import manifest as manifests
from ingest.index.catalog import Catalog
from ingest.index.chroma_address import ChromaAddress
from ingest.index.lexical import TantivyLexical, WordQuery
from ingest.index.manifest import Manifest, VectorsRecord
from ingest.index.own_collection import begin
from ingest.index.placement import Placement
from ingest.index.server_vectors import ServerVectors
from ingest.index.server_words import ServerWords
from ingest.index.server_writer import ServerWriter
from ingest.index.shard_writer import ShardWriter
from ingest.index.shards import Shards

EMBEDDED = VectorsRecord()


class VectorWriter(Protocol):
    """Takes the vectors of the generation being built."""

    @property
    def is_full(self) -> bool:
        """Whether enough was added for a batch."""
        ...

    def add(self, vector_id: str, packed: bytes) -> None:
        """Add a vector as the catalog keeps it, unless it is there."""
        ...

    def flush(self) -> None:
        """Write what was added.

        Raises:
            IndexUnavailable: It cannot be written.
        """
        ...

    def finish(self) -> None:
        """Write what was added, leave out what no passage has any more, and close."""
        ...

    def close(self) -> None:
        """Close what is open; what was not flushed is lost."""
        ...


class VectorSearch(Protocol):
    """Finds the vectors of a published generation. Safe to use from several threads."""

    @property
    def most(self) -> int:
        """How many one search gives at most."""
        ...

    @property
    def problem(self) -> str | None:
        """What keeps it from finding any now; None when all is well."""
        ...

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return at most `k` nearest vectors, best first, by the ids they were given.

        Raises:
            IndexDamaged: The generation can no longer be read.
            VectorsUnavailable: The server cannot be used now.
        """
        ...

    def close(self) -> None:
        """Release everything."""
        ...


class WordSearch(Protocol):
    """Finds the passages of a published generation by words. Safe to use from several threads."""

    def search_all(self, queries: Sequence[WordQuery]) -> list[list[Hit]]:
        """Return at most `k` passages that share words with each query, best first.

        Returns:
            Hits whose scores are BM25's, of one scale in all of them.

        Raises:
            IndexDamaged: The generation can no longer be read.
        """
        ...

    def close(self) -> None:
        """Release everything."""
        ...


def chosen(data_dir: Path, server: ChromaAddress | None) -> VectorsRecord:
    """Return where the vectors of a row of generations that begins now shall lie."""
    return begin(data_dir, server) if server else EMBEDDED


def open_writer(
    folder: Path, placement: Placement, record: VectorsRecord, server: ChromaAddress | None
) -> VectorWriter:
    """Open what takes the vectors of the generation being built in `folder`."""
    if server is None:
        return ShardWriter(folder / manifests.CHROMA, placement)
    return ServerWriter(server, record.collection, placement)


def open_search(
    projections: Path, catalog: Catalog, manifest: Manifest, server: ChromaAddress | None
) -> VectorSearch:
    """Open what finds the vectors of a generation, whose own files are in `projections`."""
    if server is None:
        return Shards(projections / manifests.CHROMA, catalog.shards())
    return ServerVectors(server, manifest, catalog)


def open_word_search(
    lexical: TantivyLexical, catalog: Catalog, manifest: Manifest, server: ChromaAddress | None
) -> WordSearch:
    """Return what finds passages by words: Tantivy, unless a server has a sparse index of them."""
    if server is None or not manifest.vectors.words:
        return lexical
    return ServerWords(server, manifest, catalog, lexical)


def require_chosen(manifest: Manifest, server: ChromaAddress | None) -> None:
    """Raise IndexUnavailable when the vectors lie elsewhere than where the settings say."""
    record, name = manifest.vectors, f"generation {manifest.generation}"
    if record.kind == "embedded" and server is not None:
        raise IndexUnavailable(
            f"{name} has its vectors in the data folder, DATELINE_CHROMA_URL names a server; "
            f"{manifests.REMEDY}, which brings them there, or set no server"
        )
    if record.kind == "server" and server is None:
        raise IndexUnavailable(
            f"{name} has its vectors on a Chroma server (collection {record.collection}), "
            f"DATELINE_CHROMA_URL names none; set it, or {manifests.REMEDY}, which brings them "
            "into the data folder"
        )
