from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ingest.embed.int8 import dequantise, quantise
from ingest.embed.unit import unit
from ingest.errors import EmbeddingFailed

numbers = st.floats(-1, 1, width=32).filter(lambda x: x == 0 or abs(x) > 1e-6)
rows = arrays(np.float32, (3, 16), elements=numbers).filter(
    lambda a: (np.abs(a).max(axis=1) > 0).all()
)


@given(rows)
def test_rounding_hardly_turns_a_vector(vectors: np.ndarray) -> None:
    vectors = unit(vectors)

    cosine = (dequantise(quantise(vectors)) * vectors).sum(axis=1)

    # Each number is at most half a step off, a step being 1/127 of the largest.
    assert (cosine > 0.999).all()


@given(rows)
def test_each_vector_fills_the_range(vectors: np.ndarray) -> None:
    assert (np.abs(quantise(vectors).astype(int)).max(axis=1) == 127).all()


@given(rows)
def test_rounding_twice_changes_nothing(vectors: np.ndarray) -> None:
    once = quantise(vectors)

    assert np.array_equal(quantise(dequantise(once)), once)


def test_no_vectors_stay_no_vectors() -> None:
    none = np.zeros((0, 384), np.float32)

    assert dequantise(quantise(none)).shape == unit(none).shape == (0, 384)


def test_unit_vectors_have_length_one() -> None:
    assert np.linalg.norm(unit(np.array([[3, 4], [1e30, 1e30]], np.float32)), axis=1) == (
        pytest.approx([1, 1])
    )


@pytest.mark.parametrize("bad", [0.0, float("nan"), float("inf")])
def test_a_vector_without_direction_is_refused(bad: float) -> None:
    with pytest.raises(EmbeddingFailed, match="zero or not finite"):
        unit(np.array([[1, 0], [bad, 0]], np.float32))
