"""The use cases over an index on this machine."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeVar

import anyio.to_thread
import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId, Filters
from ingest.embed.embedder import Embedder
from ingest.errors import IndexUnavailable
from ingest.index.library import Library
from ingest.index.reader import IndexReader
from service import browse
from service.answer import Retrieval, answer
from service.domain import (
    Answer,
    ArticleDetail,
    ArticlePage,
    Passage,
    Question,
    Readiness,
    SearchResult,
    Stats,
    Understood,
)
from service.feedback import FeedbackBook, Rating
from service.query import standalone
from service.retrieve import retrieve
from service.writers.words import content_terms
from service.writers.writer import Evidence, Writer

T = TypeVar("T")


class LocalRetriever:
    """Finds passages in a library, with the embedder that its open generation names."""

    def __init__(self, library: Library, make: Callable[[EmbedderId], Embedder]) -> None:
        """Take the library and what makes an embedder of a given identity."""
        self._library = library
        self._make = make
        self._embedders: dict[EmbedderId, Embedder] = {}
        self._lock = threading.Lock()
        self._problem: tuple[int | None, str] | None = None

    async def retrieve(self, text: str, filters: Filters, k: int) -> Retrieval:
        """Return at most `k` passages for a question that stands alone, best first."""
        return await anyio.to_thread.run_sync(self._retrieve, text, filters, k)

    def _retrieve(self, text: str, filters: Filters, k: int) -> Retrieval:
        def find(reader: IndexReader) -> Retrieval:
            vector = self._embedder(reader).embed_query(text)
            passages = retrieve(reader, text, vector, filters, k)
            evidence = _evidence(reader, text, vector, passages)
            return Retrieval(evidence, browse.coverage(reader), self._library.degraded)

        try:
            found = self._library.run(find)
        except IndexUnavailable as error:
            self._problem = (self._library.serving, str(error))
            raise
        self._problem = None
        return found

    @property
    def problem(self) -> str | None:
        """Why the last search failed; None once one succeeds or another generation serves."""
        if self._problem is None or self._problem[0] != self._library.serving:
            return None
        return self._problem[1]

    def _embedder(self, reader: IndexReader) -> Embedder:
        identity = reader.manifest.embedder.identity()
        with self._lock:
            if identity not in self._embedders:
                self._embedders[identity] = self._make(identity)
            return self._embedders[identity]

    def warm(self) -> None:
        """Load everything that the first question would wait for.

        Raises:
            IndexUnavailable: There is no index, or it cannot be read.
        """
        self._retrieve("warm up", Filters(), 1)


def _evidence(
    reader: IndexReader, text: str, vector: NDArray[np.float32], passages: list[Passage]
) -> Evidence:
    rarity = reader.rarity(content_terms(text))
    closeness = [[float(s.vector @ vector) for s in passage.sentences] for passage in passages]
    return Evidence(text, passages, rarity, closeness)


class LocalBackend:
    """What the HTTP routes and the command line ask."""

    def __init__(
        self, library: Library, retriever: LocalRetriever, writer: Writer, feedback: FeedbackBook
    ) -> None:
        """Take the wired parts; see `service.bootstrap`."""
        self._library = library
        self._retriever = retriever
        self._writer = writer
        self._feedback = feedback

    async def ask(self, question: Question) -> Answer:
        """Return the answer, or an abstention."""
        found = await answer(question, self._retriever, self._writer)
        self._feedback.remember(question, found)
        return found

    async def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """Keep what a reader thinks of one of the latest answers."""
        await anyio.to_thread.run_sync(self._feedback.rate, answer_id, rating, comment)

    async def search(self, question: Question) -> SearchResult:
        """Return the `question.k` passages that matter most, best first."""
        filters = question.filters
        found = await self._retriever.retrieve(standalone(question), filters, question.k)
        after, before = filters.published_after, filters.last_day
        return SearchResult(
            results=[passage.source for passage in found.evidence.passages],
            understood=Understood(
                outlets=list(filters.outlets),
                after=after.isoformat() if after else None,
                before=before.isoformat() if before else None,
            ),
        )

    async def articles(self, limit: int, cursor: str | None, outlet: str | None) -> ArticlePage:
        """Return at most `limit` articles that follow `cursor`."""
        return await self._read(lambda reader: browse.article_page(reader, limit, cursor, outlet))

    async def article(self, article_id: str) -> ArticleDetail:
        """Return one article with its text."""
        return await self._read(lambda reader: browse.article(reader, article_id))

    async def stats(self) -> Stats:
        """Return what the index holds."""
        return await self._read(lambda reader: browse.stats(reader, self._writer.info.kind))

    async def _read(self, use: Callable[[IndexReader], T]) -> T:
        return await anyio.to_thread.run_sync(self._library.run, use)

    def readiness(self) -> Readiness:
        """Return whether a generation is open, and what is degraded."""
        serving = self._library.serving
        closed = None if serving is not None else "no generation of the index is open"
        reason = closed or self._retriever.problem
        return Readiness(
            ready=reason is None,
            generation=serving,
            degraded=self._library.degraded,
            reason=reason,
        )

    def lifespan(self, poll_s: float) -> Callable[[object], AbstractAsyncContextManager[None]]:
        """Return what a server enters before its first request and leaves after its last."""

        @asynccontextmanager
        async def live(_app: object) -> AsyncIterator[None]:
            await anyio.to_thread.run_sync(self._start, poll_s)
            try:
                yield
            finally:
                await self.aclose()

        return live

    def _start(self, poll_s: float) -> None:
        """Open the index, load the embedder, and follow new generations."""
        # A missing or damaged index keeps nobody from starting: questions get the reason, and an
        # ingest or a rebuild mends it without a restart.
        with suppress(IndexUnavailable):
            self._retriever.warm()
        self._library.follow(poll_s)

    async def aclose(self) -> None:
        """Release the writer's connections and the index."""
        await self._writer.aclose()
        await anyio.to_thread.run_sync(self._library.close)
