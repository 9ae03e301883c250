"""How long an answer took."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score


def latency_ms(case: Case) -> Score:
    """Return the milliseconds from question to answer, by the service's own clock."""
    answer = case.answer
    timings = answer.timings_ms
    stages = f"retrieve {timings.retrieve}, write {timings.write}, verify {timings.verify}"
    return Score(value=timings.total, why=f"milliseconds: {stages}")
