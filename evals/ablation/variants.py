"""The rows of the table: retrieval as it is, each part of it switched off, and plain searches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.domain import Filters
from ingest.embed.embedder import Embedder
from ingest.index.reader import IndexReader
from service.domain import Aspect
from service.retrieval.tuning import Tuning

DEPTH = 10
CANDIDATES = 100
RRF_CONSTANT = 60
"""Cormack, Clarke and Büttcher 2009, section 3."""

Ranked = Callable[[IndexReader, Embedder, str, Filters], list[str]]


@dataclass(frozen=True)
class Variant:
    """Retrieval with something switched off.

    Attributes:
        disregard: What is not read out of the question.
    """

    name: str
    tuning: Tuning = field(default_factory=Tuning)
    disregard: tuple[Aspect, ...] = ()


VARIANTS = (
    Variant("all of it"),
    Variant("no words", Tuning(lexical=False, coverage=0.0)),
    Variant("no vector search", Tuning(dense=False)),
    Variant("no parts", disregard=("parts",)),
    Variant("no outlets", disregard=("outlets",)),
    Variant("no days", disregard=("days",)),
    Variant("no latest, first", disregard=("order",)),
    Variant("no outlet shares", Tuning(shares=False)),
    Variant("no sentence words", Tuning(coverage=0.0)),
    Variant("no spellings", Tuning(other_spelling=0.0)),
    Variant("no diversity", Tuning(same_article=0.0, neighbour=0.0, full=0.0)),
    Variant("no joining", Tuning(joined=False)),
)


def plain_searches() -> Mapping[str, Ranked]:
    """Return searches without anything of ours, which hide no copies either, by their names."""
    return {
        "BM25 alone": lambda *asked: _ids(_bm25(*asked)),
        "vectors alone": lambda *asked: _ids(_cosines(*asked)),
        "RRF of both": lambda *asked: _ids(_reciprocal([_bm25(*asked), _cosines(*asked)])),
        "sum of both": lambda *asked: _ids(_summed(_bm25(*asked), _cosines(*asked))),
    }


def _bm25(
    reader: IndexReader, _embedder: Embedder, text: str, filters: Filters
) -> dict[str, float]:
    return {hit.passage_id: hit.score for hit in reader.lexical(text, CANDIDATES, filters)}


def _cosines(
    reader: IndexReader, embedder: Embedder, text: str, filters: Filters
) -> dict[str, float]:
    vector = embedder.embed_queries([text])[0]
    return {hit.passage_id: hit.score for hit in reader.dense(vector, CANDIDATES, filters)}


def _reciprocal(rankings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, passage_id in enumerate(_ids(ranking), 1):
            scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (RRF_CONSTANT + rank)
    return scores


def _summed(words: Mapping[str, float], cosines: Mapping[str, float]) -> dict[str, float]:
    """Return BM25 over its best score plus half the cosine."""
    best = max(words.values(), default=1.0)
    return {
        passage_id: words.get(passage_id, 0.0) / best + 0.5 * cosines.get(passage_id, 0.0)
        for passage_id in words.keys() | cosines.keys()
    }


def _ids(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))


def texts_of(reader: IndexReader, ids: Sequence[str]) -> Iterator[str]:
    """Yield the texts of the first passages of a ranking."""
    stored = reader.passages(ids[:DEPTH])
    for passage_id in ids[:DEPTH]:
        yield stored[passage_id].passage.text
