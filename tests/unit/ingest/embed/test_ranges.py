from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.embed.graph import build_float32
from ingest.embed.ranges import Range, TokenBatch, load_ranges, measure_ranges, save_ranges
from ingest.embed.weights import ModelFiles, find_model
from ingest.errors import SettingsError

IDS = np.array([[101, 2000, 102], [101, 102, 0]], np.int32)


def test_ranges_come_back_as_written(tmp_path: Path) -> None:
    written = Range(low=np.array([-1, 0.5], np.float32), high=np.array([2, 3], np.float32))

    save_ranges({"x": written}, tmp_path / "ranges")

    found = load_ranges(tmp_path / "ranges")["x"]
    np.testing.assert_array_equal([found.low, found.high], [written.low, written.high])


def test_padding_is_not_measured(tiny: ModelFiles) -> None:
    graph = build_float32(tiny)
    other = IDS + np.array([[0, 0, 0], [0, 0, 777]], np.int32)

    one, two = (
        measure_ranges(graph, [TokenBatch(ids, np.array([[1, 1, 1], [1, 1, 0]], np.int32)).inputs])
        for ids in (IDS, other)
    )

    for name, found in one.items():
        np.testing.assert_array_equal(found.low, two[name].low)
        np.testing.assert_array_equal(found.high, two[name].high)


def test_a_range_covers_all_batches(tiny: ModelFiles) -> None:
    graph, mask = build_float32(tiny), np.ones((1, 3), np.int32)
    batches = [TokenBatch(IDS[:1] + step, mask).inputs for step in (0, 50)]

    both = measure_ranges(graph, batches)["embedded"]
    apart = [measure_ranges(graph, [batch])["embedded"] for batch in batches]

    np.testing.assert_array_equal(both.high, np.maximum(apart[0].high, apart[1].high))
    np.testing.assert_array_equal(both.low, np.minimum(apart[0].low, apart[1].low))


def test_the_bundled_ranges_are_of_the_bundled_model() -> None:
    ranges = load_ranges(find_model(None).ranges)

    sizes = sorted(len(found.low) for found in ranges.values())
    assert sizes == [384] * 18 + [1536] * 6
    assert all((found.low <= found.high).all() for found in ranges.values())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "ranges").write_bytes(b"no ranges")

    with pytest.raises(SettingsError, match="ranges"):
        load_ranges(tmp_path / "ranges")
