"""The figures of a way of choosing, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from evals.extraction.outcome import Judged, Outcome
from evals.statistics import CONFIDENCE, SEED, Interval

RESAMPLES = 1000
BINS = 10


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval: clusters are drawn anew (Efron 1979).

    Attributes:
        value: None where nothing can be said.
    """

    value: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Bin:
    """Sentences whose probability lies in one tenth of the scale.

    Attributes:
        stated: Their mean probability.
        observed: The share of them that is right.
    """

    stated: float
    observed: float
    count: int


@dataclass(frozen=True)
class Threshold:
    """Answers whose best sentence is at least so likely to answer.

    Attributes:
        answered: The share of all questions that get one.
        precision: The share of those answers that show an accepted sentence; None without one.
        recall: The share of answerable questions that get one that does.
        abstained: The share of unanswerable questions that get none; None without one.
    """

    probability: float
    answered: float
    precision: float | None
    recall: float | None
    abstained: float | None


Measure = Callable[[Sequence[Outcome]], float | None]


def found(outcomes: Sequence[Outcome]) -> float | None:
    """Return the share of answerable questions for which an accepted sentence is shown."""
    return _mean([one.found for one in outcomes if one.answerable])


def first(outcomes: Sequence[Outcome]) -> float | None:
    """Return the share of answerable questions whose best sentence is an accepted one."""
    return _mean([bool(one.shown and one.shown[0]) for one in outcomes if one.answerable])


def precision(outcomes: Sequence[Outcome]) -> float | None:
    """Return the share of sentences shown for answerable questions that are accepted."""
    return _mean([right for one in outcomes if one.answerable for right in one.shown])


def span_f1(outcomes: Sequence[Outcome]) -> float | None:
    """Return the mean F1 of the likeliest span, over answerable questions."""
    return _mean([one.span_f1 for one in outcomes if one.span_f1 is not None])


def auroc(outcomes: Sequence[Outcome]) -> float | None:
    """Return how often an answerable question is surer than one that is not."""
    answerable = [one.answerable for one in outcomes]
    if len(set(answerable)) < 2:  # noqa: PLR2004 - of one kind there is no order
        return None
    return float(roc_auc_score(answerable, [one.confidence for one in outcomes]))


MEASURES: dict[str, Measure] = {
    "found": found,
    "first": first,
    "precision": precision,
    "span_f1": span_f1,
    "auroc": auroc,
}


def figures(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """Return every figure of some questions."""
    return {name: _figure(measure, outcomes) for name, measure in MEASURES.items()}


def bins(judged: Sequence[Judged]) -> list[Bin]:
    """Return what was stated and what was observed, by tenths; empty ones are left out."""
    stated = np.array([one.probability for one in judged])
    right = np.array([one.right for one in judged], dtype=float)
    places = np.minimum((stated * BINS).astype(int), BINS - 1)
    return [
        Bin(float(stated[at].mean()), float(right[at].mean()), int(at.sum()))
        for number in range(BINS)
        if (at := places == number).any()
    ]


def thresholds(outcomes: Sequence[Outcome]) -> list[Threshold]:
    """Return what answers are worth with a threshold at every tenth."""
    return [_threshold(outcomes, step / BINS) for step in range(BINS)]


def _threshold(outcomes: Sequence[Outcome], least: float) -> Threshold:
    answered = [one.confidence >= least for one in outcomes]
    pairs = list(zip(outcomes, answered, strict=True))
    return Threshold(
        probability=least,
        answered=_mean(answered) or 0.0,
        precision=_mean([one.found for one, given in pairs if given]),
        recall=_mean([one.found and given for one, given in pairs if one.answerable]),
        abstained=_mean([not given for one, given in pairs if not one.answerable]),
    )


def _figure(measure: Measure, outcomes: Sequence[Outcome]) -> Figure:
    value = measure(outcomes)
    return Figure(value, _interval(measure, outcomes) if value is not None else None)


def _interval(measure: Measure, outcomes: Sequence[Outcome]) -> Interval | None:
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault(one.cluster, []).append(one)
    names, random = list(groups), np.random.default_rng(SEED)
    if len(names) < 2:  # noqa: PLR2004 - nothing to draw from
        return None
    drawn = [
        measure(
            [one for at in random.integers(0, len(names), len(names)) for one in groups[names[at]]]
        )
        for _ in range(RESAMPLES)
    ]
    known = [value for value in drawn if value is not None]
    if not known:
        return None
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return Interval(float(low), float(high))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
