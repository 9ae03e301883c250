"""A service that runs elsewhere, asked over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from types import TracebackType
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from evals.errors import ServiceUnusable
from evals.results import without_login
from service.domain import Answer, Question
from service.errors import ArticleNotFound
from service.holdings import ArticleDetail, ArticlePage, Stats
from service.search_result import SearchResult

R = TypeVar("R", bound=BaseModel)

MAX_SHOWN_CHARS = 200
TIMEOUT_S = 300.0
"""A model may take its time; the service has time-outs of its own."""


class RunningService:
    """Asks what `evals.run.Service` names; an asynchronous context manager."""

    def __init__(
        self, url: str, key: str | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            url: Of the service, without `/v1`.
            key: Sent as a bearer token, for a service that asks for one.
            transport: What carries the requests; None is the network.

        Raises:
            ServiceUnusable: The key cannot be sent.
        """
        if key and not (key.isascii() and key.isprintable()):
            raise ServiceUnusable("DATELINE_EVAL_KEY has characters that no header can carry")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._url = url.rstrip("/")
        self._shown = without_login(self._url)
        self._client = httpx.AsyncClient(timeout=TIMEOUT_S, headers=headers, transport=transport)

    async def __aenter__(self) -> RunningService:
        """Return this."""
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def ask(self, question: Question) -> Answer:
        """Return the answer, or an abstention."""
        history = [{"role": turn.role, "content": turn.content} for turn in question.history]
        body = {"question": question.text, "history": history, **_filters(question)}
        return await self._sent("POST", "/v1/ask", Answer, body)

    async def search(self, question: Question) -> SearchResult:
        """Return the passages that matter most, best first."""
        body = {"query": question.text, **_filters(question)}
        return await self._sent("POST", "/v1/search", SearchResult, body)

    async def articles(self, limit: int, cursor: str | None, outlet: str | None) -> ArticlePage:
        """Return at most `limit` articles that follow `cursor`."""
        given = {"limit": str(limit), "cursor": cursor, "outlet": outlet}
        query = httpx.QueryParams({name: value for name, value in given.items() if value})
        return await self._sent("GET", f"/v1/articles?{query}", ArticlePage)

    async def article(self, article_id: str) -> ArticleDetail:
        """Return one article with its text, or raise ArticleNotFound."""
        return await self._sent("GET", f"/v1/articles/{article_id}", ArticleDetail)

    async def stats(self) -> Stats:
        """Return what its index holds."""
        return await self._sent("GET", "/v1/stats", Stats)

    async def _sent(
        self, method: str, path: str, kind: type[R], body: dict[str, object] | None = None
    ) -> R:
        try:
            reply = await self._client.request(method, self._url + path, json=body)
        except (httpx.HTTPError, httpx.InvalidURL, OverflowError, ValueError) as error:
            raise ServiceUnusable(
                f"{self._shown!r} cannot be asked ({type(error).__name__}): is it a "
                "running Dateline?"
            ) from error
        if reply.status_code == HTTPStatus.NOT_FOUND and kind is ArticleDetail:
            raise ArticleNotFound(path.rpartition("/")[2])
        if reply.is_error:
            said = reply.text[:MAX_SHOWN_CHARS]
            raise ServiceUnusable(f"{self._shown}{path} answered {reply.status_code}: {said}")
        try:
            return kind.model_validate_json(reply.content)
        except ValidationError as error:
            raise ServiceUnusable(
                f"{self._shown}{path} gave no {kind.__name__}: is it a Dateline of this version?"
            ) from error


def _filters(question: Question) -> dict[str, object]:
    filters = question.filters
    days = {
        "published_after": filters.published_after,
        "published_before": filters.published_before,
        "as_of": filters.as_of,
    }
    written = {name: day and day.isoformat() for name, day in days.items()}
    return {"k": question.k, "outlets": list(filters.outlets), **written}
