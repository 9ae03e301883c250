"""An ingest of small files with a fake embedder, checked without a child process."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from ingest import pipeline, publish
from ingest.domain import Article
from ingest.index.builder import GenerationBuilder
from ingest.index.catalog import Catalog
from ingest.index.check import check
from ingest.index.generations import Generations
from ingest.report import Report
from tests.fakes import FakeTools

Ingest = Callable[..., Report]
Stored = Callable[[], dict[str, Article]]
SmallDisk = Callable[[int], Path]


def stopped_after(steps: int) -> dict[str, Callable[..., object]]:
    """Return options that stop an ingest after so many steps: an article is one, and a file."""
    seen: list[Report] = []
    return {"progress": seen.append, "stop": lambda: len(seen) >= steps}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """An empty folder for articles."""
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


@pytest.fixture
def ingest(data: Path, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    """Run an ingest; options as keywords."""
    # A child for each publication would take most of the tests' time.
    builder = partial(GenerationBuilder, check=check)
    monkeypatch.setattr(publish, "GenerationBuilder", builder)

    def run(*paths: Path, tools: FakeTools | None = None, **options: object) -> Report:
        made = pipeline.Options(**options)  # type: ignore[arg-type]
        return pipeline.ingest(paths, data, tools or FakeTools(), made)

    return run


@pytest.fixture
def stored(data: Path) -> Stored:
    """Return the articles of the generation in use by title."""

    def articles() -> dict[str, Article]:
        generations = Generations(data)
        catalog = Catalog(generations.path(generations.require_current()))
        found = {entry.article.title: entry.article for entry in catalog.everything()}
        catalog.close()
        return found

    return articles


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Make a disk of so many bytes; only root can."""
    folder = tmp_path / "disk"

    def mount(size: int) -> Path:
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, check=False).returncode != 0:
            pytest.skip("mounting a small disk needs root")
        return folder

    yield mount
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True)


def record(title: str, body: str = "", **fields: str) -> str:
    """Return an article as one line of JSON."""
    text = body or f"{title} was the talk of the harbour on Monday."
    return json.dumps({"title": title, "body": text, **fields})


def write(path: Path, *records: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in records))
    return path
