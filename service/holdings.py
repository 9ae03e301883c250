"""What the service says of the index: its articles, its counts, its state.

The fields are the HTTP contract.
"""

from __future__ import annotations

from pydantic import Field

from ingest.domain import Basis, Precision
from service.domain import Record, WriterKind


class ArticleSummary(Record):
    """One article without its text; `passages` is their number."""

    article_id: str
    title: str
    outlet: str | None
    author: str | None
    place: str | None
    published_at: str | None
    published_precision: Precision
    published_basis: Basis
    url: str | None
    language: str | None
    story_id: str
    passages: int


class ArticleUpdate(Record):
    """When a text was replaced by a later one, and the dates that the two texts state."""

    replaced_at: str
    earlier_published_at: str | None
    published_at: str | None


class ArticleDetail(ArticleSummary):
    """One article, the text that offsets count in, and each time that it was replaced."""

    text: str
    also_in: list[str]
    updated: list[ArticleUpdate] = Field(default_factory=list)


class ArticlePage(Record):
    """Articles in the order of their ids; `next` is the cursor of the page that follows."""

    articles: list[ArticleSummary]
    total: int
    next: str | None


class OutletCount(Record):
    """How many articles of an outlet the index holds."""

    name: str
    articles: int


class Stats(Record):
    """What is in the index and what serves it; `examples` are questions to begin with."""

    articles: int
    stories: int
    passages: int
    outlets: list[OutletCount]
    first: str | None
    last: str | None
    generation: int
    embedder: str
    writer: WriterKind
    examples: list[str] = Field(default_factory=list)


class Readiness(Record):
    """Whether questions can be answered now, and what is degraded."""

    ready: bool
    generation: int | None
    degraded: list[str]
    reason: str | None = None
