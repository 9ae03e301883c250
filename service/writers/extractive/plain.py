"""Chooses sentences by their stored vectors and the question's words, without a reader."""

from __future__ import annotations

from collections.abc import Sequence

from service.writers.extractive.candidates import Candidate
from service.writers.extractive.selection import Chosen, Selection

MAX_SENTENCES = 3
# A further sentence is shown when it scores nearly as well as the best one.
NEAR_BEST = 0.85


class PlainSelector:
    """Takes the best sentence and those near it that add something."""

    def __init__(self, min_relevance: float) -> None:
        """Take the score below which the best sentence is no answer, 0 to 1."""
        self._min_relevance = min_relevance

    def select(self, question: str, ranked: Sequence[Candidate]) -> Selection:  # noqa: ARG002
        """See Selector.select."""
        chosen: list[Candidate] = []
        if not ranked or ranked[0].score < self._min_relevance:
            return Selection()
        for candidate in ranked:
            if candidate.score < NEAR_BEST * ranked[0].score or len(chosen) == MAX_SENTENCES:
                break
            if not any(candidate.repeats(other) for other in chosen):
                chosen.append(candidate)
        return Selection(tuple(map(Chosen, chosen)))

    def warm(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """There is nothing to release."""
