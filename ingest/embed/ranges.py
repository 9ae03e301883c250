"""The range of each channel that goes into a dense layer: measured once, kept with the program.

`minilm_ranges.safetensors` holds for each input of a dense layer, under its name in the float32
graph, the lowest and the highest value of every channel, float16, shape (2, channels).
`python -m evals.performance.int8_ranges` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.embed.heads import Inputs
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from onnx import ModelProto


@dataclass(frozen=True)
class Range:
    """What the channels of a layer's input stay within.

    Attributes:
        low: The least value, shape (channels,).
        high: The greatest.
    """

    low: NDArray[np.float32]
    high: NDArray[np.float32]


@dataclass(frozen=True)
class TokenBatch:
    """Texts as the embedding model reads them.

    Attributes:
        ids: Word pieces, shape (batch, tokens), padded with 0.
        mask: 1 for a piece and 0 for padding, of the same shape.
    """

    ids: NDArray[np.int32]
    mask: NDArray[np.int32]

    @property
    def inputs(self) -> Inputs:
        """What the graph takes; see ingest.embed.heads.Vectors."""
        pool = np.ones((len(self.ids), 1, self.ids.shape[1]), np.float32)
        return {"ids": self.ids, "mask": self.mask, "pool": pool}


def load_ranges(path: Path) -> dict[str, Range]:
    """Return the ranges by the name of the tensor in the float32 graph.

    Raises:
        SettingsError: The file cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        stored = load_file(path)
    except (OSError, SafetensorError) as error:
        raise SettingsError(
            f"{str(path)!r} cannot be read ({error}): reinstall dateline"
        ) from error
    return {name: Range(*rows.astype(np.float32)) for name, rows in stored.items()}


def save_ranges(ranges: Mapping[str, Range], path: Path) -> None:
    """Write what load_ranges reads."""
    from safetensors.numpy import save_file

    rows = {name: np.stack([r.low, r.high]).astype(np.float16) for name, r in ranges.items()}
    save_file(rows, path)


def measure_ranges(float32: ModelProto, batches: Iterable[Inputs]) -> dict[str, Range]:
    """Return the ranges met while the float32 graph reads `batches`; padding does not count.

    Args:
        float32: The graph.
        batches: What it takes; see heads.py.
    """
    import onnxruntime
    from onnx import ModelProto as Model
    from onnx import TensorProto, helper

    watched = Model()
    watched.CopyFrom(float32)
    dense = (node for node in watched.graph.node if node.op_type in ("MatMul", "Attention"))
    names = sorted({node.input[0] for node in dense} - {"pool"})
    del watched.graph.output[:]
    for name in names:
        watched.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(
        watched.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    lows: dict[str, NDArray[np.float32]] = {}
    highs: dict[str, NDArray[np.float32]] = {}
    for batch in batches:
        values = session.run(names, dict(batch))
        for name, value in zip(names, values, strict=True):
            tokens = value[batch["mask"] > 0]
            lows[name] = np.minimum(lows.get(name, np.inf), tokens.min(axis=0))
            highs[name] = np.maximum(highs.get(name, -np.inf), tokens.max(axis=0))
    return {name: Range(lows[name], highs[name]) for name in names}
