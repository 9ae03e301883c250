from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.embed.engines import Engine, OnnxRuntimeEngine, OpenVinoEngine
from ingest.embed.quantised_graph import copied_channels, rounded
from ingest.embed.ranges import Range

Array = NDArray[np.float32]

RANDOM = np.random.default_rng(3)
WEIGHT = RANDOM.normal(0, 1, (6, 4)).astype(np.float32)
BIAS = RANDOM.normal(0, 1, 4).astype(np.float32)
HIGH = np.array([1, 2, 50, 1, 0.5, 3], np.float32)
WITHIN = Range(low=-HIGH / 5, high=HIGH)


def inputs() -> Array:
    return RANDOM.uniform(WITHIN.low, WITHIN.high, (200, 6)).astype(np.float32)


def batch(texts: int, tokens: int, padding: int) -> tuple[NDArray[np.int32], ...]:
    ids = np.arange(2000, 2000 + texts * tokens, dtype=np.int32).reshape(texts, tokens)
    mask = np.ones_like(ids)
    mask[-1, tokens - padding :] = 0
    return ids * mask, mask


def directions(engine: Engine, ids: NDArray[np.int32], mask: NDArray[np.int32]) -> Array:
    pool = mask[:, None].astype(np.float32)
    vectors = engine.run({"ids": ids, "mask": mask, "pool": pool})[:, 0]
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_rounded_layer_is_nearly_the_layer() -> None:
    x = inputs()
    layer = rounded(WEIGHT, BIAS, WITHIN)

    whole = np.rint(x * layer.multiply + layer.add).astype(np.int64)
    found = whole @ layer.weight.astype(np.int64) * layer.scale + layer.bias

    expected = x @ WEIGHT + BIAS
    assert np.abs(found - expected).max() < 0.02 * np.abs(expected).max()


def test_what_stays_within_the_ranges_fits_into_a_byte() -> None:
    layer = rounded(WEIGHT, BIAS, WITHIN)

    ends = np.stack([WITHIN.low, WITHIN.high]) * layer.multiply + layer.add

    assert ends.min() > -1e-3
    assert ends.max() < 255 + 1e-3


def test_a_channel_that_never_varies_does_not_break_the_layer() -> None:
    still = Range(low=np.zeros(6, np.float32), high=np.zeros(6, np.float32))

    layer = rounded(np.zeros_like(WEIGHT), BIAS, still)

    np.testing.assert_allclose(layer.bias, BIAS)
    assert all(np.isfinite(part).all() for part in (layer.multiply, layer.add, layer.scale))


def test_the_heaviest_channel_is_copied_most() -> None:
    channels = copied_channels(np.ones((6, 4), np.float32), WITHIN, copies=3)

    assert channels.tolist() == [0, 1, 2, 2, 2, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "make",
    [
        OnnxRuntimeEngine,
        lambda graph: OnnxRuntimeEngine(graph, integer_arithmetic=False),
        lambda graph: OpenVinoEngine(graph, bfloat16=False),
        lambda graph: OpenVinoEngine(graph, bfloat16=True),
    ],
)
def test_every_engine_stays_near_float32(
    tiny_graph: Path, tiny_int8_graph: Path, make: Callable[[Path], Engine]
) -> None:
    ids, mask = batch(texts=5, tokens=40, padding=11)

    exact = directions(OnnxRuntimeEngine(tiny_graph), ids, mask)
    found = directions(make(tiny_int8_graph), ids, mask)

    assert (exact * found).sum(axis=1).min() > 0.98
    assert not np.array_equal(exact, found)


def test_padding_changes_nothing(tiny_int8_graph: Path) -> None:
    engine = OnnxRuntimeEngine(tiny_int8_graph)
    ids, mask = batch(texts=1, tokens=40, padding=15)

    padded = directions(engine, ids, mask)
    alone = directions(engine, ids[:, :25], mask[:, :25])

    np.testing.assert_allclose(padded, alone, atol=1e-5)
