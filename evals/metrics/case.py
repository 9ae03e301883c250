"""What a metric looks at: one question, what came of it, and what is known to be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evals.suite import GoldQuestion
from service.domain import Answer, Source


@dataclass(frozen=True)
class Case:
    """One question with its answer.

    Attributes:
        gold: What was asked, and what a right answer holds.
        answer: What the service said.
        ranking: The passages that a search for the question finds, best first.
        texts: The text of each cited article that exists, by article id.
    """

    gold: GoldQuestion
    answer: Answer
    ranking: tuple[Source, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def quotes(self) -> list[str]:
        """The quotes that the answer cites, in order."""
        return [c.quote for said in self.answer.statements for c in said.citations]
