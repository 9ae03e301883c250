"""May this be shipped? Only if nothing is significantly worse and no invariant is broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evals.compare import Comparison
from evals.metrics import METRICS
from evals.statistics import Difference, adjusted

LEVEL = 0.05
"""How likely it is that two equal runs are told apart by any metric at all."""
MANY = 5
"""With so many scores, that none is left is no chance."""
INVARIANTS = ("citation_integrity",)


@dataclass(frozen=True)
class Guarded:
    """One metric, and how likely its fall is chance, given how many metrics are looked at."""

    name: str
    difference: Difference
    p_adjusted: float

    @property
    def is_worse(self) -> bool:
        """Whether the fall is more than chance."""
        return self.difference.change < 0 and self.p_adjusted <= LEVEL


@dataclass(frozen=True)
class Verdict:
    """What the gate found.

    Attributes:
        guarded: Every guarded metric that has a score in both runs.
        reasons: Why it is shut; empty when it is open.
    """

    guarded: tuple[Guarded, ...]
    reasons: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether this may be shipped."""
        return not self.reasons


def judge(comparison: Comparison) -> Verdict:
    """Decide on a run, compared with the baseline.

    A metric is worse when a one-sided permutation test says so at LEVEL after Tarone's adjustment.
    """
    names = [name for name in comparison.metrics if METRICS[name].guarded]
    found = [comparison.metrics[name] for name in names]
    chances = adjusted(found, LEVEL)
    guarded = tuple(Guarded(*row) for row in zip(names, found, chances, strict=True))
    return Verdict(guarded, tuple(_reasons(comparison, guarded)))


def _reasons(comparison: Comparison, guarded: tuple[Guarded, ...]) -> Iterator[str]:
    for one in guarded:
        if one.is_worse:
            change = f"from {one.difference.before:.3f} to {one.difference.after:.3f}"
            yield f"{one.name} fell {change} (adjusted p = {one.p_adjusted:.4f})"
    for sample in comparison.after.samples:
        for name in INVARIANTS:
            score = sample.scores.get(name)
            if score and score.value is not None and score.value < 1:
                yield f"{name} is broken by question {sample.id!r}: {score.why}"
        if sample.error is not None:
            yield f"question {sample.id!r} failed: {sample.error}"
    yield from _lost(comparison)


def _lost(comparison: Comparison) -> Iterator[str]:
    """A metric that nothing has a score of any more cannot fall, and yet is lost."""
    for name, figure in comparison.before.summary.metrics.items():
        later = comparison.after.summary.metrics.get(name)
        guarded = name in METRICS and METRICS[name].guarded
        if figure.n >= MANY and guarded and not (later and later.n):
            yield f"{name} had {figure.n} scores and has none"
