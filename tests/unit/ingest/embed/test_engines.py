from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ingest.embed import engines
from ingest.embed.cpu import Cpu
from ingest.embed.engines import Engine, OnnxRuntimeEngine, OpenVinoEngine, make_engine
from ingest.embed.graph_cache import embedding_graphs, graph_file
from ingest.embed.heads import Inputs
from ingest.embed.weights import ModelFiles
from ingest.errors import EmbeddingFailed

IDS = np.array([[101, 2000, 102]], np.int32)
INPUTS: Inputs = {"ids": IDS, "mask": np.ones_like(IDS), "pool": np.ones((1, 1, 3), np.float32)}


def direction(engine: Engine) -> np.ndarray:
    vector = engine.run(INPUTS)[0, 0]
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize(("bfloat16", "least"), [(False, 0.999999), (True, 0.999)])
def test_both_libraries_agree(
    tiny_graph: Path, tmp_path: Path, bfloat16: bool, least: float
) -> None:
    one = OnnxRuntimeEngine(tiny_graph, threads=1)
    other = OpenVinoEngine(tiny_graph, threads=1, bfloat16=bfloat16, cache=tmp_path)

    assert direction(one) @ direction(other) > least


def test_what_was_compiled_is_kept(tiny_graph: Path, tmp_path: Path) -> None:
    OpenVinoEngine(tiny_graph, bfloat16=False, cache=tmp_path)

    assert [path.suffix for path in tmp_path.iterdir() if path.name != "lock"] == [".blob"]


def test_damaged_compiled_files_are_done_without(tiny_graph: Path, tmp_path: Path) -> None:
    whole = OpenVinoEngine(tiny_graph, bfloat16=False, cache=tmp_path)
    blob = next(tmp_path.glob("*.blob"))
    blob.write_bytes(blob.read_bytes()[:1000])

    again = OpenVinoEngine(tiny_graph, bfloat16=False, cache=tmp_path)

    np.testing.assert_array_equal(direction(again), direction(whole))


def test_compiling_needs_no_folder(tiny_graph: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    engine = OpenVinoEngine(tiny_graph, bfloat16=False, cache=tmp_path / "file" / "cache")

    assert engine.run(INPUTS).shape == (1, 1, 32)


def test_whoever_holds_the_cache_without_end_is_not_waited_for(
    tiny_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOCK_S", 0.2)
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        engine = OpenVinoEngine(tiny_graph, bfloat16=False, cache=tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "lock"]
    assert engine.lanes > 0


def test_an_openvino_result_survives_the_next_run(tiny_graph: Path) -> None:
    engine = OpenVinoEngine(tiny_graph, bfloat16=False)
    first = engine.run(INPUTS)
    kept = first.copy()

    engine.run({**INPUTS, "ids": IDS + 5})

    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_a_damaged_graph_is_built_again(tiny: ModelFiles, tmp_path: Path, precision: str) -> None:
    with graph_file(embedding_graphs(tiny), precision, tmp_path) as path:  # type: ignore[arg-type]
        path.write_bytes(path.read_bytes()[:5000])

    engine = make_engine(embedding_graphs(tiny), precision, tmp_path)  # type: ignore[arg-type]

    assert np.isfinite(engine.run(INPUTS)).all()


def on(monkeypatch: pytest.MonkeyPatch, cpu: Cpu) -> None:
    monkeypatch.setattr(engines, "this_cpu", lambda: cpu)


@pytest.mark.parametrize(
    ("cpu", "kind"),
    [
        (Cpu(vnni=True, int8=True), OpenVinoEngine),
        (Cpu(int8=True), OnnxRuntimeEngine),
        (Cpu(), OnnxRuntimeEngine),
    ],
)
def test_the_cpu_decides_what_int8_runs_on(
    tiny: ModelFiles, cache_dir: Path, monkeypatch: pytest.MonkeyPatch, cpu: Cpu, kind: type
) -> None:
    on(monkeypatch, cpu)

    engine = make_engine(embedding_graphs(tiny), "int8", cache_dir)

    assert isinstance(engine, kind)
    assert np.isfinite(engine.run(INPUTS)).all()


@pytest.mark.parametrize("make", [OnnxRuntimeEngine, OpenVinoEngine])
def test_threads_bound_the_lanes(tiny_graph: Path, make: type) -> None:
    options = {"bfloat16": False} if make is OpenVinoEngine else {}

    assert make(tiny_graph, 1, **options).lanes == 1
    assert make(tiny_graph, 1000, **options).lanes == engines.MAX_LANES
    assert 1 <= make(tiny_graph, **options).lanes <= engines.MAX_LANES


def test_more_threads_than_lanes_wait_for_each_other(tiny_graph: Path) -> None:
    engine = OpenVinoEngine(tiny_graph, threads=2, bfloat16=False)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: engine.run({**INPUTS, "ids": IDS + n % 3}), range(60)))

    for number, vectors in enumerate(found):
        np.testing.assert_array_equal(vectors, found[number % 3])


def test_bfloat16_runs_on_openvino(tiny: ModelFiles, tmp_path: Path) -> None:
    assert isinstance(make_engine(embedding_graphs(tiny), "bfloat16", tmp_path), OpenVinoEngine)


@pytest.mark.parametrize("make", [OnnxRuntimeEngine, OpenVinoEngine])
def test_a_file_that_is_no_graph_is_an_embedding_error(tmp_path: Path, make: type) -> None:
    path = tmp_path / "graph.onnx"
    path.write_bytes(b"no graph")
    options = {"bfloat16": False} if make is OpenVinoEngine else {}

    with pytest.raises(EmbeddingFailed, match=r"graph\.onnx"):
        make(path, **options)


def test_a_failing_run_is_an_embedding_error(tiny_graph: Path) -> None:
    too_large = np.full_like(IDS, 99_999)

    with pytest.raises(EmbeddingFailed, match="cannot run"):
        OnnxRuntimeEngine(tiny_graph).run({**INPUTS, "ids": too_large})
