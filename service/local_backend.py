"""What the HTTP routes and the command line ask, over an index on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeVar

import anyio.to_thread

from ingest.errors import IndexUnavailable
from ingest.index.library import Library
from ingest.index.reader import IndexReader
from service import browse
from service.answer import answer
from service.computing import compute
from service.domain import Answer, Question
from service.errors import AnswerNotFound
from service.examples import Examples
from service.feedback import FeedbackBook, Rating
from service.feedback.desk import FeedbackDesk
from service.holdings import ArticleDetail, ArticlePage, Readiness, Stats
from service.listening import Listener
from service.local import LocalRetriever
from service.query.followup import Condenser
from service.search_result import SearchResult
from service.sentinel import Sentinel
from service.vitals import IndexSize, Vitals
from service.writers.writer import Writer

T = TypeVar("T")

SENTINEL = "What was reported?"


class LocalBackend:
    """What the HTTP routes and the command line ask."""

    def __init__(
        self,
        library: Library,
        retriever: LocalRetriever,
        writer: Writer,
        feedback: FeedbackBook,
        condenser: Condenser | None = None,
    ) -> None:
        """Take the wired parts; see `service.bootstrap`."""
        self._library = library
        self._retriever = retriever
        self._writer = writer
        self._book = feedback
        self._feedback = FeedbackDesk(feedback)
        self._examples = Examples()
        self._sentinel = Sentinel(lambda: self.search(Question(SENTINEL, k=1)))
        self._condenser = condenser

    async def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        """See Backend.ask."""
        found = await answer(question, self._retriever, self._writer, self._condenser, listener)
        await self._feedback.remember(question, found)
        return found

    async def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """Keep what a reader thinks of one of the latest answers.

        Not of one that shows an article which was taken out since: it would bring back its text.
        """
        shown = list(await self._feedback.shown_by(answer_id))
        if len(await self._read(lambda reader: reader.articles(shown))) < len(shown):
            raise AnswerNotFound(f"answer {answer_id!r} shows an article that is gone")
        await self._feedback.rate(answer_id, rating, comment)

    async def search(self, question: Question) -> SearchResult:
        """Return the `question.k` passages that matter most, best first."""
        found = await self._retriever.retrieve(
            question.text, question.filters, question.k, question.disregard
        )
        return SearchResult(results=found.hits, undated=found.undated, understood=found.understood)

    async def articles(self, limit: int, cursor: str | None, outlet: str | None) -> ArticlePage:
        """Return at most `limit` articles that follow `cursor`."""
        return await self._read(lambda reader: browse.article_page(reader, limit, cursor, outlet))

    async def article(self, article_id: str) -> ArticleDetail:
        """Return one article with its text."""
        return await self._read(lambda reader: browse.article(reader, article_id))

    async def stats(self) -> Stats:
        """Return what the index holds."""
        kind = self._writer.info.kind
        return await self._read(
            lambda reader: browse.stats(reader, kind, self._examples.of(reader))
        )

    async def _read(self, use: Callable[[IndexReader], T]) -> T:
        return await compute(self._library.run, use)

    def readiness(self) -> Readiness:
        """Return whether a generation is open, and what is degraded."""
        serving = self._library.serving
        closed = None if serving is not None else "no generation of the index is open"
        reason = closed or self._retriever.problem or self._sentinel.problem
        return Readiness(
            ready=reason is None,
            generation=serving,
            degraded=[*self._library.degraded, *self._feedback.degraded],
            reason=reason,
        )

    def vitals(self) -> Vitals:
        """See Backend.vitals."""
        manifest = self._library.manifest
        size = IndexSize()
        if manifest is not None:
            size_bytes = sum(file.size for file in manifest.files.values())
            counts = manifest.articles, manifest.stories, manifest.passages
            size = IndexSize(*counts, size_bytes)
        return Vitals(self.readiness(), size, self._writer.chat_state)

    def lifespan(self, poll_s: float) -> Callable[[object], AbstractAsyncContextManager[None]]:
        """Return what a server enters before its first request and leaves after its last."""

        @asynccontextmanager
        async def live(_app: object) -> AsyncIterator[None]:
            await anyio.to_thread.run_sync(self._start, poll_s)
            await self._sentinel.once()
            watching = asyncio.create_task(self._sentinel.watch())
            try:
                yield
            finally:
                watching.cancel()
                await self.aclose()

        return live

    def _start(self, poll_s: float) -> None:
        """Open what answers stand on: the index, which is followed, the models, the ratings."""
        self._book.open()
        # A missing or damaged index keeps nobody from starting: questions get the reason, and an
        # ingest or a rebuild mends it without a restart.
        self._library.catch_up()
        with suppress(IndexUnavailable):
            self._retriever.warm()
        self._writer.warm()
        self._library.follow(poll_s)

    async def aclose(self) -> None:
        """Release the writer's connections, the ratings and the index."""
        await self._writer.aclose()
        await self._feedback.aclose()
        await anyio.to_thread.run_sync(self._library.close)
