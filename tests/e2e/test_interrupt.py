"""Ctrl-C: what is done is published, soon; a second one ends the run at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Run

pytestmark = pytest.mark.e2e
SENTENCE = "The {n}th ferry of the day sailed for Baku with {n} lorries, the harbour master said. "


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """More articles than are embedded in a minute."""
    path = tmp_path / "many.jsonl"
    with path.open("w") as file:
        for n in range(4000):
            text = "".join(SENTENCE.format(n=n * 100 + line) for line in range(40))
            file.write(json.dumps({"title": f"Day {n}", "text": text}) + "\n")
    return path


@pytest.fixture
def ingesting(news: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """An ingest that has embedded something."""
    data = tmp_path / "data"
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "dateline.py"), "ingest", str(news), "--json"],
        cwd=tmp_path,
        env={**os.environ, "DATELINE_DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    cache = data / "embeddings.db-wal"
    end = time.monotonic() + 60
    while not (cache.exists() and cache.stat().st_size > 400_000) and time.monotonic() < end:
        time.sleep(0.1)
    assert cache.stat().st_size > 400_000
    yield process
    process.kill()
    process.communicate()


def test_the_first_publishes_what_is_done_and_the_next_run_goes_on(
    ingesting: subprocess.Popen[str], run: Run, tmp_path: Path
) -> None:
    ingesting.send_signal(signal.SIGINT)
    report = json.loads(ingesting.communicate(timeout=60)[0])
    done = report["articles"]["added"]
    assert ingesting.returncode == 1
    assert 0 < done < 4000
    assert run("index", "check").returncode == 0
    short = (tmp_path / "many.jsonl").read_text().splitlines(keepends=True)[: done + 1]
    (tmp_path / "many.jsonl").write_text("".join(short))
    again = json.loads(run("ingest", str(tmp_path / "many.jsonl"), "--json").stdout)
    assert (again["articles"]["unchanged"], again["articles"]["added"]) == (done, 1)


def test_the_second_ends_the_run_and_leaves_no_half_made_index(
    ingesting: subprocess.Popen[str], run: Run, tmp_path: Path
) -> None:
    ingesting.send_signal(signal.SIGINT)
    assert ingesting.stderr is not None
    assert "again to drop it" in ingesting.stderr.readline()
    ingesting.send_signal(signal.SIGINT)
    assert ingesting.communicate(timeout=30)[0] == ""
    assert not (tmp_path / "data" / "CURRENT").exists()
    (tmp_path / "one.txt").write_text("The ferry sailed for Baku on Monday, it was said.")
    assert run("ingest", str(tmp_path / "one.txt")).returncode == 0
    assert run("index", "check").returncode == 0
