"""Keeps the graphs built from the weights, so that only the first start pays for them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.embed.graph import build_float32
from ingest.embed.quantised_graph import build_int8
from ingest.embed.weights import GRAPH_VERSION, ModelFiles

if TYPE_CHECKING:
    from onnx import ModelProto

GraphKind = Literal["float32", "int8"]


@dataclass(frozen=True)
class Graphs:
    """The graphs of one model.

    Attributes:
        name: Another one for whatever else they are built from; part of a file's name.
        build: Returns one. Raises SettingsError when the weights are not the expected ones.
        half_precise: Whether OpenVINO may keep float32 weights in 16 bits, which saves memory.
    """

    name: str
    build: Callable[[GraphKind], ModelProto]
    half_precise: bool = False


def embedding_graphs(model: ModelFiles) -> Graphs:
    """Return the graphs that give vectors."""

    def build(kind: GraphKind) -> ModelProto:
        return build_int8(model) if kind == "int8" else build_float32(model)

    return Graphs(f"minilm-{model.sha256[:16]}-v{GRAPH_VERSION}", build)


def default_folder() -> Path:
    """Return the user's cache folder for this program."""
    from platformdirs import user_cache_path

    return user_cache_path("dateline", appauthor=False)


@contextmanager
def graph_file(graphs: Graphs, kind: GraphKind, folder: Path) -> Iterator[Path]:
    """Give the path of the graph in `folder`, built on first use.

    Several processes may start together: each writes under a name of its own and renames. Where
    the folder cannot be written the file lives in a temporary folder until the block ends.

    Raises:
        SettingsError: The weights are not the expected ones; only checked when building.
        OSError: No folder at all can be written.
    """
    path = folder / f"{graphs.name}-{kind}.onnx"
    if path.is_file() or _is_kept(graphs, kind, path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="dateline-") as elsewhere:
        path = Path(elsewhere) / path.name
        _write(graphs, kind, path)
        yield path


def _is_kept(graphs: Graphs, kind: GraphKind, path: Path) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the same folder, because a rename is atomic only within one file system.
        with tempfile.TemporaryDirectory(prefix=".building-", dir=path.parent) as building:
            unfinished = Path(building) / path.name
            _write(graphs, kind, unfinished)
            _sync(unfinished)
            os.replace(unfinished, path)
    except OSError:
        return False
    return True


def _write(graphs: Graphs, kind: GraphKind, path: Path) -> None:
    path.write_bytes(graphs.build(kind).SerializeToString())


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
