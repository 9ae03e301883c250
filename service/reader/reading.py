"""What a reader makes of a question and a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MAX_SPAN_TOKENS = 24
"""Longer answers are sentences, not spans."""


@dataclass(frozen=True)
class Span:
    """A run of a text that may be the answer.

    Attributes:
        start: Where it begins in the text; so is `end`, in code points.
        score: Its logits less those of "no answer": above 0 it is the likelier of the two.
    """

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Reading:
    """The logits of one text.

    Attributes:
        offsets: (start, end) in the text of each token, int32, shape (tokens, 2), ascending.
        logits: For an answer that starts and one that ends at each token, shape (tokens, 2).
        none: Of "the text does not say", start and end together.
    """

    offsets: NDArray[np.int32]
    logits: NDArray[np.float32]
    none: float

    def best(self, start: int, end: int) -> Span | None:
        """Return the likeliest span within a part of the text; None when no token lies in it."""
        first = int(np.searchsorted(self.offsets[:, 0], start))
        last = int(np.searchsorted(self.offsets[:, 1], end, side="right"))
        if first >= last:
            return None
        starts, ends = self.logits[first:last].T
        sums = starts[:, None] + ends[None, :]
        tokens = np.arange(last - first)
        length = tokens[None, :] - tokens[:, None]
        sums[(length < 0) | (length >= MAX_SPAN_TOKENS)] = -np.inf
        opening, closing = np.unravel_index(int(sums.argmax()), sums.shape)
        return Span(
            start=int(self.offsets[first + opening, 0]),
            end=int(self.offsets[first + closing, 1]),
            score=float(sums[opening, closing]) - self.none,
        )


class Reader(Protocol):
    """Reads. Safe to call from several threads."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Return what each text says to a question, in their order.

        Args:
            question: Its last word pieces count, see MAX_QUESTION_TOKENS.
            texts: Read as far as MAX_TOKENS allow; the rest has no logits.

        Raises:
            ReaderUnavailable: The model's files are not the expected ones, or it cannot run.
        """
        ...

    def close(self) -> None:
        """Release what it holds; called once, when nothing is being read."""
        ...

    def warm(self) -> None:
        """Load what the first question would wait for.

        Raises:
            ReaderUnavailable: It cannot be loaded; later calls say the same.
        """
        ...
