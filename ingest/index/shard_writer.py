"""The shards of the generation being built."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.index import shards
from ingest.index.placement import Placement, Shard
from ingest.index.rows import read_vector
from ingest.index.shards import shard_folder
from ingest.index.vectors import MAX_BATCH, ChromaVectors


class ShardWriter:
    """Adds vectors to the last shard and takes unused ones out of all, one open at a time."""

    def __init__(self, chroma: Path, placement: Placement) -> None:
        """Open the last shard in the folder `chroma`, or make the first one.

        Raises:
            IndexDamaged: The shard cannot be opened.
        """
        self._chroma = chroma
        self._placement = placement
        self._pending: dict[str, NDArray[np.float32]] = {}
        last = placement.last()
        self._number = 0 if last is None else last.number
        self._store: ChromaVectors | None = None
        if last is None:
            self._begin(0)

    def add(self, vector_id: str, packed: bytes) -> None:
        """Add a vector as the catalog keeps it, unless it is there."""
        # Under a name for each vector, not for each passage: many equal ones cut others off in
        # Chroma's graph.
        if vector_id not in self._pending and not self._placement.holds(vector_id):
            # As the catalog keeps it, so that a shard made again equals this one.
            self._pending[vector_id] = read_vector(packed)

    @property
    def is_full(self) -> bool:
        """Whether enough was added for a batch."""
        return len(self._pending) >= MAX_BATCH

    def flush(self) -> None:
        """Write what was added.

        Raises:
            StorageFull: The disk is full.
            IndexDamaged: Chroma refused.
        """
        names = list(self._pending)
        while names:
            last = self._with_room()
            # Chroma writes its graph down after every 1,000 vectors; whoever opens a shard waits
            # until the rest is put in again: with batches that end there, a full one has no rest.
            count = min(shards.SIZE - last.added, MAX_BATCH - last.added % MAX_BATCH)
            now, names = names[:count], names[count:]
            matrix = np.stack([self._pending[name] for name in now])
            self._at(last.number).upsert(now, matrix)
            self._placement.place(now, last.number)
        self._pending.clear()

    def _with_room(self) -> Shard:
        """Return the last shard, after beginning it if the one before it is full."""
        last = self._placement.last()
        assert last is not None
        if last.added < shards.SIZE:
            return last
        self._begin(last.number + 1)
        return Shard(last.number + 1, 0)

    def finish(self) -> None:
        """Write what was added, take out what no passage has any more, and close.

        Raises:
            StorageFull: The disk is full.
            IndexDamaged: Chroma refused.
        """
        self.flush()
        self._placement.drop_unused()
        for number in self._placement.worn():
            self._dissolve(number)
        for number in self._placement.littered():
            self._at(number).delete(self._placement.unused(number))
        self.close()

    def _dissolve(self, number: int) -> None:
        """Move what is left in a shard to the last one, and remove it."""
        while rest := self._placement.some_of(number, MAX_BATCH):
            self._pending.update((item.vector_id, read_vector(item.packed)) for item in rest)
            self.flush()
        self._placement.forget(number)
        shutil.rmtree(shard_folder(self._chroma, number))

    def _begin(self, number: int) -> None:
        self.close()
        self._placement.begin(number)
        self._store, self._number = self._opened(number, create=True), number

    def _at(self, number: int) -> ChromaVectors:
        """Return a shard, after closing the one that was open."""
        if self._store is None or self._number != number:
            self.close()
            self._store, self._number = self._opened(number), number
        return self._store

    def _opened(self, number: int, create: bool = False) -> ChromaVectors:
        return ChromaVectors(shard_folder(self._chroma, number), create)

    def close(self) -> None:
        """Close what is open; what was not flushed is lost."""
        store, self._store = self._store, None
        if store is not None:
            store.close()
