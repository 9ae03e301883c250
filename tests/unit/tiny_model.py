"""A model of two layers with random weights and the bundled model's word pieces."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from ingest.embed.graph import build_float32
from ingest.embed.ranges import TokenBatch, measure_ranges, save_ranges
from ingest.embed.weights import ModelFiles, find_model

WIDTH, INNER, LAYERS, HEADS, VOCABULARY = 32, 64, 2, 4, 30522
CONFIG = {"num_attention_heads": HEADS, "num_hidden_layers": LAYERS, "hidden_size": WIDTH}


def tiny_weights() -> dict[str, NDArray[np.float32]]:
    """Return random weights under the names of a BERT model."""
    shapes = {
        "embeddings.word_embeddings.weight": (VOCABULARY, WIDTH),
        "embeddings.position_embeddings.weight": (512, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    dense = {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "attention.output.LayerNorm": (WIDTH,),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
        "output.LayerNorm": (WIDTH,),
    }
    for layer in range(LAYERS):
        for name, shape in dense.items():
            shapes[f"encoder.layer.{layer}.{name}.weight"] = shape
            shapes[f"encoder.layer.{layer}.{name}.bias"] = shape[:1]
    random = np.random.default_rng(7)
    return {n: random.normal(0, 0.4, shape).astype(np.float32) for n, shape in shapes.items()}


def write_tiny_model(folder: Path) -> ModelFiles:
    """Write the model's files."""
    weights = folder / "model.safetensors"
    save_file(tiny_weights(), weights)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "tokenizer.json").write_bytes(find_model(None).tokenizer.read_bytes())
    ranges = folder / "ranges.safetensors"
    model = ModelFiles(folder, hashlib.sha256(weights.read_bytes()).hexdigest(), ranges)
    save_ranges(measure_ranges(build_float32(model), [vocabulary().inputs]), ranges)
    return model


def vocabulary() -> TokenBatch:
    """Return a fifth of all word pieces in texts of 64, the last one half padding."""
    ids = np.arange(0, VOCABULARY, 5, dtype=np.int32)[: 64 * 95].reshape(-1, 64)
    mask = np.ones_like(ids)
    mask[-1, 32:] = 0
    return TokenBatch(ids, mask)
