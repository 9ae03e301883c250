"""What a search gives: passages, and why each was found."""

from __future__ import annotations

from pydantic import Field

from service.domain import Record, Source, Understood


class Reasons(Record):
    """Why a passage was found.

    Attributes:
        words: BM25 of the question, over the best passage's, 0 to 1.
        meaning: Cosine of the question to the nearest sentence, -1 to 1.
        coverage: The share of the question's words, the rarer the more, that one sentence has.
        part: The part of the question that it fits best, None when the question has but one.
        outlet: Whether the question names its outlet.
        day: How near its day is to one that the question names, 0 to 1.
    """

    words: float
    meaning: float
    coverage: float
    part: str | None
    outlet: bool
    day: float


class SearchHit(Source):
    """A passage, and why it was found."""

    why: Reasons

    def as_source(self) -> Source:
        """Return the passage alone."""
        return Source(**{name: getattr(self, name) for name in Source.model_fields})


class SearchResult(Record):
    """Passages, best first.

    Attributes:
        undated: Where days are asked for as a filter, the best passages without a date.
    """

    results: list[SearchHit]
    understood: Understood
    undated: list[SearchHit] = Field(default_factory=list)
