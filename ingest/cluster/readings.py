"""The sources of an ingest whose workers read, split and embed; decided and published here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.cluster.rows import Begun, Broken, Ended, Failed, Job, Plan, Row, Split, unpacked
from ingest.domain import EmbedderId, Failure, PassageVectors
from ingest.embed.cache import CachingEmbedder
from ingest.embed.embedder import Embedder, EmbedInput
from ingest.embed.select import has_endpoint, identity_of, make_embedder
from ingest.errors import ClusterFailed
from ingest.places import size_of
from ingest.read.decode import path_text
from ingest.reading import Found, Reading, Task, fetched, file_reading, found
from ingest.settings import IndexSettings
from ingest.tools import CACHE_NAME, SettingsTools

SOURCES_AT_ONCE = 50_000
"""The stages start and end once for so many, which takes seconds; their paths are held."""
BYTES_AT_ONCE = 64_000_000
"""Of what addresses gave, which is held too."""


class Workers(Protocol):
    """What runs the stages."""

    def run(self, plan: Plan, jobs: Sequence[Job]) -> Generator[list[bytes], None, None]:
        """Yield the rows of the jobs in order, some at a time; none while there are none yet.

        Closing it ends what runs.

        Raises:
            ClusterFailed: The workers broke down.
        """
        ...


class ClusterTools(SettingsTools):
    """Embeds here only what the workers left out, and gives an ingest what they read."""

    def __init__(
        self, settings: IndexSettings, workers: Workers, threads: int | None = None
    ) -> None:
        """Take the settings, the workers and how many threads may embed here (None: all)."""
        super().__init__(settings, threads)
        self._workers = workers

    def embedder(self, required: EmbedderId | None) -> Embedder:
        """See SettingsTools.embedder; the model is loaded when there is something to embed."""
        identity = identity_of(self._settings, required)

        def load() -> Embedder:
            return make_embedder(self._settings, identity, self._threads)

        return CachingEmbedder(DeferredEmbedder(identity, load), self.cache())

    def readings(self, task: Task) -> Generator[Reading, None, None]:
        """Yield the sources of a task; see ingest.reading.Readings."""
        group: list[Reading | Job] = []
        weight = 0
        for source in self._sources(task):
            if task.stop():
                return
            if not group and not isinstance(source, Job):
                yield source
                continue
            group.append(source)
            weight += source.held if isinstance(source, Job) else 0
            if len(group) >= SOURCES_AT_ONCE or weight >= BYTES_AT_ONCE:
                yield from self._read(group, task)
                group, weight = [], 0
        if group and not task.stop():
            yield from self._read(group, task)

    def _sources(self, task: Task) -> Iterator[Reading | Job]:
        """Yield what workers shall read, and what need not be read or cannot be, in order."""
        number = 0
        for path in task.files:
            number += 1
            before = task.ledger.digest_of(path_text(path))
            reading = None if before is None else file_reading(path, task.stop)
            if reading is not None and (reading.problem or reading.digest == before):
                reading.pieces = task.pieces
                yield reading
            else:
                yield Job(number, path, size_of(path))
        for page in fetched(task):
            number += 1
            yield page if page.problem else Job(number, page.source, 0)

    def _read(self, group: Sequence[Reading | Job], task: Task) -> Iterator[Reading]:
        jobs = [source for source in group if isinstance(source, Job)]
        with closing(self._workers.run(self._plan(task), jobs)) as blocks:
            rows = self._kept(blocks, task.stop)
            for source in group:
                if not isinstance(source, Job):
                    yield source
                    continue
                reading = _WorkersReading(source, rows, task)
                yield reading
                if task.stop():
                    return
                reading.finish()

    def _plan(self, task: Task) -> Plan:
        settings = self._settings
        base = task.base and task.base.absolute()
        identity = identity_of(settings, task.required)
        cache = settings.data_dir.absolute() / CACHE_NAME
        return Plan(_sent(settings), identity, base, cache)

    def _kept(self, blocks: Iterator[list[bytes]], stop: Callable[[], bool]) -> Iterator[Row]:
        """Yield rows one by one, their vectors being in the cache; end early when stopped."""
        for block in blocks:
            if stop():
                return
            rows = unpacked(block)
            vectors = [own for row in rows if isinstance(row, Split) for own in row.vectors]
            if vectors:
                self.cache().put_packed(vectors)
            for row in rows:
                if isinstance(row, Broken):
                    raise row.error
                yield row


class DeferredEmbedder:
    """An embedder that is loaded when something is to be embedded. Safe to use by threads.

    Attributes:
        identity: What the vectors depend on.
    """

    lanes = 1

    def __init__(self, identity: EmbedderId, load: Callable[[], Embedder]) -> None:
        """Take what `load` will make."""
        self.identity = identity
        self._load = load
        self._lock = threading.Lock()
        self._loaded: Embedder | None = None

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        """See Embedder.embed."""
        return self._embedder().embed(inputs)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder.embed_queries."""
        return self._embedder().embed_queries(texts)

    def _embedder(self) -> Embedder:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


class _WorkersReading:
    """A source that workers read; for its members see ingest.reading.Reading."""

    def __init__(self, job: Job, rows: Iterator[Row], task: Task) -> None:
        self._job = job
        self._rows = rows
        self._task = task
        self._ended = False
        self.origin = path_text(job.source) if isinstance(job.source, Path) else job.source.origin
        self.size = job.size
        self.digest: bytes | None = None
        # None where the run is stopped.
        begun = next(rows, None)
        is_mine = isinstance(begun, Begun) and begun.number == job.number
        if not is_mine and (begun is not None or not task.stop()):
            raise _mixed_up(self.origin)
        self.problem = begun.problem if isinstance(begun, Begun) else None
        self.rolling = isinstance(begun, Begun) and begun.rolling
        self._begun_digest = begun.digest if isinstance(begun, Begun) else None

    def articles(self) -> Iterator[Found | Failure]:
        for count, row in enumerate(self._rows):
            if isinstance(row, Ended):
                if (row.number, row.count) != (self._job.number, count):
                    raise _mixed_up(self.origin)
                # Where they differ, a lost worker's place was taken after the source had changed:
                # what came is of both, and the next run reads it again.
                self.digest = row.digest if row.digest == self._begun_digest else None
                self._ended = True
                return
            if not isinstance(row, Split | Failed):
                raise _mixed_up(self.origin)
            self._task.position(min(row.position, self.size))
            yield row.failure if isinstance(row, Failed) else self._found(row)
        if not self._task.stop():
            raise _mixed_up(self.origin)

    def _found(self, row: Split) -> Found:
        passages = row.passages
        if passages is None:
            return found(row.article, self._task.pieces)
        return Found(row.article, lambda: passages)

    def finish(self) -> None:
        """Pass over what nobody asked for."""
        if not self._ended:
            for _ in self.articles():
                pass


def _sent(settings: IndexSettings) -> IndexSettings:
    """Return the settings that workers need; of all others they get the defaults.

    The endpoint and its key go along only where workers embed with them.
    """
    names = {"embedder", "precision", "model_dir", "cache_dir"}
    if has_endpoint(settings):
        names |= {"llm_base_url", "llm_api_key"}
    values = {name: getattr(settings, name) for name in names}
    absolute = {n: value.absolute() for n, value in values.items() if isinstance(value, Path)}
    # Made without looking into the environment.
    return IndexSettings.model_construct(**values | absolute)


def _mixed_up(origin: str) -> ClusterFailed:
    return ClusterFailed(f"the cluster lost or mixed up what it read of {origin!r}; run again")
