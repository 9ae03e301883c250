"""What the routes ask of the service behind them."""

from __future__ import annotations

from typing import Protocol

from service.domain import Answer, Question
from service.feedback import Rating
from service.holdings import ArticleDetail, ArticlePage, Readiness, Stats
from service.listening import Listener
from service.search_result import SearchResult
from service.vitals import Vitals


class Backend(Protocol):
    """The use cases, wired. Every method may raise `ingest.errors.IndexUnavailable`."""

    async def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        """Return the answer, or an abstention; tell the listener of it on the way."""
        ...

    async def search(self, question: Question) -> SearchResult:
        """Return the `question.k` passages that matter most, best first."""
        ...

    async def articles(self, limit: int, cursor: str | None, outlet: str | None) -> ArticlePage:
        """Return at most `limit` articles that follow `cursor`."""
        ...

    async def article(self, article_id: str) -> ArticleDetail:
        """Return one article with its text.

        Raises:
            ArticleNotFound: No article has this id.
        """
        ...

    async def stats(self) -> Stats:
        """Return what the index holds."""
        ...

    async def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """Keep what a reader thinks of one of the latest answers.

        Raises:
            AnswerNotFound: It is none of the latest.
            FeedbackUnavailable: The rating cannot be written.
        """
        ...

    def readiness(self) -> Readiness:
        """Return whether questions can be answered now, without any input or output."""
        ...

    def vitals(self) -> Vitals:
        """Return the state of the service, without any input or output."""
        ...
