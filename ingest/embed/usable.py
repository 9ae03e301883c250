"""Vectors that are what was asked for, or a clear error: a wrong one makes searches wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId, PassageVectors
from ingest.embed.embedder import EmbedInput
from ingest.errors import EmbeddingFailed

_UNIT_WITHIN = 1e-3


def usable(
    vectors: Sequence[PassageVectors], inputs: Sequence[EmbedInput], identity: EmbedderId
) -> list[PassageVectors]:
    """Return the vectors that an embedder gave for `inputs`, one for each and in their order.

    Raises:
        EmbeddingFailed: They are too few or too many, of another dimension, or not of unit length.
    """
    if len(vectors) != len(inputs):
        raise _failed(identity, f"{len(vectors)} vectors for {len(inputs)} texts")
    for found, given in zip(vectors, inputs, strict=True):
        shape = (len(given.sentences), identity.dimension)
        if found.sentences.shape != shape or found.passage.shape != shape[1:]:
            shapes = f"{found.passage.shape} and {found.sentences.shape}"
            raise _failed(identity, f"vectors of shape {shapes}, not {shape[1:]} and {shape}")
        if not (_are_units(found.passage[None]) and _are_units(found.sentences)):
            raise _failed(identity, "a vector that is zero, not finite or not of unit length")
    return list(vectors)


def _are_units(rows: NDArray[np.float32]) -> bool:
    # Also false where a length is NaN.
    return bool((np.abs(np.linalg.norm(rows, axis=1) - 1.0) < _UNIT_WITHIN).all())


def _failed(identity: EmbedderId, what: str) -> EmbeddingFailed:
    return EmbeddingFailed(
        f"the embedder {identity.name!r} gave {what}; nothing of it was kept: run again, and if it "
        "lasts, check DATELINE_EMBEDDER"
    )
