from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from evals.reader.adapter import WORDS, adapter_of, save
from ingest.embed.engines import OnnxRuntimeEngine
from service.reader.weights import build_reader
from service.reader.word_vectors import WordVectors
from tests.unit.plain_bert import PlainBert
from tests.unit.tiny_model import WIDTH, write_tiny_model

RANK = 3
WEIGHT = "encoder.layer.0.output.dense.weight"


def test_a_change_of_low_rank_survives_the_file(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path)
    random = np.random.default_rng(3)
    trained = load_file(model.folder / "model.safetensors")
    outputs, inputs = trained[WEIGHT].shape
    change = random.normal(0, 0.3, (outputs, RANK)) @ random.normal(0, 0.3, (RANK, inputs))
    trained[WEIGHT] = (trained[WEIGHT] + change).astype(np.float32)
    trained["qa_outputs.weight"] = random.normal(0, 1, (2, WIDTH)).astype(np.float32)
    trained["qa_outputs.bias"] = np.zeros(2, np.float32)
    path = tmp_path / "adapter.safetensors"

    save(adapter_of(trained, model, RANK), path)

    graph = tmp_path / "graph.onnx"
    graph.write_bytes(build_reader(model, path.read_bytes()).SerializeToString())
    ids = np.array([[101, 2000, 102, 2001, 102]], np.int32)
    types = np.array([[0, 0, 0, 1, 1]], np.int32)
    found = OnnxRuntimeEngine(graph).run(
        {"words": WordVectors(model).of(ids), "mask": np.ones_like(ids), "types": types}
    )
    plain = PlainBert(model.folder)
    plain.weights[WEIGHT] = trained[WEIGHT]
    expected = plain.hidden(ids[0].tolist(), types[0].tolist()) @ trained["qa_outputs.weight"].T
    np.testing.assert_allclose(found[0], expected, rtol=0.02, atol=0.05)


def test_the_words_stay_as_they_are_and_matrices_are_thin(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path)
    trained = load_file(model.folder / "model.safetensors")

    adapter = adapter_of(trained, model, RANK)

    assert not any(name.startswith(WORDS) for name in adapter)
    assert adapter[f"{WEIGHT}.up"].shape == (trained[WEIGHT].shape[0], RANK)
    assert adapter[f"{WEIGHT}.down"].dtype == np.float16
