"""How a question ended, in one word for filters and counts."""

from __future__ import annotations

from enum import StrEnum

from evals.metrics import TELLING
from evals.samples import Sample


class Ending(StrEnum):
    """How a question ended."""

    RIGHT = "right"
    WRONG = "wrong"
    ABSTAINED_RIGHTLY = "abstained rightly"
    ABSTAINED_WRONGLY = "abstained wrongly"
    ERROR = "error"


def ending(sample: Sample) -> Ending:
    """Return how a question ended; an answer is wrong when any telling metric says so."""
    if sample.answer is None:
        return Ending.ERROR
    if sample.answer.status != "answered":
        wrongly = sample.gold.answerable
        return Ending.ABSTAINED_WRONGLY if wrongly else Ending.ABSTAINED_RIGHTLY
    return Ending.WRONG if shortfalls(sample) else Ending.RIGHT


def shortfalls(sample: Sample) -> list[str]:
    """Return the telling metrics that are scored and not met."""
    values = {name: score.value for name, score in sample.scores.items()}
    return [name for name in TELLING if (found := values.get(name)) is not None and found < 1]
