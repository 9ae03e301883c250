"""A generation in memory that does what retrieval asks of an index, without an index."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Filters, Hit
from ingest.embed.int8 import quantise
from ingest.index.catalog import ArticleKey
from ingest.index.filtering import ArticleTable
from ingest.index.lexical import WordQuery, terms
from ingest.index.lines import LineRow
from ingest.index.rows import Indexed, Line, StoredArticle, StoredPassage, period
from ingest.index.sentence_terms import pack_terms
from service.query.understanding import Query, Understanding
from service.retrieval.tuning import Tuning
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry

__all__ = ["NOTHING", "MemoryReader", "entry", "query_of"]

NOTHING = Tuning(
    coverage=0,
    part=0,
    part_share=0,
    whole=0,
    whole_share=0,
    outlet=0,
    day=0,
    recency=0,
)


def query_of(asked: Understanding) -> Query:
    """Return a question as it is searched for, embedded by the fake."""
    texts = [asked.text, *(part.text for part in asked.parts)]
    return Query(asked, lambda: FakeEmbedder().embed_queries(texts))


class MemoryReader:
    """Holds articles, each of a story of its own unless `stories` says otherwise."""

    def __init__(self, *entries: Indexed, stories: dict[str, str] | None = None) -> None:
        self._entries = {own.article.article_id: own for own in entries}
        told = stories or {}
        self.articles_by_id = {
            name: self._key(name, told.get(name, name)) for name in self._entries
        }
        self._table = ArticleTable(list(self.articles_by_id.values()))
        pairs = [pair for own in entries for pair in zip(own.passages, own.vectors, strict=True)]
        self._stored = {one.passage_id: StoredPassage(one, both) for one, both in pairs}

    def _key(self, name: str, story: str) -> ArticleKey:
        own = self._entries[name]
        days = period(own.article.published)
        first, last = (day.toordinal() for day in days) if days else (None, None)
        return ArticleKey(name, own.article.outlet, first, last, story, len(own.passages))

    def _hits(self, scores: dict[str, float], k: int, filters: Filters) -> list[Hit]:
        owners = {own: own.rpartition("-")[0] for own in scores}
        counting = [own for own in scores if self._table.lets(filters, owners[own])]
        kept = [Hit(own, scores[own]) for own in counting if scores[own] > 0]
        return sorted(kept, key=lambda hit: (-hit.score, hit.passage_id))[:k]

    def lexical(self, text: str, k: int, filters: Filters) -> list[Hit]:
        wanted = set(terms(text))
        shared = {
            own: float(len(wanted.intersection(terms(item.passage.text))))
            for own, item in self._stored.items()
        }
        return self._hits(shared, k, filters)

    def lexical_all(self, queries: Sequence[WordQuery]) -> list[list[Hit]]:
        return [self.lexical(*query) for query in queries]

    def dense(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[Hit]:
        near = {own: float(item.vectors.passage @ vector) for own, item in self._stored.items()}
        return self._hits(near, k, filters)

    def near(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[str]:
        return [hit.passage_id for hit in self.dense(vector, k, filters)]

    def line_rows(self, ids: Sequence[str]) -> list[LineRow]:
        return [self._row(self._stored[own]) for own in ids]

    def _row(self, item: StoredPassage) -> LineRow:
        text, passage = self._entries[item.passage.article_id].article.text, item.passage
        sentences = [text[span.start : span.end] for span in passage.sentences]
        packed = quantise(item.vectors.sentences).tobytes() if sentences else b""
        return LineRow(passage.passage_id, packed, pack_terms(passage.header, sentences))

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        return dict.fromkeys(terms, 1.0)

    def lines_of(self, ids: Sequence[str]) -> dict[str, list[Line]]:
        return {own: _lines(self._stored[own]) for own in ids if own in self._stored}

    def articles(self, ids: Sequence[str]) -> dict[str, StoredArticle]:
        keys = [self.articles_by_id[own] for own in ids]
        return {
            key.article_id: StoredArticle(
                self._entries[key.article_id].article, key.story_id, key.passages
            )
            for key in keys
        }

    def also_in(self, article_id: str, filters: Filters) -> list[str]:
        story = self.articles_by_id[article_id].story_id
        told = [name for name, key in self.articles_by_id.items() if key.story_id == story]
        return [name for name in told if name != article_id and self._table.lets(filters, name)]


def _lines(item: StoredPassage) -> list[Line]:
    spans = item.passage.sentences
    sizes = item.passage.sizes or (0,) * len(spans)
    parts = zip(spans, item.vectors.sentences, sizes, strict=True)
    return [Line(span.start, span.end, vector, size) for span, vector, size in parts]
