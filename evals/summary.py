"""Scores of single answers to figures of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from evals.metrics import METRICS
from evals.metrics.score import Score

RESAMPLES = 10_000
SEED = 20_251_217
CONFIDENCE = 0.95


class Figure(BaseModel):
    """One metric over several answers.

    Attributes:
        n: How many answers have a score.
        unscored: How many have none.
        mean: Over the scored ones; None when there are none.
        low: Lower end of the 95 % bootstrap interval of the mean; None when n < 2.
        high: Upper end.
    """

    model_config = ConfigDict(frozen=True)

    n: int
    unscored: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def figures(scores: Sequence[Mapping[str, Score]]) -> dict[str, Figure]:
    """Return the figure of every metric over the answers whose scores are given."""
    return {name: _figure(one[name] for one in scores) for name in METRICS}


def _figure(scores: Iterable[Score]) -> Figure:
    found = [score.value for score in scores]
    values = [value for value in found if value is not None]
    unscored = len(found) - len(values)
    if not values:
        return Figure(n=0, unscored=unscored)
    mean = sum(values) / len(values)
    if len(values) == 1:
        return Figure(n=1, unscored=unscored, mean=mean)
    low, high = _interval(values)
    return Figure(n=len(values), unscored=unscored, mean=mean, low=low, high=high)


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the mean (Efron 1979), the same every time."""
    generator = np.random.default_rng(SEED)
    drawn = generator.choice(np.asarray(values), (RESAMPLES, len(values)))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn.mean(axis=1), [tail, 1 - tail])
    return float(low), float(high)
