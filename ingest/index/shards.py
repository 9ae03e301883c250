"""The vectors of a generation, in stores of bounded size; here for search.

Chroma keeps the whole graph of a collection in memory while it writes to it or answers from it:
2.8 KB for a vector of 384 numbers. So that an ingest takes no more for a large index than for a
small one, the vectors lie in shards, each a store in a folder of its own, of which the writer
(`shard_writer.py`) and the check have one open at a time. The catalog says which holds what.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Hit
from ingest.index.vectors import BREADTH, MAX_RESULTS, ChromaVectors

# The most vectors that are ever put in one shard: about 90 MB of graph. Of whole thousands, for
# the reason that `ShardWriter.flush` gives.
SIZE = 32_000
# So many shards are searched as broadly as one; of more, each has fewer of what is looked for. With
# 32 and a breadth of 100, 89 % of the first ten are found that 400 finds, for half the time.
BROAD, LEAST_BREADTH = 4, 100


def shard_folder(chroma: Path, number: int) -> Path:
    """Return where a shard lies in the folder of all."""
    return chroma / f"{number:04d}"


class Shards:
    """All shards of a generation, open for search. Safe to use from several threads."""

    def __init__(self, chroma: Path, numbers: Sequence[int]) -> None:
        """Open the shards with these numbers in the folder `chroma`, which may change.

        Raises:
            IndexDamaged: One cannot be opened.
        """
        self._stores: list[ChromaVectors] = []
        with ExitStack() as opened:
            for number in numbers:
                store = ChromaVectors(shard_folder(chroma, number), breadth=_breadth(len(numbers)))
                opened.callback(store.close)
                self._stores.append(store)
            # Chroma's search lets other threads run: two shards on two cores take 2.6 ms together,
            # 3.9 ms one after the other.
            self._threads = ThreadPoolExecutor(os.cpu_count(), "shards")
            opened.callback(self._threads.shutdown)
            self._opened = opened.pop_all()

    @property
    def most(self) -> int:
        """How many one search gives at most."""
        return MAX_RESULTS

    @property
    def problem(self) -> None:
        """What keeps it from finding any now: nothing, as long as its files are whole."""

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return the nearest vectors of all shards; see `ChromaVectors.search`.

        In which shard a vector is makes no difference: equal scores are in the order of the ids.
        """
        together = self._threads.map if len(self._stores) > 1 else map
        found = together(lambda store: store.search(vector, k), self._stores)
        hits = chain.from_iterable(found)
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:k]

    def close(self) -> None:
        """Release the files of all."""
        self._opened.close()


def _breadth(shards: int) -> int | None:
    if shards <= BROAD:
        return None
    return max(LEAST_BREADTH, BREADTH * BROAD // shards)
