"""Chroma takes no settings but ours, whatever lies in the working folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OPENING = """
import sys
from pathlib import Path
from ingest.errors import SettingsError
from ingest.index.vectors import ChromaVectors
try:
    store = ChromaVectors(Path("store").resolve(), create=True)
    print("opened", type(store._client._server).__name__)
    store.close()
except SettingsError as error:
    print("refused", error)
"""


def _open(folder: Path, **environment: str) -> str:
    """Open a store from `folder` in a process of its own; return what it prints."""
    opened = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", OPENING],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return opened.stdout + opened.stderr


def test_names_of_chroma_change_nothing(tmp_path: Path) -> None:
    impl = "chromadb.api.fastapi.FastAPI"
    names = {"CHROMA_API_IMPL": impl, "CHROMA_PRODUCT_TELEMETRY_IMPL": "no.such.Class"}
    lines = [f"{name}={value}" for name, value in names.items()]
    (tmp_path / ".env").write_text("\n".join((*lines, "DATELINE_WRITER=auto", "OTHER=1")))
    assert _open(tmp_path, CHROMA_API_IMPL=impl) == "opened RustBindingsAPI\n"


@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_name_that_chroma_cannot_read_is_one_line_that_says_so(
    tmp_path: Path, where: str
) -> None:
    if where == "file":
        (tmp_path / ".env").write_text("CHROMA_SERVER_HTTP_PORT=abc\n")
        said = _open(tmp_path)
    else:
        said = _open(tmp_path, CHROMA_SERVER_HTTP_PORT="abc")
    assert said.count("\n") == 1
    assert said.startswith("opened ") or ("refused" in said and "take them out" in said)
