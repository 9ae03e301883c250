"""BERT in numpy, to compare graphs with."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

Array = NDArray[np.float32]
HEADS = 4


def gelu(x: Array) -> Array:
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


class PlainBert:
    """BERT written out in numpy, one text at a time: https://arxiv.org/abs/1810.04805."""

    def __init__(self, folder: Path) -> None:
        self.weights = load_file(folder / "model.safetensors")

    def hidden(self, ids: list[int], types: list[int] | None = None) -> Array:
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = self.norm(
            "embeddings.", x + w["embeddings.token_type_embeddings.weight"][types or [0] * len(ids)]
        )
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
