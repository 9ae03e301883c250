"""How likely a sentence answers, from its features."""

from __future__ import annotations

import math

from service.writers.extractive.features import Features

# A logistic regression, fitted by evals.extraction.fit; service/reader/MODEL_CARD.md says on what.
INTERCEPT = -4.074
WEIGHTS = Features(
    span=2.374,
    lead=0.35,
    cosine=1.621,
    own=0.231,
    near=0.336,
    best=2.644,
    kind=0.329,
    span_kind=0.437,
    agreement=0.757,
    speaker=0.068,
)


def probability(known: Features) -> float:
    """Return how likely a sentence with these features answers the question, 0 to 1."""
    logit = INTERCEPT + sum(
        weight * value for weight, value in zip(WEIGHTS.values(), known.values(), strict=True)
    )
    return 1 / (1 + math.exp(-logit))
