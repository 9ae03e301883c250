"""What questions cost an open index, measured in a process that does nothing else.

Retrieval is `LocalRetriever.retrieve`: question in, passages out, with the question's embedding.
Beside it, in turn, a bare query of Chroma is timed: `Shards.search` for the same questions' vectors
in a copy of the same shards, unfiltered and without embedding.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio.to_thread

from evals.performance import page_cache
from evals.performance.answers import measure_answers
from evals.performance.measured import Measured, Opening, Row
from evals.performance.memory import Memory, memory
from evals.performance.questions import FILTERED, Asked, Filtered
from evals.performance.timing import Ask, Watch, alternate, alternate_at_once
from ingest.domain import EmbedderId
from ingest.embed.embedder import Embedder
from ingest.embed.select import make_embedder
from ingest.index import manifest as manifests
from ingest.index.catalog import Catalog
from ingest.index.generations import Generations
from ingest.index.library import Library
from ingest.index.shards import Shards
from ingest.index.snapshot import Snapshot
from service.computing import take_turns_sooner
from service.local import LocalRetriever
from service.settings import ServiceSettings

K = 10
# Of the questions, so many are asked beforehand and not timed.
WARMING = 32
METHOD = (
    f"Retrieval is question in, {K} passages out, the question's embedding in it. Chroma is a bare "
    f"query for the {K} vectors nearest to the same questions, in turn with retrieval, without "
    "embedding or filters, in a copy of the same shards of its own."
)
Make = Callable[[EmbedderId], Embedder]


@dataclass(frozen=True)
class Job:
    """What is to be measured.

    Attributes:
        settings: Whose data folder holds the index.
        asked: At least two questions; the first ones warm up.
        clients: How many ask at once.
        limit_s: One measurement takes about so long at most.
    """

    settings: ServiceSettings
    asked: tuple[Asked, ...]
    clients: int
    limit_s: float

    @property
    def warming(self) -> tuple[Asked, ...]:
        """The questions that are asked beforehand."""
        return self.asked[: min(WARMING, len(self.asked) // 2)]

    @property
    def timed(self) -> tuple[Asked, ...]:
        """The others."""
        return self.asked[len(self.warming) :]


def measure(job: Job, make: Make | None = None) -> Measured:
    """Open an index, ask it, and close it.

    Args:
        job: Says which index, and what.
        make: Makes the embedder; None makes it as the settings say.

    Raises:
        IndexUnavailable: The index cannot be read.
    """
    # As the service does.
    take_turns_sooner()
    generations = Generations(job.settings.data_dir)
    folder = generations.path(generations.require_current())
    identity = manifests.read(folder).embedder.identity()
    embedder = make(identity) if make else make_embedder(job.settings, identity)
    embedder.embed_queries(["The first one is slower than all others."])
    with closing(Library(job.settings.data_dir)) as library:
        return asyncio.run(_Bench(job, embedder, library).run(folder))


class _Bench:
    """One index, and what is asked of it."""

    def __init__(self, job: Job, embedder: Embedder, library: Library) -> None:
        self._job = job
        self._embedder = embedder
        self._library = library
        self._retriever = LocalRetriever(library, lambda _: embedder)
        self._without_passages = 0

    async def run(self, folder: Path) -> Measured:
        with_embedder = memory()
        dropped = page_cache.drop(self._job.settings.data_dir)
        started = time.perf_counter()
        self._library.refresh()
        open_s, opened = time.perf_counter() - started, memory()
        first_ms, uncached_ms = await self._first_ms(), await self._uncached_ms()
        warm = await self._warm()
        job = self._job
        answers = await measure_answers(
            self._retriever, job.settings, job.warming, job.timed, job.limit_s
        )
        # Only now: another copy of the vectors is no part of what retrieval holds.
        with _bare(folder, job.settings.data_dir) as shards:
            rows = [row async for row in self._rows(shards)]
        return Measured(
            opening=Opening(
                page_cache=dropped, open_s=open_s, first_ms=first_ms, uncached_ms=uncached_ms
            ),
            with_embedder=with_embedder,
            opened=opened,
            warm=warm,
            rows=tuple(rows),
            answers=answers,
        )

    async def _first_ms(self) -> float:
        watch = Watch()
        await watch.time(self._asking("none"), self._job.asked[0])
        return watch.seconds[0] * 1000

    async def _uncached_ms(self) -> float:
        page_cache.drop(self._job.settings.data_dir)
        watch = Watch()
        await watch.time(self._asking("none"), self._job.asked[1])
        return watch.seconds[0] * 1000

    async def _warm(self) -> Memory:
        job = self._job
        for filtered in FILTERED:
            ask = self._asking(filtered)
            await alternate([ask], job.warming, job.limit_s)
            await alternate_at_once([ask], job.warming, job.clients, job.limit_s)
        return memory()

    async def _rows(self, shards: Shards) -> AsyncIterator[Row]:
        job = self._job
        vectors = {asked.text: self._embedder.embed_queries([asked.text])[0] for asked in job.timed}

        async def embed(asked: Asked) -> object:
            return self._embedder.embed_queries([asked.text])

        async def chroma(asked: Asked) -> object:
            return shards.search(vectors[asked.text], K)

        async def chroma_in_thread(asked: Asked) -> object:
            return await anyio.to_thread.run_sync(shards.search, vectors[asked.text], K)

        for filtered in FILTERED:
            asks = [self._asking(filtered), chroma, embed]
            one = await alternate(asks, job.timed, job.limit_s)
            yield self._row(filtered, 1, one)
            asks = [self._asking(filtered), chroma_in_thread]
            several = await alternate_at_once(asks, job.timed, job.clients, job.limit_s)
            yield self._row(filtered, job.clients, several)

    def _asking(self, filtered: Filtered) -> Ask[Asked]:
        self._without_passages = 0

        async def ask(asked: Asked) -> None:
            found = await self._retriever.retrieve(asked.text, asked.filters(filtered), K)
            self._without_passages += not found.evidence.passages

        return ask

    def _row(self, filtered: Filtered, clients: int, watches: Sequence[Watch]) -> Row:
        retrieval, chroma, *rest = [watch.timing() for watch in watches]
        embedding = rest[0] if rest else None
        share = embedding.p50_ms / retrieval.p50_ms if embedding else None
        return Row(
            filtered=filtered,
            clients=clients,
            retrieval=retrieval,
            chroma=chroma,
            embedding=embedding,
            p50_times=retrieval.p50_ms / chroma.p50_ms,
            p99_times=retrieval.p99_ms / chroma.p99_ms,
            embedding_share=share,
            without_passages=self._without_passages,
        )


@contextmanager
def _bare(folder: Path, data_dir: Path) -> Iterator[Shards]:
    """Open the vectors of a generation alone."""
    with closing(Catalog(folder)) as catalog:
        numbers = catalog.shards()
    with (
        closing(Snapshot(folder, data_dir)) as snapshot,
        closing(Shards(snapshot.folder / "chroma", numbers)) as shards,
    ):
        yield shards
