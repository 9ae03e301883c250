from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from ingest.embed.engines import OnnxRuntimeEngine
from ingest.embed.weights import ModelFiles

Array = NDArray[np.float32]
HEADS = 4


def gelu(x: Array) -> Array:
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


class PlainBert:
    """BERT written out in numpy, one text at a time: https://arxiv.org/abs/1810.04805."""

    def __init__(self, folder: Path) -> None:
        self.weights = load_file(folder / "model.safetensors")

    def hidden(self, ids: list[int]) -> Array:
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = self.norm("embeddings.", x + w["embeddings.token_type_embeddings.weight"][0])
        for layer in range(2):
            name = f"encoder.layer.{layer}."
            mixed = self.dense(name + "attention.output.dense", self.attend(name, x))
            x = self.norm(name + "attention.output.", x + mixed)
            wide = gelu(self.dense(name + "intermediate.dense", x))
            x = self.norm(name + "output.", x + self.dense(name + "output.dense", wide))
        return x

    def attend(self, name: str, x: Array) -> Array:
        parts = (self.dense(f"{name}attention.self.{p}", x) for p in ("query", "key", "value"))
        query, key, value = (np.split(part, HEADS, axis=1) for part in parts)
        heads = []
        for q, k, v in zip(query, key, value, strict=True):
            weights = np.exp(q @ k.T / math.sqrt(q.shape[1]))
            heads.append(weights / weights.sum(axis=1, keepdims=True) @ v)
        return np.concatenate(heads, axis=1)

    def dense(self, name: str, x: Array) -> Array:
        return x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def norm(self, name: str, x: Array) -> Array:
        x = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-12)
        return x * self.weights[name + "LayerNorm.weight"] + self.weights[name + "LayerNorm.bias"]


def batch() -> tuple[NDArray[np.int32], NDArray[np.int32], Array]:
    """Return two texts, the second shorter, with two vectors each: all tokens, and the third."""
    ids = np.array([[101, 2000, 2001, 2002, 102], [101, 3000, 102, 0, 0]], np.int32)
    mask = (ids > 0).astype(np.int32)
    pool = np.stack([mask, np.eye(1, 5, 2).repeat(2, axis=0)], axis=1).astype(np.float32)
    return ids, mask, pool


def test_the_graph_calculates_what_bert_is_defined_to(tiny: ModelFiles, tiny_graph: Path) -> None:
    ids, mask, pool = batch()
    plain = PlainBert(tiny.folder)

    vectors = OnnxRuntimeEngine(tiny_graph).run(ids, mask, pool)

    for row, length in enumerate(mask.sum(axis=1)):
        hidden = plain.hidden(ids[row, :length].tolist())
        expected = [hidden.sum(axis=0), hidden[2]]
        np.testing.assert_allclose(vectors[row], expected, rtol=1e-3, atol=1e-4)
