"""What a run keeps of each question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from pydantic import BaseModel, ConfigDict

from evals.clusters import clusters
from evals.metrics.score import Score
from evals.suite import GoldQuestion, QuestionType
from evals.summary import Figure, figures
from service.domain import Answer, Source


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost, read and written."""

    read: float
    written: float


class Ranked(BaseModel):
    """A passage that a search found, without its text."""

    model_config = ConfigDict(frozen=True)

    passage_id: str
    title: str
    outlet: str | None
    score: float


class Sample(BaseModel):
    """One question, what the service said, and how that scores.

    Attributes:
        ranking: What a search for the question finds, best first.
        error: What was raised instead of an answer.
    """

    model_config = ConfigDict(frozen=True)

    gold: GoldQuestion
    answer: Answer | None
    ranking: tuple[Ranked, ...]
    error: str | None
    scores: dict[str, Score]

    @property
    def id(self) -> str:
        """The question's id."""
        return self.gold.id


class Summary(BaseModel):
    """The figures of a run.

    Attributes:
        errors: How many questions raised; they are unscored in every metric.
        by_type: The same figures for each type of question.
        latency_ms: Percentiles by name (`p50`, `p90`, `p99`); empty without an answer.
        risk_coverage_area: See `evals.risk_coverage`; lower is better.
        cost: In the currency of the prices given; None without prices or counted tokens.
    """

    model_config = ConfigDict(frozen=True)

    questions: int
    errors: int
    metrics: dict[str, Figure]
    by_type: dict[QuestionType, dict[str, Figure]]
    latency_ms: dict[str, float] = {}
    risk_coverage_area: float | None = None
    cost: float | None = None


def ranked(ranking: Sequence[Source]) -> tuple[Ranked, ...]:
    """Return what is kept of a ranking."""
    return tuple(
        Ranked(passage_id=s.passage_id, title=s.title, outlet=s.outlet, score=s.score)
        for s in ranking
    )


def summarise(samples: Sequence[Sample], prices: Prices | None = None) -> Summary:
    """Return the figures of all samples and of each type."""
    from evals.risk_coverage import risk_coverage_area

    cluster = clusters([sample.gold for sample in samples])

    def kind(sample: Sample) -> QuestionType:
        return sample.gold.type

    def figured(some: Sequence[Sample]) -> dict[str, Figure]:
        return figures([one.scores for one in some], [cluster[one.id] for one in some])

    grouped = groupby(sorted(samples, key=kind), kind)
    return Summary(
        questions=len(samples),
        errors=sum(sample.error is not None for sample in samples),
        metrics=figured(samples),
        by_type={name: figured(list(some)) for name, some in grouped},
        latency_ms=_percentiles([s.answer.timings_ms.total for s in samples if s.answer]),
        risk_coverage_area=risk_coverage_area(samples),
        cost=None if prices is None else _cost(samples, prices),
    )


def _cost(samples: Sequence[Sample], prices: Prices) -> float | None:
    used = [sample.answer.usage for sample in samples if sample.answer and sample.answer.usage]
    if not used:
        return None
    read = sum(usage.prompt_tokens for usage in used)
    written = sum(usage.completion_tokens for usage in used)
    return (read * prices.read + written * prices.written) / 1e6


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    found = np.percentile(values, [50, 90, 99])
    return {name: float(v) for name, v in zip(("p50", "p90", "p99"), found, strict=True)}
