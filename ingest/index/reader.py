"""One published generation, open for search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import date
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Filters, Hit
from ingest.errors import IndexDamaged, IndexUnavailable, VectorsUnavailable
from ingest.index import manifest as manifests
from ingest.index.catalog import Catalog
from ingest.index.filtering import ArticleTable
from ingest.index.generations import Generations, Pin
from ingest.index.lexical import TantivyLexical, WordQuery, inverse_frequency, terms
from ingest.index.lines import LineRow
from ingest.index.projection import open_search, open_word_search, require_chosen
from ingest.index.rows import Line, Revision, StoredArticle, StoredPassage
from ingest.index.snapshot import Snapshot
from ingest.index.vectors import version

# Below this many passages an exact search over those that a filter lets through is quicker than
# asking Chroma for more than is wanted and throwing most of it away.
EXACT_LIMIT = 4000
EXACT_NEAR = 300
"""The same where fewer than are wanted will do: to read 4,000 vectors takes up to 40 ms."""
EXACT_FALLBACK = 20_000
"""Up to so many are compared one by one when Chroma gave too few of those a filter lets through."""
MOST_NEAR = 100
"""Where fewer than are wanted will do, no more are asked of Chroma: 2,000 of 100,000 take 60 ms."""
SPARE = 1.5
"""How many more than will do are asked of Chroma: what a filter lets through lies unevenly."""


class IndexReader:
    """A pinned generation. Safe to use from several threads; close it when nobody does."""

    def __init__(self, generations: Generations, number: int) -> None:
        """Pin, verify and open a generation, and ask it one question so that it is warm.

        Raises:
            IndexDamaged: It is gone, or its files are not those that were published.
            IndexUnavailable: Another Chroma wrote it, its vectors lie elsewhere than where the
                settings say, or there is no room for a reader's copy.
        """
        self.folder = folder = generations.path(number)
        self.number = number
        with ExitStack() as opened:
            pin = Pin(folder)
            opened.callback(pin.release)
            self.manifest = manifests.read(folder)
            require_chosen(self.manifest, generations.server)
            manifests.verify(folder, self.manifest)
            manifests.require_chroma(self.manifest, version())
            snapshot = Snapshot(folder, generations.data_dir, self.manifest.projections)
            opened.callback(snapshot.close)
            self._catalog = Catalog(folder)
            opened.callback(self._catalog.close)
            self._vectors = open_search(
                snapshot.folder, self._catalog, self.manifest, generations.server
            )
            opened.callback(self._vectors.close)
            self._lexical = TantivyLexical(snapshot.folder / manifests.TANTIVY)
            self._words = open_word_search(
                self._lexical, self._catalog, self.manifest, generations.server
            )
            opened.callback(self._words.close)
            self._warm()
            self._opened = opened.pop_all()

    def _warm(self) -> None:
        keys = self._catalog.article_keys()
        self.articles_by_id = {key.article_id: key for key in keys}
        self._table = ArticleTable(keys)
        # Chroma reads its vector files at the first query: now, while they are known to be whole.
        # Without its server words still find what they can.
        with suppress(VectorsUnavailable):
            self._vectors.search(np.ones(self.manifest.embedder.dimension, dtype=np.float32), 1)

    @property
    def degraded(self) -> list[str]:
        """What keeps it from finding passages by meaning now; empty when nothing does."""
        problem = self._vectors.problem
        return [] if problem is None else [problem]

    @cached_property
    def outlets(self) -> dict[str, int]:
        """How many articles each outlet has, in no order."""
        return Counter(key.outlet for key in self.articles_by_id.values() if key.outlet)

    @cached_property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day on which an article can have appeared, None when unknown."""
        keys = self.articles_by_id.values()
        first = min((key.first_day for key in keys if key.first_day is not None), default=None)
        last = max((key.last_day for key in keys if key.last_day is not None), default=None)
        return _date(first), _date(last)

    @cached_property
    def has_undated(self) -> bool:
        """Whether there is an article of which nobody knows when it appeared."""
        return any(key.first_day is None for key in self.articles_by_id.values())

    @cached_property
    def stories(self) -> dict[str, list[str]]:
        """Article ids by story id."""
        stories: dict[str, list[str]] = {}
        for key in self.articles_by_id.values():
            stories.setdefault(key.story_id, []).append(key.article_id)
        return stories

    def dense(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[Hit]:
        """Return the passages nearest to a vector that the filters let through, best first.

        Args:
            vector: Unit length, shape (dimension,).
            k: At most this many, 1 to 500. Where vectors lie on a server, one search gives 300.
            filters: Checked against the articles' outlets and dates.

        Returns:
            Hits with cosine similarity in -1..1.

        Raises:
            IndexDamaged: The generation can no longer be read.
            VectorsUnavailable: The vectors' server cannot be used now.
        """
        if filters == Filters():
            few = k > self._vectors.most and self.manifest.passages <= EXACT_FALLBACK
            return self._exact(vector, k, filters) if few else self._nearest(vector, k)[:k]
        passages = self._table.passages(self._table.counting(filters))
        if passages <= EXACT_LIMIT or self._enough(passages, k) > self._vectors.most:
            return self._exact(vector, k, filters)
        hits = self._nearest(vector, self._enough(passages, k))
        hits = [hit for hit in hits if self._table.lets(filters, article_of(hit.passage_id))][:k]
        # What a filter lets through may be far from the question.
        far = len(hits) < k and passages <= EXACT_FALLBACK
        return self._exact(vector, k, filters) if far else hits

    def near(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[str]:
        """Return the ids of passages near to a vector that the filters let through, in no order.

        It is sooner than `dense`: there are no cosines, and fewer than `k` where what a filter lets
        through is far from the question.

        Raises:
            IndexDamaged: The generation can no longer be read.
            VectorsUnavailable: The vectors' server cannot be used now.
        """
        if filters == Filters():
            return list(chain.from_iterable(self._named(vector, k).values()))
        passages = self._table.passages(self._table.counting(filters))
        if passages <= EXACT_NEAR:
            return [hit.passage_id for hit in self._exact(vector, k, filters)]
        named = self._named(vector, min(MOST_NEAR, self._enough(passages, k)))
        found = chain.from_iterable(named.values())
        return [own for own in found if self._table.lets(filters, article_of(own))]

    def _enough(self, passages: int, k: int) -> int:
        """Return how many nearest vectors should hold `k` of so many that a filter lets through."""
        return int(SPARE * k * self.manifest.passages / max(1, passages))

    def _named(self, vector: NDArray[np.float32], k: int) -> dict[str, list[str]]:
        """Return the passages that have each of the `k` nearest vectors, by the vector's name."""
        near = [hit.passage_id for hit in self._vectors.search(vector, k)]
        return self._catalog.passages_with(near)

    def _nearest(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """Return the passages of the `k` nearest vectors; equal vectors are kept once."""
        named = self._named(vector, k)
        names, vectors = self._catalog.distinct_vectors(list(named))
        # Chroma's scores differ in their last bits with where a vector lies, and a product of
        # matrices would too.
        scores = np.einsum("ij,j->i", vectors, vector).tolist() if names else []
        return _ordered(
            [Hit(own, s) for name, s in zip(names, scores, strict=True) for own in named[name]]
        )

    def _exact(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[Hit]:
        articles = self._table.ids(self._table.counting(filters))
        hits: list[Hit] = []
        for start in range(0, len(articles), 500):
            ids, vectors = self._catalog.vectors_of(articles[start : start + 500])
            scores = (vectors @ vector).tolist() if ids else []
            hits += [Hit(i, score) for i, score in zip(ids, scores, strict=True)]
            hits = _ordered(hits)[:k]
        return hits

    def line_rows(self, ids: Sequence[str]) -> list[LineRow]:
        """Return the sentences of passages; see `lines.read_lines`."""
        return self._catalog.line_rows(ids)

    def lexical(self, text: str, k: int, filters: Filters) -> list[Hit]:
        """Return the passages that share words with `text`, by BM25, best first."""
        return self.lexical_all([WordQuery(text, k, filters)])[0]

    def lexical_all(self, queries: Sequence[WordQuery]) -> list[list[Hit]]:
        """Return what `lexical` does of each query: a server is asked for all of them at once."""
        return [_ordered(hits) for hits in self._words.search_all(queries)]

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the inverse document frequency of each indexed word; see `inverse_frequency`."""
        total = self.manifest.passages
        counts = {term: self._lexical.document_frequency(term) for term in set(terms)}
        return {term: inverse_frequency(n, total) for term, n in counts.items()}

    def has_word(self, word: str) -> bool:
        """Return whether every term of a word occurs in a passage."""
        return all(self._lexical.document_frequency(term) > 0 for term in terms(word))

    def passages(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Return passages by id."""
        return self._catalog.passages(ids)

    def lines_of(self, ids: Sequence[str]) -> dict[str, list[Line]]:
        """Return the sentences of passages by passage id, those that are there."""
        return self._catalog.lines_of(ids)

    def article(self, article_id: str) -> StoredArticle | None:
        """Return one article, or None."""
        return self._catalog.article(article_id) if article_id in self.articles_by_id else None

    def articles(self, ids: Sequence[str]) -> dict[str, StoredArticle]:
        """Return articles by id."""
        return self._catalog.articles(ids)

    def revisions(self, article_id: str) -> list[Revision]:
        """Return each time that an article's text was replaced, the first one first."""
        return self._catalog.revisions(article_id)

    def also_in(self, article_id: str, filters: Filters) -> list[str]:
        """Return the other articles of an article's story that the filters let through."""
        story = self.stories[self.articles_by_id[article_id].story_id]
        others = [other for other in story if other != article_id]
        return [other for other in others if self._table.lets(filters, other)] if others else []

    def is_replaced(self) -> bool:
        """Return whether another generation has this one's number, as after a fresh start."""
        try:
            return manifests.read(self.folder) != self.manifest
        except IndexUnavailable:
            return False

    def verify(self) -> None:
        """Raise IndexDamaged when a file of the generation was cut, changed or removed."""
        manifests.read(self.folder)
        for name, record in self.manifest.files.items():
            self._same_size(name, record.size)

    def _same_size(self, name: str, size: int) -> None:
        try:
            if (self.folder / name).stat().st_size == size:
                return
        except OSError:
            pass
        raise IndexDamaged(f"generation {self.number} is damaged: {name}; {manifests.REMEDY}")

    def close(self) -> None:
        """Release everything."""
        self._opened.close()


def _date(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def article_of(passage_id: str) -> str:
    """Return the article that a passage id names."""
    return passage_id.rpartition("-")[0]


def _ordered(hits: list[Hit]) -> list[Hit]:
    """Sort best first; equal scores by id, so that the order never depends on how they came."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))
