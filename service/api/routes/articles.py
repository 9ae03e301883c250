"""What is in the index."""

from __future__ import annotations

from fastapi import APIRouter

from service.api.dependencies import Cursor, Limit, OutletFilter, TheBackend
from service.api.document import problem_responses
from service.holdings import ArticleDetail, ArticlePage, Stats

router = APIRouter(tags=["articles"])


@router.get(
    "/v1/articles", summary="List articles", responses=problem_responses(413, 422, 500, 503)
)
async def articles(
    backend: TheBackend, limit: Limit = 50, cursor: Cursor = None, outlet: OutletFilter = None
) -> ArticlePage:
    """Return one page of articles without their texts, in the order of their ids."""
    return await backend.articles(limit, cursor, outlet)


@router.get(
    "/v1/articles/{article_id}",
    summary="Read an article",
    responses=problem_responses(404, 413, 422, 500, 503),
)
async def article(article_id: str, backend: TheBackend) -> ArticleDetail:
    """Return one article with its text, which all offsets count in (Unicode code points)."""
    return await backend.article(article_id)


@router.get("/v1/stats", summary="Count", responses=problem_responses(413, 500, 503))
async def stats(backend: TheBackend) -> Stats:
    """Return what the index holds."""
    return await backend.stats()
