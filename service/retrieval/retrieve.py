"""From an understood question to the passages that matter: found, scored, chosen, joined."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Filters
from ingest.index.reader import IndexReader, article_of
from ingest.index.rows import Line, StoredArticle, iso
from service.domain import Passage, Sentence, Source
from service.query.understanding import Query, Understanding
from service.retrieval.candidates import find_candidates
from service.retrieval.choosing import choose
from service.retrieval.joining import join, neighbours
from service.retrieval.scoring import Scores, score
from service.retrieval.tuning import Tuning
from service.search_result import Reasons, SearchHit

# Scores lie between about -3 and 1.5, and those of passages that answer above 0.
_STEEPNESS = 2.5


@dataclass(frozen=True)
class Found:
    """Passages, numbered from 1 and best first, and the same with why each one is there.

    Attributes:
        degraded: What kept passages from being found by meaning.
    """

    passages: list[Passage]
    hits: list[SearchHit]
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Pick:
    """A passage chosen: its id, its score as shown, and why."""

    passage_id: str
    score: float
    reasons: Reasons


def retrieve(
    reader: IndexReader, query: Query, filters: Filters, k: int, tuning: Tuning | None = None
) -> Found:
    """Return the passages that matter most to a question.

    Args:
        reader: The generation to search.
        query: The question, understood and embedded.
        filters: Which articles count.
        k: At most this many.
        tuning: What counts how much; None for what was measured to be best.

    Returns:
        Of a story one article takes part, the one with the best passage, and of its copies what
        says something else. Scores are 0 to 1. A passage may hold more than was stored as one, up
        to 254 word pieces.

    Raises:
        IndexUnavailable: The index cannot be read.
    """
    tuning = tuning or Tuning()
    candidates = find_candidates(reader, query, filters, tuning)
    if candidates is None:
        return Found([], [])
    asked, ids = query.asked, candidates.lines.passage_ids
    scores = score(asked, candidates, tuning)
    chosen = choose(candidates, scores, k, tuning)
    picks = [_Pick(ids[n], _shown(value), _reasons(asked, scores, n)) for n, value in chosen]
    found = _assembled(reader, picks, query.vectors, filters, tuning)
    return replace(found, degraded=candidates.degraded)


def _assembled(
    reader: IndexReader,
    picks: Sequence[_Pick],
    vectors: NDArray[np.float32],
    filters: Filters,
    tuning: Tuning,
) -> Found:
    chosen = [pick.passage_id for pick in picks]
    wanted = set(chosen)
    if tuning.joined:
        wanted.update(other for own in chosen for other in neighbours(own))
    around = reader.lines_of(sorted(wanted))
    lines = join(chosen, around, vectors) if tuning.joined else [around[own] for own in chosen]
    owners = reader.articles(sorted({article_of(own) for own in chosen}))
    passages = []
    for n, (pick, own) in enumerate(zip(picks, lines, strict=True), 1):
        owner = owners[article_of(pick.passage_id)]
        also_in = reader.also_in(owner.article.article_id, filters)
        passages.append(_passage(n, pick, own, owner, also_in))
    hits = [
        SearchHit(**vars(passage.source), why=pick.reasons)
        for passage, pick in zip(passages, picks, strict=True)
    ]
    return Found(passages, hits)


def _passage(
    n: int, pick: _Pick, lines: Sequence[Line], owner: StoredArticle, also_in: list[str]
) -> Passage:
    article = owner.article
    start, end = lines[0].start, lines[-1].end
    source = Source(
        n=n,
        passage_id=pick.passage_id,
        article_id=article.article_id,
        title=article.title,
        outlet=article.outlet,
        published_at=iso(article.published.at),
        published_basis=article.published.basis,
        published_precision=article.published.precision,
        url=article.url,
        text=article.text[start:end],
        start=start,
        end=end,
        score=pick.score,
        story_id=owner.story_id,
        also_in=also_in,
    )
    sentences = tuple(
        Sentence(
            line.start,
            line.end,
            article.text[line.start : line.end],
            line.vector,
        )
        for line in lines
    )
    return Passage(source, sentences)


def _shown(value: float) -> float:
    return round(1 / (1 + math.exp(-_STEEPNESS * value)), 4)


def _reasons(asked: Understanding, scores: Scores, n: int) -> Reasons:
    part = asked.parts[int(scores.part[n])].text if asked.parts else None
    return Reasons(
        words=round(float(scores.words[n]), 4),
        meaning=round(float(scores.meaning[n]), 4),
        coverage=round(float(scores.coverage[n]), 4),
        part=part,
        outlet=bool(scores.outlet[n]),
        day=round(float(scores.day[n]), 4),
    )
