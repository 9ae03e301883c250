"""How likely a sentence answers, from its features."""

from __future__ import annotations

import math

from service.writers.extractive.features import Features

# A logistic regression, fitted by evals.extraction.fit; service/reader/MODEL_CARD.md says on what.
INTERCEPT = -3.782
WEIGHTS = Features(
    span=2.031,
    lead=0.545,
    cosine=1.916,
    own=0.52,
    near=-0.107,
    best=2.132,
    kind=0.622,
    span_kind=0.287,
    agreement=1.058,
    speaker=0.034,
)


# Features are sums over sets of words, of which each process has an order of its own: what is
# beyond these digits would differ from one to the next.
_DIGITS = 6


def probability(known: Features) -> float:
    """Return how likely a sentence with these features answers the question, 0 to 1."""
    logit = INTERCEPT + sum(
        weight * value for weight, value in zip(WEIGHTS.values(), known.values(), strict=True)
    )
    return round(1 / (1 + math.exp(-logit)), _DIGITS)
