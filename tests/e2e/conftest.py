from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `dateline` as a process of its own, in an empty folder with a data folder of its own."""

    def dateline(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "dateline.py"), *arguments],
            cwd=tmp_path,
            env={**os.environ, "DATELINE_DATA_DIR": str(tmp_path / "data"), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return dateline


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample articles, made by the real command; copy it, don't change it."""
    folder = tmp_path_factory.mktemp("samples") / "data"
    subprocess.run(
        [sys.executable, str(ROOT / "dateline.py"), "ingest", str(ROOT / "ingest" / "samples")],
        cwd=folder.parent,
        env={**os.environ, "DATELINE_DATA_DIR": str(folder)},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def indexed(sample_index: Path, tmp_path: Path) -> Path:
    """The data folder that `run` uses, with the sample articles in it."""
    return shutil.copytree(sample_index, tmp_path / "data")


@pytest.fixture
def document(run: Run) -> Callable[..., Any]:
    """Run `dateline … --json` and return the document that it prints."""

    def ask(*arguments: str) -> Any:
        return json.loads(run(*arguments, "--json").stdout)

    return ask
