"""Vectors of unit length, or a clear error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EmbeddingFailed


def unit(vectors: NDArray[np.float32] | NDArray[np.float64]) -> NDArray[np.float32]:
    """Return `vectors`, shape (n, dimension), scaled to length 1.

    Raises:
        EmbeddingFailed: A vector is zero or holds a value that is not finite.
    """
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise EmbeddingFailed("the embedder gave a vector that is zero or not finite; try again")
    scaled: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
    return scaled
