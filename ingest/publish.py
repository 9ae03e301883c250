"""Articles to published generations: embedded in batches, written, checked, put in use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from ingest.chunk import TokenCounter
from ingest.dedupe import signature
from ingest.domain import Article, EmbedderId, Passage
from ingest.embed.background import BackgroundEmbedder, Embedding, Vectors
from ingest.embed.embedder import Embedder, embed_input
from ingest.index.builder import GenerationBuilder, embedder_of
from ingest.index.generations import Generations
from ingest.index.ledger import Ledger
from ingest.index.rows import Indexed
from ingest.report import Report

# Between two batches an ingest can publish: at 40 passages a second every six seconds.
BATCH_PASSAGES = 256

Described = tuple[Article, list[Passage]]


class Tools(Protocol):
    """What is slow to load and only needed once there is something to embed."""

    def embedder(self, required: EmbedderId | None) -> Embedder:
        """Return the embedder; `required` is what the index at hand was made with."""
        ...

    def pieces(self) -> TokenCounter:
        """Return what counts the embedder's word pieces."""
        ...


class Publisher:
    """Takes articles and changes, and turns them into generations. For one thread."""

    def __init__(
        self, generations: Generations, ledger: Ledger, tools: Tools, report: Report
    ) -> None:
        """Open nothing yet: a run that changes nothing makes no generation."""
        self._generations = generations
        self._ledger = ledger
        self._tools = tools
        self._report = report
        self._batch: list[Described] = []
        self._waiting = 0
        self._embedder: BackgroundEmbedder | None = None
        self._embedding: tuple[list[Described], Embedding] | None = None
        self._dropped = False
        self._builder: GenerationBuilder | None = None
        self._published_at = time.monotonic()
        self._publish_took = 0.0

    @property
    def is_full(self) -> bool:
        """Whether there is enough for a batch."""
        return self._waiting >= BATCH_PASSAGES

    def expect(self) -> None:
        """Begin to load the embedder: an article is coming."""
        self._background()

    def take(self, article: Article, passages: list[Passage]) -> None:
        """Put an article in the next batch."""
        self._batch.append((article, passages))
        self._waiting += len(passages)

    def index_batch(self, stop: Callable[[], bool]) -> None:
        """Have what waits embedded, and meanwhile write down the batch before it.

        Soon after `stop` says so, articles are dropped that have not been embedded.
        """
        if not self._batch:
            return
        inputs = [embed_input(passage) for _, passages in self._batch for passage in passages]
        begun = (self._batch, self._background().begin(inputs, stop))
        self._batch = []
        self._waiting = 0
        self._write_down()
        self._embedding = begun

    def _write_down(self) -> None:
        if self._embedding is None:
            return
        (batch, embedding), self._embedding = self._embedding, None
        builder, vectors = self._open_builder(), embedding.result()
        self._dropped = self._dropped or None in vectors
        for entry in _complete(batch, vectors):
            known = self._ledger.known(entry.article.article_id)
            builder.put(entry)
            self._report.updated += known is not None
            self._report.added += known is None
            self._report.passages += len(entry.passages)

    def move(self, article_id: str, origin: str) -> None:
        """Write down that an unchanged article now comes from another file."""
        self._open_builder().move(article_id, origin)

    def remove(self, article_id: str) -> None:
        """Remove an article."""
        self._open_builder().remove(article_id)
        self._report.removed += 1

    def is_due(self, checkpoint_s: float) -> bool:
        """Keep the time spent publishing, which grows with the index, under a tenth."""
        elapsed = time.monotonic() - self._published_at
        return elapsed > max(checkpoint_s, 10 * self._publish_took)

    def publish(self, settled: bool = False) -> None:
        """Publish what was changed, if anything was.

        Args:
            settled: Whether what vanished from the files read is removed.

        Raises:
            IndexDamaged: The check found something; what was published before stays.
            StorageFull: The disk is full; what was published before stays.
        """
        if self._embedding is not None:
            self._open_builder().begin_check()
        self._write_down()
        started = time.monotonic()
        builder, self._builder = self._builder, None
        if builder is not None and not builder.changed:
            builder.abandon()
        elif builder is not None:
            try:
                # It is not known whose articles were dropped.
                whole = [] if self._dropped else self._ledger.fresh_digests(settled)
                builder.catalog.set_files(whole)
                builder.publish()
            except BaseException:
                builder.abandon()
                raise
        self._published_at = time.monotonic()
        self._publish_took = self._published_at - started

    def abandon(self) -> None:
        """Throw away what was not published."""
        self.close()
        if self._builder is not None:
            self._builder.abandon()

    def close(self) -> None:
        """Wait for what is being embedded, and begin nothing else."""
        if self._embedder is not None:
            self._embedder.close()

    def _open_builder(self) -> GenerationBuilder:
        if self._builder is None:
            current = self._generations.current()
            embedder = self._background().identity
            self._builder = GenerationBuilder(self._generations, embedder, current)
        return self._builder

    def _background(self) -> BackgroundEmbedder:
        if self._embedder is None:
            self._embedder = BackgroundEmbedder(self._load)
        return self._embedder

    def _load(self) -> Embedder:
        current = self._generations.current()
        required = None if current is None else embedder_of(self._generations, current)
        return self._tools.embedder(required)


def _complete(batch: Sequence[Described], vectors: Sequence[Vectors]) -> Iterator[Indexed]:
    """Yield the articles of which all passages have their vectors."""
    end = 0
    for article, passages in batch:
        start, end = end, end + len(passages)
        own = tuple(found for found in vectors[start:end] if found is not None)
        if len(own) == len(passages):
            yield Indexed(article, tuple(passages), own, signature(article.text))
