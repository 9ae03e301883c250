"""What training changed, as a file that service/reader/weights.py reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.embed.weights import ModelFiles

Array = NDArray[np.float32]
WORDS = "embeddings.word_embeddings.weight"
"""Not trained: half of the model's numbers, and few questions would change any one of them."""


def adapter_of(
    trained: Mapping[str, Array], model: ModelFiles, rank: int
) -> dict[str, NDArray[np.float32] | NDArray[np.float16]]:
    """Return the changes: of matrices the nearest of a rank (Eckart and Young 1936), half precise.

    Args:
        trained: The tensors of the reader by their names in BERT models.
        model: The bundled model that training began with.
        rank: Of each change.
    """
    from safetensors import safe_open

    with safe_open(str(model.verified_weights), "numpy") as weights:
        known = set(weights.keys())
        changes = {
            name: (value, value - weights.get_tensor(name) if name in known else None)
            for name, value in trained.items()
            if name != WORDS
        }
    return {
        name: part
        for tensor, (value, change) in changes.items()
        for name, part in _parts(tensor, value, change, rank)
    }


def _parts(
    name: str, value: Array, change: Array | None, rank: int
) -> Iterator[tuple[str, NDArray[np.float32] | NDArray[np.float16]]]:
    if change is None or change.ndim == 1 or min(change.shape) <= rank:
        yield name, value.astype(np.float32)
        return
    left, sizes, right = np.linalg.svd(change, full_matrices=False)
    root = np.sqrt(sizes[:rank])
    yield f"{name}.up", np.ascontiguousarray(left[:, :rank] * root).astype(np.float16)
    yield f"{name}.down", np.ascontiguousarray(root[:, None] * right[:rank]).astype(np.float16)


def save(adapter: Mapping[str, NDArray[np.float32] | NDArray[np.float16]], path: Path) -> None:
    """Write the file."""
    from safetensors.numpy import save_file

    save_file(dict(adapter), path)
