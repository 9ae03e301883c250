"""How well each candidate answers: words, meaning, parts, outlets and days on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ingest.index.catalog import ArticleKey
from ingest.index.lexical import terms
from ingest.index.lines import Lines
from ingest.index.sentence_terms import key_hash, term_hash
from ingest.index.spelling import name_keys
from service.query.parts import topic_terms
from service.query.periods import Period
from service.query.understanding import Understanding
from service.retrieval.tuning import Tuning

Floats = NDArray[np.float64]

# Inside the relevance of a passage to the whole question; fitted with the weights of Tuning.
PART_WORDS = 0.3
MEANING = 0.5
OUTLET = 0.1
DAY = 0.3
HALF_LIFE_DAYS = 30
NEAR_DAYS = 1.5
"""A day this far from the one named counts nothing, the next day a third."""
MENTIONED = 0.5
"""An event is written about on its day, but later too."""


@dataclass(frozen=True)
class Candidates:
    """Passages to score, and what scoring looks at; arrays are in the order of `lines`.

    Attributes:
        lines: Their sentences.
        articles: The article of each passage.
        lexical: BM25 of the whole question by passage id; a passage that is not in it has none.
        rarity: Inverse document frequency of the question's words, as indexed.
        vectors: The whole question's vector and each part's, shape (1 + parts, dimension).
        degraded: What kept passages from being found by meaning.
    """

    lines: Lines
    articles: Sequence[ArticleKey]
    lexical: Mapping[str, float]
    rarity: Mapping[str, float]
    vectors: NDArray[np.float32]
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scores:
    """Scores and what they are made of, each of shape (passages,).

    Attributes:
        total: What to rank by; only differences within one question mean something.
        words: BM25 over the best one's, 0 to 1.
        meaning: Cosine of the question to the best sentence.
        coverage: The share of the question's words, by rarity, that the best sentence has.
        part: Which part of the question fits best.
        outlet: Whether the passage is of an outlet named.
        day: How near its day is to one named, 0 to 1.
        sentences: How much of the question each sentence has, in words and in meaning, shape
            (sentences,).
    """

    total: Floats
    words: Floats
    meaning: Floats
    coverage: Floats
    part: NDArray[np.int64]
    outlet: NDArray[np.bool_]
    day: Floats
    sentences: Floats


def score(asked: Understanding, candidates: Candidates, tuning: Tuning) -> Scores:
    """Score passages for a question.

    Args:
        asked: What was understood.
        candidates: At least one passage.
        tuning: What counts how much.
    """
    return _Scoring(asked, candidates, tuning).scores()


class _Scoring:
    def __init__(self, asked: Understanding, candidates: Candidates, tuning: Tuning) -> None:
        self._asked = asked
        self._from = candidates
        self._tuning = tuning
        self._words = _Words(asked, candidates, tuning.other_spelling)
        lines = candidates.lines
        self._each = lines.cosines(candidates.vectors)
        self._cosines = np.maximum.reduceat(self._each, lines.starts, axis=1).astype(np.float64)

    def scores(self) -> Scores:
        tuning, each = self._tuning, self._words.coverage()
        coverage: Floats = np.maximum.reduceat(each, self._from.lines.starts)
        total = tuning.coverage * coverage
        total += tuning.part * self._part_gap
        total += tuning.part_share * self._part_share()
        total += tuning.whole * _gap(self._relevance)
        total += tuning.whole_share * self._whole_share()
        total += tuning.outlet * self._named + tuning.day * self._day
        total += tuning.recency * self._recency()
        return Scores(
            # So that the last bits, which differ with the company a vector is in, order nothing.
            total=np.round(total, 6),
            words=self._bm25,
            meaning=self._cosines[0],
            coverage=coverage,
            part=self._fit.argmax(axis=0),
            outlet=self._named,
            day=self._day,
            sentences=each + self._each[0],
        )

    @cached_property
    def _bm25(self) -> Floats:
        found = [self._from.lexical.get(i, 0.0) for i in self._from.lines.passage_ids]
        scores = np.array(found, dtype=np.float64)
        best = max(self._from.lexical.values(), default=0.0)
        return scores / best if best > 0 else scores

    @cached_property
    def _fit(self) -> Floats:
        """How well each part is met by each passage, shape (parts, passages)."""
        if self._asked.parts:
            texts = [part.text for part in self._asked.parts]
            return self._cosines[1:] + PART_WORDS * self._words.shares(texts)
        return self._cosines[:1] + PART_WORDS * self._words.shares([self._asked.text])

    @cached_property
    def _relevance(self) -> Floats:
        whole = self._bm25 + MEANING * self._cosines[0] + self._fit.max(axis=0)
        relevance: Floats = whole + OUTLET * self._named + DAY * self._day
        return relevance

    @cached_property
    def _outlets(self) -> NDArray[np.str_]:
        return np.array([key.outlet or "" for key in self._from.articles])

    @cached_property
    def _named(self) -> NDArray[np.bool_]:
        named: NDArray[np.bool_] = np.isin(self._outlets, self._asked.outlets)
        return named

    @cached_property
    def _part_gap(self) -> Floats:
        gap: Floats = _gap(self._fit).max(axis=0)
        return gap

    def _part_share(self) -> Floats:
        if not self._tuning.shares:
            return self._part_gap
        best = self._part_gap.copy()
        # A question of one part has no list of parts, and is that part.
        of_parts = self._asked.part_outlets or (frozenset(self._asked.outlets),)
        for row, outlets in zip(self._fit, of_parts, strict=True):
            of = np.isin(self._outlets, list(outlets))
            if of.any():
                best[of] = np.maximum(best[of], row[of] - row[of].max())
        return best

    def _whole_share(self) -> Floats:
        if not (self._tuning.shares and self._named.any()):
            return _gap(self._relevance)
        groups = [
            key.outlet if named else key.article_id
            for key, named in zip(self._from.articles, self._named, strict=True)
        ]
        _, group = np.unique(np.array(groups, dtype=str), return_inverse=True)
        best = np.full(group.max() + 1, -np.inf)
        np.maximum.at(best, group, self._relevance)
        share: Floats = self._relevance - best[group]
        return share

    @cached_property
    def _day(self) -> Floats:
        near = np.zeros(len(self._from.articles))
        for period in self._asked.periods:
            share = 1.0 if period.role == "published" else MENTIONED
            found = [share * _nearness(key, period) for key in self._from.articles]
            near = np.maximum(near, found)
        return near

    def _recency(self) -> Floats:
        """Return 1 for the latest day, or the first if that is asked for, half for a month off."""
        days = np.array([np.nan if a.last_day is None else a.last_day for a in self._from.articles])
        if self._asked.order is None or np.isnan(days).all():
            return np.zeros(len(days))
        latest = self._asked.order == "latest"
        away = np.nanmax(days) - days if latest else days - np.nanmin(days)
        recency: Floats = np.nan_to_num(0.5 ** (away / HALF_LIFE_DAYS), nan=0.0)
        return recency


class _Words:
    """Which words of the question each passage has, in any spelling of a name."""

    def __init__(self, asked: Understanding, candidates: Candidates, other_spelling: float) -> None:
        self._table = candidates.lines.terms
        self._rarity = candidates.rarity
        self._wanted = asked.terms
        self._all = asked.all_terms
        self._place = {term: n for n, term in enumerate(self._all)}
        keys = _spellings(asked.text)
        alike = {term: [key_hash(key) for key in keys[term]] for term in self._all if term in keys}
        found = self._table.holds([*([term_hash(term)] for term in self._all), *alike.values()])
        self._held = found[:, : len(self._all)].astype(np.float64)
        for n, term in enumerate(alike, len(self._all)):
            own = self._held[:, self._place[term]]
            np.maximum(own, other_spelling * found[:, n], out=own)
        self._first = self._table.starts

    def coverage(self) -> Floats:
        """Return the share of the question's words that each sentence has, shape (sentences,)."""
        covered: Floats = self._held @ self._weights(self._wanted)
        # A passage's header comes first among its rows and is no sentence.
        return np.delete(covered, self._first)

    def shares(self, texts: Sequence[str]) -> Floats:
        """Return the share of each text's words that header and passage have, the best at 1."""
        together = np.maximum.reduceat(self._held, self._first, axis=0)
        shares = np.array([together @ self._weights(topic_terms(text)) for text in texts])
        best = shares.max(axis=1, keepdims=True)
        of_best: Floats = np.divide(shares, best, out=np.zeros_like(shares), where=best > 0)
        return of_best

    def _weights(self, words: Sequence[str]) -> Floats:
        weights = np.zeros(len(self._all))
        for word in words:
            # A part may end inside a word: where Python and Tantivy see its end differs.
            if word in self._place:
                weights[self._place[word]] = self._rarity.get(word, 0.0)
        total = weights.sum()
        return weights / total if total > 0 else weights


def _spellings(text: str) -> dict[str, list[str]]:
    """Return the keys of each name of a text that has any, by its term."""
    found: dict[str, list[str]] = {}
    for word in text.split():
        keys, own = name_keys(word), terms(word)
        if keys and len(own) == 1:
            found[own[0]] = keys
    return found


def _gap(values: Floats) -> Floats:
    """Return how far each value is below the best of its row: 0 for the best."""
    gap: Floats = values - values.max(axis=-1, keepdims=True)
    return gap


def _nearness(key: ArticleKey, period: Period) -> float:
    if key.first_day is None or key.last_day is None:
        return 0.0
    first = period.first.toordinal() if period.first else key.first_day
    last = period.last.toordinal() if period.last else key.last_day
    apart = max(0, first - key.last_day, key.first_day - last)
    return max(0.0, 1 - apart / NEAR_DAYS)
