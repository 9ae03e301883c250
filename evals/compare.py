"""Two runs of one suite, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.clusters import clusters
from evals.errors import NotComparable
from evals.folder import Run
from evals.metrics import METRICS
from evals.samples import Sample
from evals.statistics import Difference, difference


@dataclass(frozen=True)
class Changed:
    """A question whose scores differ.

    Attributes:
        scores: Before and after, by metric, None for unscored; those alike are left out.
    """

    before: Sample
    after: Sample
    scores: Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Comparison:
    """What changed from one run to another.

    Attributes:
        metrics: By name; a metric that no question has a score of in both runs is left out.
        changed: In the suite's order. Latency and tokens alone change no question.
    """

    before: Run
    after: Run
    metrics: Mapping[str, Difference]
    changed: tuple[Changed, ...]


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs question by question.

    Raises:
        NotComparable: The suite, or the articles it is about, changed between them.
    """
    _require_same_suite(before, after)
    one, two = before.record.articles, after.record.articles
    if one and two and one.sha256 != two.sha256:
        raise NotComparable(
            f"the articles changed between {str(before.folder)!r} and {str(after.folder)!r}: run "
            "the earlier code on the new articles"
        )
    later = {sample.id: sample for sample in after.samples}
    pairs = [(sample, later[sample.id]) for sample in before.samples]
    cluster = clusters([sample.gold for sample in before.samples])
    found = {name: _difference(name, pairs, cluster) for name in METRICS}
    return Comparison(
        before,
        after,
        {name: one for name, one in found.items() if one is not None},
        tuple(filter(None, (_changed(*pair) for pair in pairs))),
    )


def _require_same_suite(before: Run, after: Run) -> None:
    one = {sample.id: sample.gold for sample in before.samples}
    two = {sample.id: sample.gold for sample in after.samples}
    if one == two:
        return
    added, removed = sorted(two.keys() - one.keys()), sorted(one.keys() - two.keys())
    differing = sorted(name for name in one.keys() & two.keys() if one[name] != two[name])
    parts = {"added": added, "removed": removed, "changed": differing}
    listed = "; ".join(f"{what} {', '.join(names[:5])}" for what, names in parts.items() if names)
    raise NotComparable(
        f"the suite changed between {str(before.folder)!r} and {str(after.folder)!r} ({listed}): "
        "run the earlier code on the new suite"
    )


def _difference(
    name: str, pairs: Sequence[tuple[Sample, Sample]], cluster: Mapping[str, int]
) -> Difference | None:
    scored = [
        (one, two, cluster[sample.id])
        for sample, other in pairs
        if (one := _value(sample, name)) is not None and (two := _value(other, name)) is not None
    ]
    if not scored:
        return None
    return difference(*zip(*scored, strict=True))


def _changed(before: Sample, after: Sample) -> Changed | None:
    scores = {
        name: (_value(before, name), _value(after, name))
        for name, metric in METRICS.items()
        if not metric.lower_is_better and _value(before, name) != _value(after, name)
    }
    return Changed(before, after, scores) if scores or before.error != after.error else None


def _value(sample: Sample, name: str) -> float | None:
    score = sample.scores.get(name)
    return score.value if score else None
