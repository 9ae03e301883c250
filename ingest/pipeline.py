"""The steps of an ingest in order, from files and addresses to a published generation."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingest.domain import Article, Failure
from ingest.fetch import FetchLimits
from ingest.index import manifest as manifests
from ingest.index.builder import embedder_of
from ingest.index.chroma_address import ChromaAddress
from ingest.index.generations import Generations, WriterLock
from ingest.index.ledger import FileState, Ledger, LedgerRow
from ingest.places import prunable, size_of
from ingest.publish import Publisher, Tools
from ingest.read import find_files
from ingest.read.decode import path_text
from ingest.reading import Found, Reading, Readings, Task, local_readings
from ingest.report import Report


@dataclass(frozen=True)
class Options:
    """How to run.

    Attributes:
        prune: Remove articles whose files are gone from the folders named.
        force: Prune a folder even if it is missing or has no article file.
        checkpoint_s: Publish what is done after this many seconds, and go on.
        limits: What may be fetched.
        readings: What reads, describes and splits: here, or on a cluster.
        server: Where the vectors shall be; None for the data folder.
        stop: Asked between articles; true ends the run after publishing what is done, and what it
            raises ends it at once.
        progress: Called with the report as it grows.
        published: Called after each publication.
    """

    prune: bool = False
    force: bool = False
    checkpoint_s: float = 60.0
    limits: FetchLimits = field(default_factory=FetchLimits)
    readings: Readings = local_readings
    server: ChromaAddress | None = None
    stop: Callable[[], bool] = lambda: False
    progress: Callable[[Report], None] = lambda _report: None
    published: Callable[[], None] = lambda: None


def ingest(places: Sequence[Path | str], data_dir: Path, tools: Tools, options: Options) -> Report:
    """Bring files, folders and web addresses into the index.

    Args:
        places: Files, folders to walk, and addresses as text.
        data_dir: Where the index is or shall be.
        tools: Makes the embedder when it is needed.
        options: How to run.

    Returns:
        What was done; articles that failed are in `failures`, the rest are in the index.

    Raises:
        SettingsError: A path does not exist, or a folder to prune has no article file.
        WriterBusy: Another ingest is running on this index.
        IndexUnavailable: The index cannot be read or written; what was published stays.
    """
    started = time.monotonic()
    paths = [place for place in places if isinstance(place, Path)]
    pruned = prunable(paths, data_dir, options.force) if options.prune else []
    walked = [path for path in paths if os.path.exists(path) or path not in pruned]
    # Walked twice, first for its size, so that no list of a million files is held.
    report = Report(total_bytes=sum(map(size_of, find_files(walked, data_dir))))
    lock = WriterLock(data_dir)
    try:
        run = _Run(Generations(data_dir, options.server), tools, options, report)
        addresses = [place for place in places if isinstance(place, str)]
        run.go(find_files(walked, data_dir), addresses, pruned)
    finally:
        lock.release()
    report.seconds = time.monotonic() - started
    return report


class _Run:
    """One ingest: articles go through it in batches, generations come out of it."""

    def __init__(
        self, generations: Generations, tools: Tools, options: Options, report: Report
    ) -> None:
        self.report = report
        self._generations = generations
        self._tools = tools
        self._options = options
        generations.remove_garbage()
        self._base = _verified(generations)
        self._ledger = Ledger(self._base)
        self._publisher = Publisher(generations, self._ledger, tools, report)
        self._bytes_before = 0

    def go(self, files: Iterator[Path], addresses: Sequence[str], pruned: Sequence[Path]) -> None:
        with self._cleaned_up():
            task = self._task(files, addresses)
            # Where it is left early, what reads ahead ends too.
            with closing(self._options.readings(task)) as readings:
                for reading in readings:
                    self._take(reading)
                    if self._is_stopped():
                        break
            self._publisher.index_batch(self._is_stopped)
            if not self.report.interrupted:
                self._settle(frozenset(path_text(path.resolve()) for path in pruned))
            self._publisher.publish(settled=not self.report.interrupted)
            self._options.published()
        self.report.generation = self._generations.current() or 0

    def _task(self, files: Iterator[Path], addresses: Sequence[str]) -> Task:
        current = self._generations.current()
        return Task(
            files=files,
            addresses=addresses,
            limits=self._options.limits,
            pieces=self._tools.pieces,
            stop=self._is_stopped,
            position=self._watch,
            ledger=self._ledger,
            base=self._base,
            required=None if current is None else embedder_of(self._generations, current),
        )

    def _watch(self, position: int) -> None:
        self.report.read_bytes = self._bytes_before + position

    @contextmanager
    def _cleaned_up(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._publisher.abandon()
            raise
        finally:
            self._publisher.close()
            self._ledger.close()

    def _is_stopped(self) -> bool:
        # Asked in the embedding threads too, so it is only ever set.
        if self._options.stop():
            self.report.interrupted = True
        return self.report.interrupted

    def _take(self, reading: Reading) -> None:
        """Take every article of a source, unless it is as it was."""
        if reading.problem is not None:
            self._fail(reading.problem)
            self._ledger.finish(reading.origin, "failed", None)
        else:
            digest = reading.digest
            unchanged = self._ledger.skip(reading.origin, digest) if digest else None
            self.report.unchanged += unchanged or 0
            if unchanged is None and not self._is_stopped():
                self._take_articles(reading)
        self._bytes_before += reading.size
        self._watch(0)
        self._options.progress(self.report)

    def _take_articles(self, reading: Reading) -> None:
        """Take what is in a source; remember its digest when all went in as its own."""
        failed, rolling = self.report.failed, reading.rolling
        clean = True
        for item in reading.articles():
            taken = self._take_article(item, rolling) if isinstance(item, Found) else False
            if isinstance(item, Failure):
                self._fail(item)
            clean = taken and clean
            self._options.progress(self.report)
            if self._is_stopped():
                return
        if self._is_stopped():
            # It may have ended early.
            return
        if self.report.failed > failed:
            self._ledger.finish(reading.origin, "failed", None)
            return
        state: FileState = "rolling" if rolling else "whole"
        self._ledger.finish(reading.origin, state, reading.digest if clean else None)

    def _take_article(self, item: Found, rolling: bool) -> bool:
        """Take one article; false when this file need not be the one that holds it."""
        article = item.article
        known = self._ledger.known(article.article_id)
        if self._is_repeated(article) or (rolling and self._is_shorter(article, known)):
            return False
        row = _row(article)
        if known is not None and known.fingerprint == article.fingerprint:
            self._ledger.meet(row)
            self.report.unchanged += 1
            return known.origin == article.origin
        self._publisher.expect()
        passages = item.passages()
        if isinstance(passages, Failure):
            return self._fail(passages)
        self._ledger.meet(row)
        self._publisher.take(article, passages)
        if self._publisher.is_full:
            self._publisher.index_batch(self._is_stopped)
            if not self.report.interrupted and self._publisher.is_due(self._options.checkpoint_s):
                self._publisher.publish()
                self._options.published()
        return True

    def _is_repeated(self, article: Article) -> bool:
        """Notice an article that this run has met before, and say so when the two differ."""
        earlier = self._ledger.met(article.article_id)
        if earlier is None:
            return False
        if earlier.fingerprint == article.fingerprint:
            self.report.duplicate += 1
            return True
        reason = (
            f"it claims the same address as {earlier.origin} ({article.url}) but has another text; "
            "correct one of the two"
        )
        self._fail(Failure(article.origin, "index", reason))
        return True

    def _is_shorter(self, article: Article, known: LedgerRow | None) -> bool:
        """Keep an article that another source gave whole, where a feed has its summary."""
        if known is None or known.origin == article.origin or len(article.text) >= known.chars:
            return False
        self._ledger.meet(known)
        self.report.duplicate += 1
        return True

    def _settle(self, pruned: frozenset[str]) -> None:
        """Follow articles that moved, and remove those that are gone."""
        for row in self._ledger.moved():
            self._publisher.move(row.article_id, row.origin)
        for article_id in self._ledger.vanished(pruned):
            self._publisher.remove(article_id)

    def _fail(self, failure: Failure) -> bool:
        self.report.fail(failure)
        return False


def _row(article: Article) -> LedgerRow:
    return LedgerRow(article.article_id, article.fingerprint, article.origin, len(article.text))


def _verified(generations: Generations) -> Path | None:
    """Return the folder of the generation in use, its files being what was published."""
    current = generations.current()
    if current is None:
        return None
    folder = generations.path(current)
    manifests.verify(folder, manifests.read(folder))
    return folder
