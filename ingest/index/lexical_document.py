"""What of a passage is searched by words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ingest.domain import Article, Passage
from ingest.index.rows import Indexed, head_of, period


@dataclass(frozen=True)
class LexicalDocument:
    """What of a passage is searched, and what it is filtered by.

    Attributes:
        text: Header, author and passage.
        first_day: First day the article can have appeared, None when undated.
        last_day: Last such day.
    """

    passage_id: str
    article_id: str
    text: str
    outlet: str | None
    first_day: date | None
    last_day: date | None


def searched(article: Article, passage: Passage) -> str:
    """Return all of a passage that is searched by words."""
    return f"{head_of(article, passage)}\n{passage.text}"


def documents_of(entry: Indexed) -> list[LexicalDocument]:
    """Return what is searched by words of an article: a document for each passage, in order."""
    first, last = period(entry.article.published) or (None, None)
    return [
        LexicalDocument(
            passage_id=passage.passage_id,
            article_id=passage.article_id,
            text=searched(entry.article, passage),
            outlet=entry.article.outlet,
            first_day=first,
            last_day=last,
        )
        for passage in entry.passages
    ]
