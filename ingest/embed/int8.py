"""Unit vectors in a quarter of the room, one byte a number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def quantise(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return `vectors`, shape (n, dimension), none of them zero, each scaled to fill -127..127.

    The scale is not kept: only the direction of a unit vector says anything.
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    rounded: NDArray[np.int8] = np.rint(vectors * (127.0 / largest)).astype(np.int8)
    return rounded


def dequantise(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return the unit vectors, shape (n, dimension), that `quantise` rounded."""
    wide = vectors.astype(np.float32)
    scaled: NDArray[np.float32] = wide / np.linalg.norm(wide, axis=1, keepdims=True)
    return scaled
