"""How long an answer took."""

from __future__ import annotations

from evals.metrics.score import Score
from service.domain import Answer


def latency_ms(answer: Answer) -> Score:
    """Return the milliseconds from question to answer, by the service's own clock."""
    timings = answer.timings_ms
    stages = f"retrieve {timings.retrieve}, write {timings.write}, verify {timings.verify}"
    return Score(value=timings.total, why=f"milliseconds: {stages}")
