from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.reader.reading import MAX_SPAN_TOKENS, Reading, Span

WORD = 4
"""Code points of each token, a blank between two."""


def reading(logits: NDArray[np.float32], none: float = 0.0) -> Reading:
    starts = np.arange(len(logits), dtype=np.int32) * (WORD + 1)
    return Reading(np.stack([starts, starts + WORD], axis=1), logits, none)


def logits(*pairs: tuple[float, float]) -> NDArray[np.float32]:
    return np.array(pairs, dtype=np.float32).reshape(-1, 2)


def test_the_likeliest_span_is_found_and_compared_with_no_answer() -> None:
    read = reading(logits((0, 0), (3, 0), (0, 2), (1, 1)), none=1.5)

    assert read.best(0, 100) == Span(5, 14, 3.5)


def test_only_tokens_wholly_inside_the_part_count() -> None:
    read = reading(logits((9, 9), (1, 1), (2, 2), (9, 9)))

    assert read.best(4, 16) == Span(10, 14, 4.0)


def test_there_is_no_span_where_there_is_no_token() -> None:
    assert reading(logits((1, 1))).best(4, 9) is None
    assert reading(logits()).best(0, 9) is None


def test_no_span_ends_before_it_starts() -> None:
    assert reading(logits((0, 9), (9, 0))).best(0, 100) in (Span(0, 4, 9.0), Span(5, 9, 9.0))


_SCORES = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=40)


@given(_SCORES)
def test_the_span_is_the_best_of_all_that_are_short_enough(scores: list[tuple[int, int]]) -> None:
    best = reading(logits(*scores)).best(0, 1000)

    sums = [
        scores[first][0] + scores[last][1]
        for first in range(len(scores))
        for last in range(first, min(len(scores), first + MAX_SPAN_TOKENS))
    ]
    assert best is not None
    assert best.score == max(sums)
