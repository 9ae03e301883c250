"""Runs the graph of graph.py, on onnxruntime or on OpenVINO."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ingest.embed.cpu import this_cpu
from ingest.embed.graph_cache import GraphKind, Graphs, default_folder, graph_file
from ingest.embed.heads import Inputs
from ingest.embed.precision import Precision
from ingest.errors import EmbeddingFailed

if TYPE_CHECKING:
    from openvino import CompiledModel, ConstOutput, Core, InferRequest


_HALF_PRECISE = "graph.xml"
LOCK_S = 30.0
"""For another process to write its cache, which takes it a second."""
MAX_LANES = 8
"""Each lane holds its own working memory, about 20 MB."""


class Engine(Protocol):
    """One loaded graph. Safe to call from several threads."""

    @property
    def lanes(self) -> int:
        """How many runs at once make the best use of the machine."""
        ...

    def run(self, inputs: Inputs) -> NDArray[np.float32]:
        """Return the graph's output; graph.py says which inputs go in and what comes out.

        Raises:
            EmbeddingFailed: The library failed.
        """
        ...


class OnnxRuntimeEngine:
    """Either graph on onnxruntime.

    A run stays on the thread that calls it, which wastes no time on waiting for other threads.

    Attributes:
        lanes: See Engine.lanes.
    """

    def __init__(
        self, graph: Path, threads: int | None = None, *, integer_arithmetic: bool = True
    ) -> None:
        """Load `graph`.

        Args:
            graph: The int8 or the float32 graph.
            threads: At most this many; None takes every core.
            integer_arithmetic: False rounds as the int8 graph says and multiplies in float32.

        Raises:
            EmbeddingFailed: The graph cannot be loaded.
        """
        import onnxruntime

        self.lanes = _lanes(threads)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        if not integer_arithmetic:
            options.add_session_config_entry("session.disable_quant_qdq", "1")
        with _translated(f"load {str(graph)!r}"):
            self._session = onnxruntime.InferenceSession(
                str(graph), options, providers=["CPUExecutionProvider"]
            )

    def run(self, inputs: Inputs) -> NDArray[np.float32]:
        """See Engine.run."""
        with _translated("run"):
            outputs = self._session.run(None, dict(inputs))
        return np.asarray(outputs[0], dtype=np.float32)


class OpenVinoEngine:
    """Either graph on OpenVINO, which calculates what is not int8 in float32 or in bfloat16.

    Each lane is a thread with a run of its own: two runs on two cores finish a fifth sooner than
    one after the other on both.

    Attributes:
        lanes: See Engine.lanes; further runs wait.
    """

    def __init__(
        self, graph: Path, threads: int | None = None, *, bfloat16: bool, cache: Path | None = None
    ) -> None:
        """Compile `graph`.

        Args:
            graph: The float32 or the int8 graph.
            threads: At most this many; None takes every core.
            bfloat16: Calculate in bfloat16; a CPU without it falls back to float32.
            cache: A folder for what compiling makes; None keeps nothing.

        Raises:
            EmbeddingFailed: The graph cannot be loaded.
        """
        self.lanes = _lanes(threads)
        config: dict[str, object] = {
            "NUM_STREAMS": self.lanes,
            "INFERENCE_NUM_THREADS": self.lanes,
            "INFERENCE_PRECISION_HINT": "bf16" if bfloat16 else "f32",
        }
        self._idle: SimpleQueue[InferRequest] = SimpleQueue()
        with _translated(f"load {str(graph)!r}"):
            compiled = _compile(graph, config, cache)
            for _ in range(self.lanes):
                self._idle.put(compiled.create_infer_request())
        # Its Python binding initialises itself in the first run. Two first runs at once can wait
        # for each other for ever: one for the lock of that, one for the interpreter's.
        self.run(
            {
                port.any_name: np.ones(_smallest(port), port.element_type.to_dtype())
                for port in compiled.inputs
            }
        )

    def run(self, inputs: Inputs) -> NDArray[np.float32]:
        """See Engine.run."""
        request = self._idle.get()
        try:
            with _translated("run"):
                results = request.infer(dict(inputs))
                # The request owns the array and overwrites it in the next call.
                return np.array(results[0], dtype=np.float32)
        finally:
            self._idle.put(request)


def make_engine(
    graphs: Graphs, precision: Precision, cache_dir: Path | None, threads: int | None = None
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
        with graph_file(graphs, kind, folder) as path:
            try:
                return _engine(path, precision, threads, graphs.half_precise)
            except EmbeddingFailed as error:
                failure = error
                shutil.rmtree(_half_precise_folder(path), ignore_errors=True)
                with suppress(OSError):
                    path.unlink()
    raise failure


def _engine(path: Path, precision: Precision, threads: int | None, halve: bool) -> Engine:
    """Return what was measured to be fastest for a precision on this CPU."""
    cpu = this_cpu()
    if precision == "bfloat16" or (precision == "int8" and cpu.vnni):
        bfloat16 = precision == "bfloat16" or cpu.bfloat16
        graph = _half_precise(path) if halve and precision == "bfloat16" else path
        return OpenVinoEngine(graph, threads, bfloat16=bfloat16, cache=path.parent / "openvino")
    # Older x86 CPUs add two products in 16 bits, which 8-bit weights overflow.
    return OnnxRuntimeEngine(path, threads, integer_arithmetic=cpu.int8)


def _openvino() -> Any:
    """Return OpenVINO, imported so that nobody is told.

    By itself each import has a server of Google's count it, from a child process: that is forked
    beside other threads, where it may hang, and has our locks and outputs for as long.
    """
    # Taken for not installed, for which OpenVINO has a stand-in.
    cast("dict[str, Any]", sys.modules).setdefault("openvino_telemetry", None)
    import openvino

    return openvino


def _half_precise(graph: Path) -> Path:
    """Return the graph in OpenVINO's own form with weights of 16 bits, made on first use.

    Of a graph with weights of 32 bits OpenVINO keeps them beside those that it calculates with.
    """
    openvino = _openvino()
    folder = _half_precise_folder(graph)
    if not folder.is_dir():
        with (
            _translated(f"convert {str(graph)!r}"),
            tempfile.TemporaryDirectory(prefix=".building-", dir=graph.parent) as building,
        ):
            made = Path(building, folder.name)
            made.mkdir()
            openvino.save_model(openvino.Core().read_model(graph), made / _HALF_PRECISE)
            try:
                os.replace(made, folder)
            except OSError:
                if not folder.is_dir():  # else another process was faster
                    raise
    return folder / _HALF_PRECISE


def _half_precise_folder(graph: Path) -> Path:
    return graph.with_suffix(".float16")


def _smallest(port: ConstOutput) -> list[int]:
    return [size.get_length() if size.is_static else 1 for size in port.partial_shape]


def _lanes(threads: int | None) -> int:
    if threads is None:
        # What this process may use, which in a container can be less than the machine has.
        usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
        threads = len(usable) or os.cpu_count() or 1
    return min(threads, MAX_LANES)


def _compile(graph: Path, config: dict[str, object], cache: Path | None) -> CompiledModel:
    core: Core = _openvino().Core()
    if cache is None:
        return core.compile_model(graph, "CPU", config)
    try:
        with _locked(cache):
            return core.compile_model(graph, "CPU", {**config, "CACHE_DIR": str(cache)})
    except OSError:
        # The folder cannot be written, or whoever locked it hangs.
        return core.compile_model(graph, "CPU", config)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes from the folder: OpenVINO writes its cache in place.

    Raises:
        OSError: It cannot be written, or was locked all the time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + LOCK_S
    with (folder / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError(f"{folder} is locked") from None
                time.sleep(0.05)
            else:
                break
        yield


@contextmanager
def _translated(doing: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # both libraries raise RuntimeError and classes of their own
        raise EmbeddingFailed(f"the embedding model cannot {doing}: {error}") from error
