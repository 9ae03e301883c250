"""How wrong the answers are that a service gives, the surest first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evals.samples import Sample
from service.domain import Support

# An answer is as sure as its likeliest statement; where nothing tells how likely statements are, as
# they are supported.
_SURE: dict[Support, float] = {"supported": 1.0, "partial": 0.5, "unsupported": 0.0, "uncited": 0.0}


def risk_coverage_area(samples: Sequence[Sample]) -> float | None:
    """Return the area under the risk-coverage curve, 0 (best) to 1; None without samples.

    El-Yaniv and Wiener, On the foundations of noise-free selective classification, 2010. At each
    coverage, from one question to all, the risk is the share of wrong ones among the surest;
    questions that are equally sure are taken in no order, so their risk is that expected.
    Abstentions come last: being made to answer what it declined, the service is wrong.
    """
    known = [(_sureness(sample), _is_wrong(sample)) for sample in samples if sample.answer]
    known.sort(key=lambda one: -one[0])
    risks: list[float] = []
    wrong = 0.0
    for _, group in groupby(known, lambda one: one[0]):
        wrongs = [float(is_wrong) for _, is_wrong in group]
        each = sum(wrongs) / len(wrongs)
        for _ in wrongs:
            wrong += each
            risks.append(wrong / (len(risks) + 1))
    return sum(risks) / len(risks) if risks else None


def _sureness(sample: Sample) -> float:
    assert sample.answer is not None
    if sample.answer.status != "answered":
        return -1.0
    likely = [s.probability for s in sample.answer.statements if s.probability is not None]
    if likely:
        return max(likely)
    levels = [_SURE[said.support] for said in sample.answer.statements]
    return sum(levels) / len(levels) if levels else 0.0


def _is_wrong(sample: Sample) -> bool:
    assert sample.answer is not None
    if not sample.gold.answerable or sample.answer.status != "answered":
        return True
    score = sample.scores.get("answer_contains")
    return score is None or score.value != 1
