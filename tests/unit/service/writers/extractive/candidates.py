"""Candidates for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from service.domain import Passage, Sentence
from service.reader.reading import Span
from service.writers.extractive.candidates import COVERAGE_WEIGHT, Candidate
from service.writers.extractive.selection import Chosen, Found
from tests.unit.service.articles import START, passage


def candidate(
    text: str, score: float = 0.9, vector: Sequence[float] = (0.0, 0.0), n: int = 1
) -> Candidate:
    """Return a sentence that is all of its passage, whatever is in it."""
    sentence = Sentence(START, START + len(text), text, np.array(vector, dtype=np.float32))
    alone = replace(passage(text, n=n), sentences=(sentence,))
    return Candidate(alone, 0, cosine=score / (1 - COVERAGE_WEIGHT))


def chosen(
    where: Passage, at: int, words: str | None = None, probability: float | None = None
) -> Chosen:
    """Return a sentence of a passage, and words of it as the answer."""
    one = Candidate(where, at, cosine=0.9, own=0.5, near=0.5)
    start = one.sentence.text.index(words) if words else 0
    found = Found(one, Span(start, start + len(words), 5.0)) if words else None
    return Chosen(one, probability, found)
