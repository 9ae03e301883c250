"""The reader's weights: an adapter that is merged into the bundled model's.

The adapter holds, for each weight W of the model that training changed, either two thin matrices
`NAME.down`, shape (rank, inputs), and `NAME.up`, shape (outputs, rank), with W + up @ down to be
used (LoRA, https://arxiv.org/abs/2106.09685, section 4.1), or the tensor itself as `NAME`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.embed.graph import Builder, Tensor, Weights, read_sizes
from ingest.embed.graph_cache import GraphKind, Graphs
from ingest.embed.heads import Spans
from ingest.embed.quantised_graph import Int8Builder
from ingest.embed.ranges import Range, load_ranges
from ingest.embed.weights import ModelFiles
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from onnx import ModelProto

SHA256 = "b1addcea268f81dc45188f26811eaddea4f979b793761db679053bdbcaf25fad"
"""Of the adapter that MODEL_CARD.md describes."""
READER_VERSION = 1
"""Raise it whenever the graph is built in another way."""
RANGES_SHA256 = "d6caba7729f3965b914ba487304f353658ebad703eaf7ebf62ebc4ce4fce46f2"

_HERE = Path(__file__).parent
_REMEDY = "reinstall dateline, or set DATELINE_READER=false to answer without the reader"


@dataclass(frozen=True)
class Adapter:
    """The files of a reader.

    Attributes:
        weights: What training changed.
        ranges: What the int8 graph rounds within; see ingest.embed.ranges.
        sha256: What the weights must hash to, lower-case hex.
        ranges_sha256: What the ranges must hash to.
    """

    weights: Path = _HERE / "adapter.safetensors"
    ranges: Path = _HERE / "ranges.safetensors"
    sha256: str = SHA256
    ranges_sha256: str = RANGES_SHA256


def reading_graphs(model: ModelFiles, adapter: Adapter) -> Graphs:
    """Return the graphs of the model with the adapter merged in.

    Raises:
        SettingsError: The adapter is not the expected one. The graph in the cache may be whole all
            the same, but nobody knows what else was changed.
    """
    content = _verified(adapter.weights, adapter.sha256)
    _verified(adapter.ranges, adapter.ranges_sha256)

    def build(kind: GraphKind) -> ModelProto:
        return build_reader(model, content, load_ranges(adapter.ranges) if kind == "int8" else None)

    made_of = (model.sha256, adapter.sha256, adapter.ranges_sha256, str(READER_VERSION))
    key = hashlib.sha256("\n".join(made_of).encode()).hexdigest()
    return Graphs(f"reader-{key[:16]}", build, half_precise=True)


def build_reader(
    model: ModelFiles, adapter: bytes, ranges: Mapping[str, Range] | None = None
) -> ModelProto:
    """Return the graph that gives spans: in float32, or in int8 when there are ranges for it.

    Args:
        model: The bundled model.
        adapter: The content of an adapter's file.
        ranges: What the int8 graph rounds within.

    Raises:
        SettingsError: The bundled weights are not the expected ones.
    """
    from safetensors import safe_open
    from safetensors.numpy import load

    changes = {name: value.astype(np.float32) for name, value in load(adapter).items()}
    with safe_open(str(model.verified_weights), "numpy") as weights:
        merged = _Merged(weights.get_tensor, changes)
        parts = Weights(merged.tensor, read_sizes(model))
        if ranges is None:
            return Builder(parts, Spans()).build()
        return Int8Builder(parts, Spans(), ranges).build()


class _Merged:
    def __init__(self, base: Tensor, changes: Mapping[str, NDArray[np.float32]]) -> None:
        self._base = base
        self._changes = changes

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor of the reader."""
        if name in self._changes:
            return self._changes[name]
        if f"{name}.up" in self._changes:
            change = self._changes[f"{name}.up"] @ self._changes[f"{name}.down"]
            return (self._base(name) + change).astype(np.float32)
        return self._base(name)


def _verified(path: Path, expected: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be read ({error}): {_REMEDY}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise SettingsError(f"{str(path)!r} has SHA-256 {found}, expected {expected}: {_REMEDY}")
    return content
