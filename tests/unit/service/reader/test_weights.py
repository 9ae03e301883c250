from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from ingest.embed.engines import Engine, OnnxRuntimeEngine, make_engine
from ingest.embed.ranges import measure_ranges, save_ranges
from ingest.embed.weights import ModelFiles
from ingest.errors import SettingsError
from service.reader.weights import Adapter, build_reader, reading_graphs
from service.reader.word_vectors import WordVectors
from tests.unit.plain_bert import PlainBert
from tests.unit.tiny_model import WIDTH, vocabulary, write_tiny_model

RANDOM = np.random.default_rng(5)
QUERY = "encoder.layer.0.attention.self.query.weight"
NORM = "encoder.layer.1.output.LayerNorm.bias"
IDS = [101, 2000, 102, 2001, 2002, 2003, 102]
TYPES = [0, 0, 0, 1, 1, 1, 1]


def changes() -> dict[str, NDArray[np.float32]]:
    """Return a change of two dimensions, a replaced vector and a head."""
    return {
        f"{QUERY}.up": RANDOM.normal(0, 0.5, (WIDTH, 2)).astype(np.float32),
        f"{QUERY}.down": RANDOM.normal(0, 0.5, (2, WIDTH)).astype(np.float32),
        NORM: RANDOM.normal(0, 0.5, WIDTH).astype(np.float32),
        "qa_outputs.weight": RANDOM.normal(0, 0.5, (2, WIDTH)).astype(np.float32),
        "qa_outputs.bias": np.array([0.5, -0.5], np.float32),
    }


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


def written(folder: Path, tensors: Mapping[str, NDArray[np.float32]]) -> Adapter:
    path, ranges = folder / "adapter.safetensors", folder / "ranges.safetensors"
    save_file(dict(tensors), path)
    ranges.touch()
    return Adapter(path, ranges, sha256_of(path), sha256_of(ranges))


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def logits(engine: Engine, model: ModelFiles) -> NDArray[np.float32]:
    ids, types = np.array([IDS], np.int32), np.array([TYPES], np.int32)
    inputs = {"words": WordVectors(model).of(ids), "mask": np.ones_like(ids), "types": types}
    return engine.run(inputs)[0]


def test_the_graph_is_the_model_with_its_changes_and_a_head(
    tiny: ModelFiles, tmp_path: Path
) -> None:
    tensors = changes()
    graph = tmp_path / "graph.onnx"
    adapter = written(tmp_path, tensors)
    graph.write_bytes(build_reader(tiny, adapter.weights.read_bytes()).SerializeToString())
    plain = PlainBert(tiny.folder)
    plain.weights[QUERY] = plain.weights[QUERY] + tensors[f"{QUERY}.up"] @ tensors[f"{QUERY}.down"]
    plain.weights[NORM] = tensors[NORM]

    hidden = plain.hidden(IDS, TYPES)

    expected = hidden @ tensors["qa_outputs.weight"].T + tensors["qa_outputs.bias"]
    np.testing.assert_allclose(
        logits(OnnxRuntimeEngine(graph), tiny), expected, rtol=1e-3, atol=1e-3
    )


@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_other_arithmetic_gives_nearly_the_same(
    tiny: ModelFiles, tmp_path: Path, precision: str
) -> None:
    adapter = written(tmp_path, changes())
    graph = build_reader(tiny, adapter.weights.read_bytes())
    words = vocabulary()
    vectors = WordVectors(tiny).of(words.ids)
    read = {"words": vectors, "mask": words.mask, "types": np.ones_like(words.ids)}
    save_ranges(measure_ranges(graph, [read]), adapter.ranges)
    adapter = replace(adapter, ranges_sha256=sha256_of(adapter.ranges))
    graphs = reading_graphs(tiny, adapter)

    exact = logits(make_engine(graphs, "float32", tmp_path), tiny)  # type: ignore[arg-type]
    other = logits(make_engine(graphs, precision, tmp_path), tiny)  # type: ignore[arg-type]

    assert np.abs(exact - other).max() < 0.15 * np.abs(exact).max()


def test_a_changed_adapter_is_refused_even_where_a_graph_is_kept(
    tiny: ModelFiles, tmp_path: Path
) -> None:
    adapter = written(tmp_path, changes())
    make_engine(reading_graphs(tiny, adapter), "float32", tmp_path)
    content = bytearray(adapter.weights.read_bytes())
    content[-1] ^= 1
    adapter.weights.write_bytes(content)

    with pytest.raises(SettingsError, match=r"SHA-256.*DATELINE_READER=false"):
        reading_graphs(tiny, adapter)


def test_a_missing_adapter_is_an_error_that_names_it(tiny: ModelFiles, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"adapter\.safetensors"):
        reading_graphs(tiny, Adapter(tmp_path / "adapter.safetensors"))


def test_adapters_do_not_share_a_graph(tiny: ModelFiles, tmp_path: Path) -> None:
    one = reading_graphs(tiny, written(tmp_path, changes()))
    other = reading_graphs(tiny, written(tmp_path, changes()))

    assert one.name != other.name


def test_changed_ranges_are_refused_too(tiny: ModelFiles, tmp_path: Path) -> None:
    adapter = written(tmp_path, changes())
    adapter.ranges.write_bytes(b"other")

    with pytest.raises(SettingsError, match=r"ranges\.safetensors"):
        reading_graphs(tiny, adapter)
