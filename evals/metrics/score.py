"""What a metric says of one answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Score(BaseModel):
    """A measured value, or the reason why there is none.

    Attributes:
        value: None when the metric does not apply, which is not the same as wrong; else 0 to 1,
            higher is better, or milliseconds for latency.
        why: What the value rests on.
    """

    model_config = ConfigDict(frozen=True)

    value: Annotated[float, Field(allow_inf_nan=False)] | None
    why: str


def unscored(why: str) -> Score:
    """Return the score of an answer that the metric does not apply to."""
    return Score(value=None, why=why)


def share(good: int, of: int, why: str) -> Score:
    """Return `good` of `of`, which must not be 0, as a score."""
    return Score(value=good / of, why=f"{good} of {of} {why}")
