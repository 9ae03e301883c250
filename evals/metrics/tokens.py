"""What an answer cost."""

from __future__ import annotations

from evals.metrics.case import Case
from evals.metrics.score import Score, unscored


def tokens(case: Case) -> Score:
    """Return how many tokens the model read and wrote."""
    usage = case.answer.usage
    if usage is None:
        return unscored("no model counted tokens")
    return Score(
        value=float(usage.prompt_tokens + usage.completion_tokens),
        why=f"read {usage.prompt_tokens}, wrote {usage.completion_tokens}",
    )
