"""Texts that are near a question and do not answer it."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.reader.questions import Asked

NEAREST = 12
MOST = 5
MIN_COSINE = 0.25
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Returns vectors of unit length, shape (texts, dimension)."""


def near_misses(asked: Sequence[Asked], embed: Embed) -> Mapping[str, list[str]]:
    """Return for each answerable question the nearest texts of the others, by its id.

    A text that has the words of an accepted answer may answer, and is left out.
    """
    texts = sorted({one.text for one in asked})
    questions = [one for one in asked if one.spans]
    vectors = embed(texts)
    cosines = embed([one.question for one in questions]) @ vectors.T
    said = [_plain(text) for text in texts]
    found: dict[str, list[str]] = {}
    for one, row in zip(questions, cosines, strict=True):
        answers = {_plain(one.text[span.start : span.end]) for span in one.spans}
        missing = [
            n
            for n in np.argsort(-row)[:NEAREST]
            if texts[n] != one.text and not any(answer in said[n] for answer in answers)
        ]
        near = [texts[n] for n in missing[:MOST] if row[n] > MIN_COSINE]
        if near:
            found[one.id] = near
    return found


def _plain(text: str) -> str:
    """Return a text as SQuAD's own script compares it."""
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_PUNCTUATION)).split())
