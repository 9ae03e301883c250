"""Passages that may answer: found by words, by meaning, part by part and outlet by outlet."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from ingest.domain import Filters
from ingest.errors import VectorsUnavailable
from ingest.index.lexical import WordQuery
from ingest.index.lines import LineRow, read_lines
from ingest.index.reader import IndexReader, article_of
from service.query.periods import Period
from service.query.understanding import Query, Understanding
from service.retrieval.scoring import Candidates
from service.retrieval.tuning import Tuning

WHOLE = 100
"""More were not better: of 400 the evidence of MultiHop-RAG's questions was among the same ten."""
NEAR = 40
"""Of the vectors' search fewer will do: without any, the evidence found among ten was the same on
MultiHop-RAG and CLAPNQ, and .001 less on RAMDocs.
"""
PART = 30
OUTLET = 30
MAX_SEARCHES = 4
"""Outlets and days each; a question that names ten outlets asks of none in particular."""


def find_candidates(
    reader: IndexReader, query: Query, filters: Filters, tuning: Tuning
) -> Candidates | None:
    """Return the passages worth scoring, or None when there are none.

    Args:
        reader: The generation to search.
        query: The question, understood and embedded.
        filters: Which articles count.
        tuning: Which searches take part.

    Raises:
        IndexUnavailable: The index cannot be read.
    """
    asked = query.asked
    # Meanwhile the question is embedded: the model and Tantivy let other threads run.
    words = _pool().submit(_by_words, reader, asked, filters) if tuning.lexical else None
    near: list[str] = []
    degraded: tuple[str, ...] = ()
    try:
        near = reader.near(query.vectors[0], NEAR, filters) if tuning.dense else []
    except VectorsUnavailable as error:
        # Words still find what they can.
        degraded = (error.degraded,)
    finally:
        # Whatever happened: the reader is only lent until this returns.
        wait([words] if words else [])
    found = words.result() if words else _Words()
    more = sorted({*near} - {row.passage_id for row in found.rows})
    lines = read_lines([*found.rows, *reader.line_rows(more)])
    if not lines.passage_ids:
        return None
    articles = [reader.articles_by_id[article_of(i)] for i in lines.passage_ids]
    rarity = reader.rarity(asked.all_terms)
    return Candidates(lines, articles, found.lexical, rarity, query.vectors, degraded)


@dataclass(frozen=True)
class _Words:
    """What the searches by words found.

    Attributes:
        lexical: BM25 of the whole question by passage id.
        rows: Those passages and what the parts found, as the catalog has them.
    """

    lexical: dict[str, float] = field(default_factory=dict)
    rows: list[LineRow] = field(default_factory=list)


def _by_words(reader: IndexReader, asked: Understanding, filters: Filters) -> _Words:
    whole = list(_of_whole(asked, filters))
    parts = [WordQuery(part.text, PART, filters) for part in asked.parts]
    found = reader.lexical_all([*whole, *parts])
    lexical: dict[str, float] = {}
    for hits in found[: len(whole)]:
        lexical |= {hit.passage_id: hit.score for hit in hits}
    ids = set(lexical).union(hit.passage_id for hits in found[len(whole) :] for hit in hits)
    return _Words(lexical, reader.line_rows(sorted(ids)))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="words")


def _of_whole(asked: Understanding, filters: Filters) -> Iterator[WordQuery]:
    """Search for the whole question: everywhere, and in what its outlets and its days have."""
    yield WordQuery(asked.text, WHOLE, filters)
    mentions = dict.fromkeys(mention.outlets for mention in asked.mentions if mention.outlets)
    for outlets in list(mentions)[:MAX_SEARCHES]:
        narrowed = _of_outlets(filters, outlets)
        if narrowed is not None:
            yield WordQuery(asked.text, OUTLET, narrowed)
    for period in asked.periods[:MAX_SEARCHES]:
        narrowed = _of_outlets(_of_days(filters, period), asked.outlets)
        if narrowed is not None and not narrowed.is_empty:
            yield WordQuery(asked.text, OUTLET, narrowed)


def _of_outlets(filters: Filters, outlets: tuple[str, ...]) -> Filters | None:
    """Return the filters narrowed to some outlets, None when they let none of them through."""
    allowed = {name.casefold() for name in filters.outlets}
    both = tuple(name for name in outlets if not allowed or name.casefold() in allowed)
    return replace(filters, outlets=both) if both else None if outlets else filters


def _of_days(filters: Filters, period: Period) -> Filters:
    return replace(
        filters,
        published_after=_later(filters.published_after, period.first),
        published_before=_earlier(filters.published_before, period.last),
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max(filter(None, (one, other)), default=None)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)
