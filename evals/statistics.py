"""Is a difference between two runs more than chance?

Both runs answered the same questions, so what is looked at is the difference of each question.
Questions that rest on one article rise and fall together: they form a cluster, and clusters, not
questions, are what is drawn anew and what changes its sign.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 9_999
BATCH = 500
"""Resamples that are held in memory at once."""
SEED = 20_251_217
CONFIDENCE = 0.95
_TINY = 1e-9

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """Ends of a 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """How two runs differ in one metric.

    Attributes:
        pairs: Questions that have a score in both.
        clusters: Into which they fall.
        before: Mean of the first run over the pairs.
        after: Mean of the second.
        low: Lower end of the 95 % bootstrap interval of the mean difference; None for one cluster.
        high: Upper end.
        p_value: Two-sided, of a permutation test: how often a difference at least as large comes
            about when each cluster's sign is drawn by chance.
        p_fall: One-sided: how often the second run falls at least so far by chance.
        least_p: The smallest that `p_fall` can be with so many clusters that differ.
    """

    pairs: int
    clusters: int
    before: float
    after: float
    low: float | None
    high: float | None
    p_value: float
    p_fall: float
    least_p: float

    @property
    def change(self) -> float:
        """Mean of the second run less that of the first."""
        return self.after - self.before


def difference(
    before: Sequence[float], after: Sequence[float], clusters: Sequence[Hashable]
) -> Difference:
    """Compare the scores of two runs.

    Args:
        before: Of the first run, at least one, in any unit.
        after: Of the second run, of the same questions.
        clusters: The cluster of each question.
    """
    one, two = np.asarray(before, np.float64), np.asarray(after, np.float64)
    sums, sizes = by_cluster((two - one).tolist(), clusters)
    ends = interval(sums, sizes)
    chances = _chances(sums)
    return Difference(
        pairs=len(one),
        clusters=len(sums),
        before=float(one.mean()),
        after=float(two.mean()),
        low=ends.low if ends else None,
        high=ends.high if ends else None,
        p_value=min(1.0, 2 * min(chances.fall, chances.rise)),
        p_fall=chances.fall,
        least_p=max(0.5 ** int(np.count_nonzero(sums)), 1 / (RESAMPLES + 1)),
    )


def adjusted(differences: Sequence[Difference], level: float) -> list[float]:
    """Return one-sided p-values of a fall, so that any false alarm is no likelier than `level`.

    Tarone, A modified Bonferroni method for discrete data, 1990: a metric of which too few clusters
    differ can never be told from chance, so it takes no share of the level from the others.
    """
    least = [one.least_p for one in differences]
    sizes = range(1, len(differences) + 1)
    size = next((k for k in sizes if sum(p <= level / k for p in least) <= k), 1)
    return [
        min(1.0, size * one.p_fall) if one.least_p <= level / size else 1.0 for one in differences
    ]


def by_cluster(values: Sequence[float], clusters: Sequence[Hashable]) -> tuple[Numbers, Numbers]:
    """Return the sum of the values of each cluster, and how many it has."""
    names = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    places = np.array([names[cluster] for cluster in clusters])
    sums: Numbers = np.bincount(places, weights=np.asarray(values, np.float64)).astype(np.float64)
    return sums, np.bincount(places).astype(np.float64)


def interval(sums: Numbers, sizes: Numbers) -> Interval | None:
    """Return the percentile bootstrap interval of a mean (Efron 1979), the same every time.

    Args:
        sums: Of the values of each cluster.
        sizes: How many values each has.

    Returns:
        None for one cluster.
    """
    from scipy.stats import bootstrap

    if len(sums) < 2:  # noqa: PLR2004 - nothing to draw from
        return None
    means = sums / sizes
    if (means == means[0]).all():
        return Interval(float(means[0]), float(means[0]))
    found = bootstrap(
        (sums, sizes),
        lambda drawn, of, axis: drawn.sum(axis=axis) / of.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=BATCH,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return Interval(float(found.low), float(found.high))


def _chances(sums: Numbers) -> _Chances:
    """Return how often a fall or a rise at least as large comes about by chance."""
    from scipy.stats import permutation_test

    # Clusters without a difference stay so under either sign.
    differing = sums[sums != 0]
    if len(differing) < 2:  # noqa: PLR2004 - of one, each sign comes about half the time
        fell, rose = differing.sum() < 0, differing.sum() > 0
        return _Chances(0.5 if fell else 1.0, 0.5 if rose else 1.0)
    found = permutation_test(
        (differing,),
        lambda drawn, axis: drawn.sum(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=BATCH,
        alternative="less",
        rng=np.random.default_rng(SEED),
    )
    # With every sign changed a rise is a fall: the two have one distribution.
    null = found.null_distribution
    drawn = len(null) == RESAMPLES
    rises = (int((null <= _TINY - found.statistic).sum()) + drawn) / (len(null) + drawn)
    return _Chances(float(found.pvalue), float(rises))


@dataclass(frozen=True)
class _Chances:
    fall: float
    rise: float
