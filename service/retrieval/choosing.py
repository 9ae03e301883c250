"""Which of the scored passages are shown: no article and no story fills the list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from service.retrieval.copies import repeats
from service.retrieval.scoring import Candidates, Scores
from service.retrieval.tuning import Tuning

MOST = 3
"""So many passages of a story are welcome in the shortest list."""
TELLING_SENTENCES = 5
"""Of each copy, the ones nearest to the question. On the development questions of RAMDocs, whose
documents are copies in which one fact differs, 1 finds .833 of the evidence, 3 .848, 5 .856, all
of them .855.
"""


def choose(
    candidates: Candidates, scores: Scores, k: int, tuning: Tuning
) -> Iterator[tuple[int, float]]:
    """Yield the places of at most `k` passages with their scores, best first; ties go by id.

    Each one chosen takes something from the others of its story, and more from its neighbours; once
    a story has half the list, its passages come after what is nearly as good. Of a story one
    article takes part, the one that is chosen first, and of the others what says something else.

    Args:
        candidates: What there is to choose from, in the order of the passages' ids.
        scores: Of the candidates.
        k: At least 1.
        tuning: What is taken.
    """
    left = scores.total.copy()
    copies = _Copies(candidates, scores)
    taken, most = np.zeros(len(left), dtype=int), max(MOST, -(-k // 2))
    ordinals = np.array([ordinal(passage_id) for passage_id in candidates.lines.passage_ids])
    for _ in range(min(k, len(left))):
        n = int(left.argmax())
        if left[n] == -np.inf:
            return
        yield n, float(left[n])
        own = copies.of_story(n)
        taken[own] += 1
        left[own] -= tuning.same_article
        left[own & (taken == most)] -= tuning.full
        near = copies.of_article(n) & (np.abs(ordinals - ordinals[n]) == 1)
        left[near] -= tuning.neighbour
        left[copies.repeated_by(n)] = -np.inf
        left[n] = -np.inf


class _Copies:
    """Which candidates are of one story, and which of them only repeat what is shown of it."""

    def __init__(self, candidates: Candidates, scores: Scores) -> None:
        self._terms = candidates.lines.terms
        self._fit = scores.sentences
        self._starts = self._terms.starts
        articles = candidates.articles
        self._story = np.unique([a.story_id for a in articles], return_inverse=True)[1]
        self._article = np.unique([a.article_id for a in articles], return_inverse=True)[1]
        # Of each story, the article that is chosen first.
        self._leading: dict[int, int] = {}

    def of_story(self, n: int) -> NDArray[np.bool_]:
        mask: NDArray[np.bool_] = self._story == self._story[n]
        return mask

    def of_article(self, n: int) -> NDArray[np.bool_]:
        mask: NDArray[np.bool_] = self._article == self._article[n]
        return mask

    def repeated_by(self, n: int) -> list[int]:
        """Return the passages of other articles that say nothing beside one that is chosen."""
        story, own = int(self._story[n]), int(self._article[n])
        leading = self._leading.setdefault(story, own)
        others = self.of_story(n) & ~self.of_article(n) & (self._article != leading)
        if not others.any():
            return []
        # What the first article has elsewhere is shown from there, if at all.
        shown = np.flatnonzero(self.of_article(n)) if own == leading else np.array([n])
        rows = [row for place in shown.tolist() for row in self._sentences(place)]
        return [
            other for other in np.flatnonzero(others).tolist() if self._only_repeats(other, rows)
        ]

    def _only_repeats(self, n: int, shown: list[int]) -> bool:
        header = self._sentences(n).start - 1
        return all(repeats(self._terms, row, header, shown) for row in self._telling(n))

    def _sentences(self, n: int) -> range:
        """Return the rows of a passage's sentences; before them is its header's."""
        start = int(self._starts[n])
        return range(start + 1, start + int(self._terms.rows[n]))

    def _telling(self, n: int) -> list[int]:
        """Return the rows of the sentences that have most to do with the question."""
        rows = self._sentences(n)
        # Sentences are counted without the headers, of which there is one to each passage.
        fit = self._fit[rows.start - n - 1 : rows.stop - n - 1]
        return [
            rows[place] for place in np.argsort(-fit, kind="stable")[:TELLING_SENTENCES].tolist()
        ]


def ordinal(passage_id: str) -> int:
    """Return the number of a passage in its article, from 0."""
    return int(passage_id.rpartition("-")[2])
