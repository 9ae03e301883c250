"""What is in the index, for people and programs that look around."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.domain import Filters
from ingest.index.reader import IndexReader
from ingest.index.rows import Revision, StoredArticle, iso
from service.domain import Coverage, WriterKind
from service.errors import ArticleNotFound, InvalidQuestion
from service.holdings import (
    ArticleDetail,
    ArticlePage,
    ArticleSummary,
    ArticleUpdate,
    OutletCount,
    Stats,
)


def coverage(reader: IndexReader) -> Coverage:
    """Return the first and last day of publication and the number of articles."""
    first, last = reader.days
    return Coverage(
        first=first.isoformat() if first else None,
        last=last.isoformat() if last else None,
        articles=len(reader.articles_by_id),
    )


def stats(reader: IndexReader, writer: WriterKind, examples: Sequence[str]) -> Stats:
    """Return counts of everything, and questions to begin with."""
    period = coverage(reader)
    return Stats(
        articles=period.articles,
        stories=len(reader.stories),
        passages=reader.manifest.passages,
        outlets=[
            OutletCount(name=name, articles=count)
            for name, count in sorted(reader.outlets.items(), key=lambda item: (-item[1], item[0]))
        ],
        first=period.first,
        last=period.last,
        generation=reader.number,
        embedder=reader.manifest.embedder.name,
        writer=writer,
        examples=list(examples),
    )


def article_page(
    reader: IndexReader, limit: int, cursor: str | None, outlet: str | None
) -> ArticlePage:
    """Return at most `limit` articles by id that follow `cursor`.

    Raises:
        InvalidQuestion: The cursor is none that this program gave.
    """
    if cursor is not None and not (cursor.isalnum() and cursor.isascii()):
        raise InvalidQuestion("the cursor is not one that was given out", "invalid_cursor")
    wanted = [
        key.article_id
        for key in reader.articles_by_id.values()
        if outlet is None or (key.outlet or "").casefold() == outlet.casefold()
    ]
    rest = [article_id for article_id in wanted if cursor is None or article_id > cursor]
    shown = rest[:limit]
    stored = reader.articles(shown)
    return ArticlePage(
        articles=[_summary(stored[article_id]) for article_id in shown],
        total=len(wanted),
        next=shown[-1] if len(rest) > limit else None,
    )


def article(reader: IndexReader, article_id: str) -> ArticleDetail:
    """Return one article with its text.

    Raises:
        ArticleNotFound: No article has this id.
    """
    stored = reader.article(article_id)
    if stored is None:
        raise ArticleNotFound(f"no article has the id {article_id[:64]!r}")
    return ArticleDetail(
        **dict(_summary(stored)),
        text=stored.article.text,
        also_in=reader.also_in(article_id, Filters()),
        updated=[_update(revision) for revision in reader.revisions(article_id)],
    )


def _update(revision: Revision) -> ArticleUpdate:
    return ArticleUpdate(
        replaced_at=revision.replaced_at,
        earlier_published_at=revision.earlier_published_at,
        published_at=revision.published_at,
    )


def _summary(stored: StoredArticle) -> ArticleSummary:
    own = stored.article
    return ArticleSummary(
        article_id=own.article_id,
        title=own.title,
        outlet=own.outlet,
        author=own.author,
        place=own.place,
        published_at=iso(own.published.at),
        published_precision=own.published.precision,
        published_basis=own.published.basis,
        url=own.url,
        language=own.language,
        story_id=stored.story_id,
        passages=stored.passages,
    )
