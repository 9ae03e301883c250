"""The steps of an ingest in order, from paths to a published generation, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from ingest.chunk import TokenCounter, chunk
from ingest.dedupe import signature
from ingest.describe import describe
from ingest.domain import Article, EmbedderId, Failure, Passage, RawArticle, Span, Step
from ingest.embed.embedder import Embedder, EmbedInput
from ingest.errors import SettingsError
from ingest.index import manifest as manifests
from ingest.index.builder import GenerationBuilder, embedder_of
from ingest.index.catalog import Catalog, LedgerRow
from ingest.index.generations import Generations, WriterLock
from ingest.index.rows import Indexed
from ingest.read import find_files, read
from ingest.read.decode import path_text
from ingest.report import Report

# Between two batches an ingest can stop or publish: at 40 passages a second every six seconds.
BATCH_PASSAGES = 256

A = TypeVar("A")
B = TypeVar("B")


class Tools(Protocol):
    """What is slow to load and only needed once there is something to embed."""

    def embedder(self, required: EmbedderId | None) -> Embedder:
        """Return the embedder; `required` is what the index at hand was made with."""
        ...

    def pieces(self) -> TokenCounter:
        """Return what counts the embedder's word pieces."""
        ...


@dataclass(frozen=True)
class Options:
    """How to run.

    Attributes:
        prune: Remove articles whose files are gone from the folders named.
        checkpoint_s: Publish what is done after this many seconds, and go on.
        stop: Asked between articles; true ends the run after publishing what is done.
        progress: Called with the report as it grows.
    """

    prune: bool = False
    checkpoint_s: float = 60.0
    stop: Callable[[], bool] = lambda: False
    progress: Callable[[Report], None] = lambda _report: None


def ingest(paths: Sequence[Path], data_dir: Path, tools: Tools, options: Options) -> Report:
    """Bring files and folders into the index.

    Args:
        paths: Files, or folders to walk.
        data_dir: Where the index is or shall be.
        tools: Makes the embedder when it is needed.
        options: How to run.

    Returns:
        What was done; articles that failed are in `failures`, the rest are in the index.

    Raises:
        SettingsError: A path does not exist.
        WriterBusy: Another ingest is running on this index.
        IndexUnavailable: The index cannot be read or written; what was published stays.
    """
    started = time.monotonic()
    files = list(find_files(paths, data_dir))
    if options.prune and not files:
        named = ", ".join(map(str, paths))
        raise SettingsError(f"there is no article in {named}: nothing is removed")
    lock = WriterLock(data_dir)
    try:
        run = _Run(Generations(data_dir), tools, options)
        run.go(paths, files)
        run.report.seconds = time.monotonic() - started
        return run.report
    finally:
        lock.release()


