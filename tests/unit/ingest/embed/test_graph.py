from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.embed.engines import OnnxRuntimeEngine
from ingest.embed.weights import ModelFiles
from tests.unit.plain_bert import Array, PlainBert


def batch() -> tuple[NDArray[np.int32], NDArray[np.int32], Array]:
    """Return two texts, the second shorter, with two vectors each: all tokens, and the third."""
    ids = np.array([[101, 2000, 2001, 2002, 102], [101, 3000, 102, 0, 0]], np.int32)
    mask = (ids > 0).astype(np.int32)
    pool = np.stack([mask, np.eye(1, 5, 2).repeat(2, axis=0)], axis=1).astype(np.float32)
    return ids, mask, pool


def test_the_graph_calculates_what_bert_is_defined_to(tiny: ModelFiles, tiny_graph: Path) -> None:
    ids, mask, pool = batch()
    plain = PlainBert(tiny.folder)

    vectors = OnnxRuntimeEngine(tiny_graph).run({"ids": ids, "mask": mask, "pool": pool})

    for row, length in enumerate(mask.sum(axis=1)):
        hidden = plain.hidden(ids[row, :length].tolist())
        expected = [hidden.sum(axis=0), hidden[2]]
        np.testing.assert_allclose(vectors[row], expected, rtol=1e-3, atol=1e-4)
