"""The sentences of cited texts that a claim rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from service.facts.reading import Reading

_NEARLY = 0.6


class Match(NamedTuple):
    """Sentences that a claim rests on, best first, and the share of its words in the best."""

    sentences: tuple[Reading, ...]
    share: float


def rests_on(claim: Reading, texts: Sequence[Sequence[Reading]], most: int = 3) -> Match:
    """Return the sentences that share most with a claim; words that stand everywhere count less."""
    every = [reading for text in texts for reading in text]
    frequency = Counter(stem for reading in every for stem in reading.content & claim.content)
    weights = {stem: 1 / (1 + frequency[stem] / 3) for stem in claim.content}
    total = sum(weights.values())
    if not every or not total:
        return Match((), 0.0)
    scores = [sum(weights[s] for s in reading.content & claim.content) for reading in every]
    # Of two that share as much, the one that says less besides.
    order = sorted(range(len(every)), key=lambda n: (-scores[n], len(every[n].content)))
    best = scores[order[0]]
    chosen = [every[n] for n in order[:most] if best and scores[n] >= _NEARLY * best]
    return Match(tuple(chosen), best / total)
