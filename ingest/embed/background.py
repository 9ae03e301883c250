"""Embeds while the caller goes on reading and writing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from ingest.domain import EmbedderId, PassageVectors
from ingest.embed.embedder import Embedder, EmbedInput

TEXTS_AT_ONCE = 64
"""A kill loses what is under way, and a stop waits for it."""
STOP_GRACE_S = 3.0

Vectors = PassageVectors | None
"""None is for a text that a stop left out."""


@dataclass(frozen=True)
class Embedding:
    """Texts that are being embedded.

    Attributes:
        size: How many texts.
        groups: Where the texts of a group stand among all, and what will come of it.
    """

    size: int
    groups: Sequence[tuple[Sequence[int], Future[list[Vectors]]]]

    def result(self) -> list[Vectors]:
        """Wait, and return the vectors of each text in the order given.

        Raises:
            EmbeddingFailed: The embedder failed.
            IndexUnavailable: What was embedded cannot be kept.
        """
        vectors: list[Vectors] = [None] * self.size
        for places, group in self.groups:
            for place, found in zip(places, group.result(), strict=True):
                vectors[place] = found
        return vectors


class BackgroundEmbedder:
    """An embedder with as many threads as it can use, itself loaded in one. For one caller.

    Each thread takes groups of texts of like length one after another: a group is too small to be
    shared out without threads that wait.
    """

    def __init__(self, load: Callable[[], Embedder]) -> None:
        """Begin to load the embedder."""
        self._loader = ThreadPoolExecutor(1, "loading")
        self._embedder = self._loader.submit(load)
        self._workers: ThreadPoolExecutor | None = None
        self._end: float | None = None

    @property
    def identity(self) -> EmbedderId:
        """What the vectors depend on; waits until the embedder is loaded, or raises why not."""
        return self._embedder.result().identity

    def begin(
        self, inputs: Sequence[EmbedInput], stop: Callable[[], bool] = lambda: False
    ) -> Embedding:
        """Have texts embedded, after those of earlier calls; waits until the embedder is loaded.

        Args:
            inputs: The texts.
            stop: Asked in other threads; groups that begin STOP_GRACE_S after it first said so are
                left out.
        """
        embedder = self._embedder.result()
        if self._workers is None:
            self._workers = ThreadPoolExecutor(embedder.lanes, "embedding")
        size = max(1, TEXTS_AT_ONCE // embedder.lanes)
        # Equal texts next to each other, which an embedder with a cache embeds once.
        order = sorted(range(len(inputs)), key=lambda n: (len(inputs[n].text), inputs[n].text))
        groups = [order[start : start + size] for start in range(0, len(order), size)]
        futures = [
            self._workers.submit(self._embed, embedder, [inputs[n] for n in group], stop)
            for group in groups
        ]
        return Embedding(len(inputs), list(zip(groups, futures, strict=True)))

    def close(self) -> None:
        """Wait for the groups under way and leave out those that have not begun."""
        for threads in (self._loader, self._workers):
            if threads is not None:
                threads.shutdown(wait=True, cancel_futures=True)

    def _embed(
        self, embedder: Embedder, group: Sequence[EmbedInput], stop: Callable[[], bool]
    ) -> list[Vectors]:
        if stop():
            self._end = self._end or time.monotonic() + STOP_GRACE_S
        if self._end is not None and time.monotonic() > self._end:
            return [None] * len(group)
        return list(embedder.embed(group))
