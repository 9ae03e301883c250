"""How likely a sentence answers, from its features."""

from __future__ import annotations

import math

from service.writers.extractive.features import Features

# A logistic regression, fitted by evals.extraction.fit; service/reader/MODEL_CARD.md says on what.
INTERCEPT = -3.747
WEIGHTS = Features(
    span=2.225,
    lead=0.389,
    cosine=1.789,
    own=0.496,
    near=-0.055,
    best=2.207,
    kind=0.431,
    span_kind=0.469,
    agreement=0.767,
    speaker=0.048,
)


def probability(known: Features) -> float:
    """Return how likely a sentence with these features answers the question, 0 to 1."""
    logit = INTERCEPT + sum(
        weight * value for weight, value in zip(WEIGHTS.values(), known.values(), strict=True)
    )
    return 1 / (1 + math.exp(-logit))
