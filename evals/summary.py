"""Scores of single answers to figures of a run."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from evals.metrics import METRICS
from evals.metrics.score import Score
from evals.statistics import by_cluster, interval


class Figure(BaseModel):
    """One metric over several answers.

    Attributes:
        n: How many answers have a score.
        unscored: How many have none.
        mean: Over the scored ones; None when there are none.
        low: Lower end of the 95 % bootstrap interval of the mean; None when all are of one
            cluster.
        high: Upper end.
    """

    model_config = ConfigDict(frozen=True)

    n: int
    unscored: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def figures(
    scores: Sequence[Mapping[str, Score]], clusters: Sequence[Hashable]
) -> dict[str, Figure]:
    """Return the figure of every metric over the answers whose scores are given.

    Args:
        scores: Of each answer, by metric.
        clusters: The cluster of each answer.
    """
    return {name: _figure([one[name] for one in scores], clusters) for name in METRICS}


def _figure(scores: Sequence[Score], clusters: Sequence[Hashable]) -> Figure:
    found = [
        (score.value, cluster)
        for score, cluster in zip(scores, clusters, strict=True)
        if score.value is not None
    ]
    unscored = len(scores) - len(found)
    if not found:
        return Figure(n=0, unscored=unscored)
    values, places = zip(*found, strict=True)
    ends = interval(*by_cluster(values, places))
    return Figure(
        n=len(values),
        unscored=unscored,
        mean=sum(values) / len(values),
        low=ends.low if ends else None,
        high=ends.high if ends else None,
    )
