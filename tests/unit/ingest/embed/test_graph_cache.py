from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.embed.graph_cache import default_folder, embedding_graphs, graph_file
from ingest.embed.weights import GRAPH_VERSION, ModelFiles
from ingest.errors import SettingsError

PROGRAM = """
import sys
from pathlib import Path
from ingest.embed.engines import make_engine
from ingest.embed.graph_cache import embedding_graphs
from ingest.embed.weights import GRAPH_VERSION, ModelFiles
sys.stdin.readline()
graphs = embedding_graphs(ModelFiles(Path(sys.argv[1]), sys.argv[2]))
make_engine(graphs, "float32", Path(sys.argv[3]))
"""


def test_a_graph_is_built_once(tiny: ModelFiles, tmp_path: Path) -> None:
    with graph_file(embedding_graphs(tiny), "float32", tmp_path) as path:
        first = path.stat()
    with graph_file(embedding_graphs(tiny), "float32", tmp_path) as path:
        second = path.stat()

    assert (first.st_ino, first.st_mtime_ns) == (second.st_ino, second.st_mtime_ns)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_name_carries_all_that_the_graph_depends_on(
    tiny: ModelFiles, tmp_path: Path
) -> None:
    with graph_file(embedding_graphs(tiny), "float32", tmp_path) as path:
        for part in (tiny.sha256[:16], f"v{GRAPH_VERSION}", "float32"):
            assert part in path.name


def test_a_folder_that_cannot_be_written_is_done_without(tiny: ModelFiles, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with graph_file(embedding_graphs(tiny), "float32", tmp_path / "file" / "cache") as path:
        assert path.stat().st_size > 0

    assert not path.exists()


def test_unknown_weights_are_never_built(tiny: ModelFiles, tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError),
        graph_file(embedding_graphs(ModelFiles(tiny.folder)), "int8", tmp_path),
    ):
        pass

    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_do_not_disturb_each_other(
    tiny: ModelFiles, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tiny.folder), tiny.sha256, str(tmp_path)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]

    errors = [process.communicate("go\n")[1] for process in running]

    assert [process.returncode for process in running] == [0, 0, 0], errors
    assert [path.suffix for path in tmp_path.iterdir()] == [".onnx"]


def test_the_default_folder_is_the_users() -> None:
    assert default_folder().name == "dateline"
