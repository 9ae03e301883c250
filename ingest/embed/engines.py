"""Runs the graph of graph.py, on onnxruntime or on OpenVINO."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.embed.graph_cache import GraphKind, default_folder, graph_file
from ingest.embed.precision import Precision
from ingest.embed.weights import ModelFiles
from ingest.errors import EmbeddingFailed

if TYPE_CHECKING:
    from openvino import CompiledModel, Core, InferRequest


class Engine(Protocol):
    """One loaded graph. Safe to call from several threads."""

    def run(
        self, ids: NDArray[np.int32], mask: NDArray[np.int32], pool: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return summed token vectors, not of unit length, shape (batch, vectors, dimension).

        Args:
            ids: Word pieces, shape (batch, tokens), padded with 0.
            mask: 1 for a piece and 0 for padding, of the same shape.
            pool: 1 where a vector takes a token in, shape (batch, vectors, tokens).

        Raises:
            EmbeddingFailed: The library failed.
        """
        ...


class OnnxRuntimeEngine:
    """The int8 or the float32 graph on onnxruntime."""

    def __init__(self, graph: Path, threads: int | None = None) -> None:
        """Load `graph`; `threads` None takes every core.

        Raises:
            EmbeddingFailed: The graph cannot be loaded.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads is not None:
            options.intra_op_num_threads = threads
            # A bounded engine shares the machine, so its idle threads sleep instead of spinning.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        with _translated(f"load {str(graph)!r}"):
            self._session = onnxruntime.InferenceSession(
                str(graph), options, providers=["CPUExecutionProvider"]
            )

    def run(
        self, ids: NDArray[np.int32], mask: NDArray[np.int32], pool: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """See Engine.run."""
        with _translated("run"):
            outputs = self._session.run(None, {"ids": ids, "mask": mask, "pool": pool})
        return np.asarray(outputs[0], dtype=np.float32)


class OpenVinoEngine:
    """The float32 graph on OpenVINO, which can calculate in bfloat16."""

    def __init__(
        self, graph: Path, threads: int | None = None, *, bfloat16: bool, cache: Path | None = None
    ) -> None:
        """Compile `graph`.

        Args:
            graph: The float32 graph.
            threads: At most this many; None takes every core.
            bfloat16: Calculate in bfloat16; a CPU without it falls back to float32.
            cache: A folder for what compiling makes; None keeps nothing.

        Raises:
            EmbeddingFailed: The graph cannot be loaded.
        """
        config: dict[str, object] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if bfloat16 else "f32",
        }
        if threads is not None:
            config["INFERENCE_NUM_THREADS"] = threads
        with _translated(f"load {str(graph)!r}"):
            self._compiled = _compile(graph, config, cache)
        self._local = threading.local()

    def run(
        self, ids: NDArray[np.int32], mask: NDArray[np.int32], pool: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """See Engine.run."""
        with _translated("run"):
            results = self._request().infer({"ids": ids, "mask": mask, "pool": pool})
        # The request owns the array and overwrites it in the next call.
        return np.array(results[0], dtype=np.float32)

    def _request(self) -> InferRequest:
        request: InferRequest | None = getattr(self._local, "request", None)
        if request is None:
            request = self._local.request = self._compiled.create_infer_request()
        return request


def make_engine(
    model: ModelFiles, precision: Precision, cache_dir: Path | None, threads: int | None = None
) -> Engine:
    """Return the engine for `precision`, its graph from the cache or built now.

    A cached graph that cannot be loaded is thrown away and built once more.

    Raises:
        SettingsError: The weights are not the expected ones.
        EmbeddingFailed: The engine cannot be made.
    """
    folder = cache_dir or default_folder()
    kind: GraphKind = "int8" if precision == "int8" else "float32"
    for _ in range(2):
        with graph_file(model, kind, folder) as path:
            try:
                return _engine(path, precision, threads)
            except EmbeddingFailed as error:
                failure = error
                with suppress(OSError):
                    path.unlink()
    raise failure


def _engine(path: Path, precision: Precision, threads: int | None) -> Engine:
    if precision == "bfloat16":
        return OpenVinoEngine(path, threads, bfloat16=True, cache=path.parent / "openvino")
    return OnnxRuntimeEngine(path, threads)


def _compile(graph: Path, config: dict[str, object], cache: Path | None) -> CompiledModel:
    import openvino

    core: Core = openvino.Core()
    if cache is None:
        return core.compile_model(graph, "CPU", config)
    try:
        with _locked(cache):
            return core.compile_model(graph, "CPU", {**config, "CACHE_DIR": str(cache)})
    except OSError:
        # The folder cannot be written.
        return core.compile_model(graph, "CPU", config)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    # OpenVINO writes its cache in place, so a second process could read half a file.
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _translated(doing: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # both libraries raise RuntimeError and classes of their own
        raise EmbeddingFailed(f"the embedding model cannot {doing}: {error}") from error
