"""What a way of choosing sentences makes of one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics.token_f1 import best_f1
from evals.metrics.wording import holds_any, matches
from evals.suite import GoldQuestion
from service.domain import Passage
from service.writers.extractive.candidates import Candidate
from service.writers.extractive.selection import Chosen


@dataclass(frozen=True)
class Judged:
    """A sentence, how likely it was said to answer, and whether it does."""

    probability: float
    right: bool


@dataclass(frozen=True)
class Outcome:
    """One question.

    Attributes:
        cluster: Questions of one cluster rise and fall together.
        confidence: Of the best sentence; -1 when there was nothing to choose from.
        shown: Whether each sentence of the answer is an accepted one, best first.
        span_f1: Words shared by the likeliest span and the nearest gold answer, 0 to 1; None
            without a reader, and where the question has no answer.
        judged: Every sentence that got a probability.
    """

    answerable: bool
    cluster: str
    confidence: float
    shown: tuple[bool, ...]
    span_f1: float | None = None
    judged: tuple[Judged, ...] = ()

    @property
    def found(self) -> bool:
        """Whether an accepted sentence is shown."""
        return any(self.shown)


def is_accepted(gold: GoldQuestion, candidate: Candidate) -> bool:
    """Tell whether a sentence lies on a gold quote of its article, or has a gold answer there."""
    text = candidate.sentence.text
    quotes = [e.quote for e in gold.evidence if e.article in _names(candidate.passage)]
    if any(matches(text, quote) or matches(quote, text) for quote in quotes):
        return True
    plain = gold.type in ("factoid", "temporal")
    return bool(plain and quotes) and all(holds_any(text, group) for group in gold.answers)


def _names(passage: Passage) -> tuple[str | None, str]:
    return passage.source.url, passage.source.title


def outcome(
    gold: GoldQuestion, cluster: str, chosen: Sequence[Chosen], judged: Sequence[Chosen] | None
) -> Outcome:
    """Return what was made of a question.

    Args:
        gold: The question.
        cluster: Its own.
        chosen: The sentences of the answer, best first, with their confidence.
        judged: All sentences that were read, the likeliest first; None where nothing reads.
    """
    return Outcome(
        answerable=gold.answerable,
        cluster=cluster,
        confidence=(chosen[0].probability or 0.0) if chosen else -1.0,
        shown=tuple(is_accepted(gold, one.candidate) for one in chosen),
        span_f1=None if judged is None else _span_f1(gold, judged),
        judged=tuple(
            Judged(one.probability or 0.0, is_accepted(gold, one.candidate)) for one in judged or ()
        ),
    )


def _span_f1(gold: GoldQuestion, judged: Sequence[Chosen]) -> float | None:
    if not gold.answers:
        return None
    found = judged[0].found if judged else None
    return max(best_f1(found.text, group) for group in gold.answers) if found else 0.0