class _Run:
    """One ingest: articles go through it in batches, generations come out of it."""

    def __init__(self, generations: Generations, tools: Tools, options: Options) -> None:
        self.report = Report()
        self._generations = generations
        self._tools = tools
        self._options = options
        self._batch: list[tuple[Article, list[Passage]]] = []
        self._seen: dict[str, LedgerRow] = {}
        self._builder: GenerationBuilder | None = None
        self._embedder: Embedder | None = None
        generations.remove_garbage()
        self._known = _known(generations)
        self._whole: set[str] = set()
        self._failed: set[str] = set()
        self._published_at = time.monotonic()
        self._publish_took = 0.0

    def go(self, paths: Sequence[Path], files: Sequence[Path]) -> None:
        with self._cleaned_up():
            for path in files:
                self._take_file(path)
                if self.report.interrupted:
                    break
            self._index_batch()
            if not self.report.interrupted:
                self._follow_moved()
                self._remove_vanished(paths)
            self._publish()
        self.report.generation = self._generations.current() or 0

    def _take_file(self, path: Path) -> None:
        failed = len(self.report.failures)
        for item in _read(path):
            self._take(item)
            self._options.progress(self.report)
            if self._options.stop():
                self.report.interrupted = True
                return
        whole = len(self.report.failures) == failed
        (self._whole if whole else self._failed).add(path_text(path))

    @contextmanager
    def _cleaned_up(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            if self._builder is not None:
                self._builder.abandon()
            raise

    def _take(self, item: RawArticle | Failure) -> None:
        described = _guarded(describe, item) if isinstance(item, RawArticle) else item
        if isinstance(described, Failure):
            self.report.failures.append(described)
            return
        if self._is_repeated(described) or self._is_unchanged(described):
            return
        pieces = self._tools.pieces()
        passages = _guarded(lambda article: chunk(article, pieces), described)
        if isinstance(passages, Failure):
            self.report.failures.append(passages)
            return
        self._batch.append((described, passages))
        if sum(len(passages) for _, passages in self._batch) >= BATCH_PASSAGES:
            self._index_batch()
            if self._checkpoint_is_due():
                self._publish()

    def _is_unchanged(self, article: Article) -> bool:
        known = self._known.get(article.article_id)
        if known is None or known.fingerprint != article.fingerprint:
            return False
        self.report.unchanged += 1
        return True

    def _checkpoint_is_due(self) -> bool:
        """Keep the time spent publishing, which grows with the index, under a tenth."""
        elapsed = time.monotonic() - self._published_at
        return elapsed > max(self._options.checkpoint_s, 10 * self._publish_took)

    def _is_repeated(self, article: Article) -> bool:
        """Notice an article that this run has met before, and say so when the two differ."""
        row = LedgerRow(article.article_id, article.fingerprint, article.origin)
        earlier = self._seen.setdefault(article.article_id, row)
        if earlier is row:
            return False
        if earlier.fingerprint == article.fingerprint:
            self.report.duplicate += 1
            return True
        reason = (
            f"it claims the same address as {earlier.origin} ({article.url}) but has another text; "
            "correct one of the two"
        )
        self.report.failures.append(Failure(article.origin, "index", reason))
        return True

    def _index_batch(self) -> None:
        if not self._batch:
            return
        builder = self._open_builder()
        assert self._embedder is not None
        entries = list(_embed(self._batch, self._embedder))
        for entry in entries:
            builder.put(entry)
            if entry.article.article_id in self._known:
                self.report.updated += 1
            else:
                self.report.added += 1
            self.report.passages += len(entry.passages)
        self._batch.clear()
        self._options.progress(self.report)

    def _follow_moved(self) -> None:
        """Write down the new file of an unchanged article that its old file no longer holds."""
        for row in self._seen.values():
            known = self._known.get(row.article_id)
            if known is None or known.origin == row.origin:
                continue
            left = known.origin in self._whole or not Path(known.origin).exists()
            if left and known.fingerprint == row.fingerprint:
                self._open_builder().move(row.article_id, row.origin)

    def _remove_vanished(self, paths: Sequence[Path]) -> None:
        """Remove what a file that was read to its end no longer holds, and what prune asks for."""
        pruned = [path.resolve() for path in paths if self._options.prune and path.is_dir()]
        folders = {path_text(folder) for folder in pruned}
        for row in self._known.values():
            around = {row.origin, *map(str, Path(row.origin).parents)}
            gone = row.origin in self._whole or not folders.isdisjoint(around)
            # What a file, or a folder above it, gave before stays when it cannot be read now.
            if gone and row.article_id not in self._seen and self._failed.isdisjoint(around):
                self._open_builder().remove(row.article_id)
                self.report.removed += 1

    def _open_builder(self) -> GenerationBuilder:
        if self._builder is None:
            current = self._generations.current()
            if self._embedder is None:
                required = None if current is None else embedder_of(self._generations, current)
                self._embedder = self._tools.embedder(required)
            self._builder = GenerationBuilder(self._generations, self._embedder.identity, current)
        return self._builder

    def _publish(self) -> None:
        started = time.monotonic()
        if self._builder is not None and self._builder.changed:
            self._builder.publish()
            self._builder = None
        self._published_at = time.monotonic()
        self._publish_took = self._published_at - started


def _known(generations: Generations) -> dict[str, LedgerRow]:
    """Return what is known of every article in the generation in use, by article id."""
    current = generations.current()
    if current is None:
        return {}
    folder = generations.path(current)
    manifests.verify(folder, manifests.read(folder))
    catalog = Catalog(folder)
    try:
        return {row.article_id: row for row in catalog.ledger()}
    finally:
        catalog.close()


def _read(path: Path) -> Iterator[RawArticle | Failure]:
    try:
        yield from read(path)
    except Exception as error:
        yield Failure(path_text(path), "read", f"unexpected {type(error).__name__}: {error}")


def _guarded(step: Callable[[A], B], item: A) -> B | Failure:
    """Run a step on one article; whatever goes wrong with it stops no other."""
    try:
        return step(item)
    except Exception as error:
        reason = f"unexpected {type(error).__name__}: {error}"
        name: Step = "chunk" if isinstance(item, Article) else "describe"
        return Failure(getattr(item, "origin", ""), name, reason)


def _embed(batch: Sequence[tuple[Article, list[Passage]]], embedder: Embedder) -> Iterator[Indexed]:
    for article, passages in batch:
        # An int8 vector depends a little on what else is in its batch. With one article a batch,
        # a run that was killed and started again gives the vectors of an undisturbed one.
        vectors = embedder.embed([embed_input(passage) for passage in passages])
        yield Indexed(article, tuple(passages), tuple(vectors), signature(article.text))


def embed_input(passage: Passage) -> EmbedInput:
    """Return the text that is embedded for a passage, header first, and its sentences in it."""
    prefix = f"{passage.header}\n" if passage.header else ""
    shift = len(prefix) - passage.start
    spans = tuple(Span(s.start + shift, s.end + shift) for s in passage.sentences)
    return EmbedInput(prefix + passage.text, spans)
