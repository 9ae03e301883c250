"""The commands over a Chroma server that is there, is away, and comes back."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from ingest.index.catalog import Catalog
from ingest.index.generations import Generations
from ingest.index.own_collection import NAME
from tests.chroma_run import ChromaRun, chroma_run
from tests.e2e.conftest import ROOT, Run

pytestmark = [pytest.mark.e2e, pytest.mark.faults, pytest.mark.timeout(300)]

KEY = "ck-secret-0123456789"


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaRun]:
    with chroma_run(tmp_path / "store") as started:
        yield started


@pytest.fixture
def there(run: Run, chroma: ChromaRun) -> Run:
    """Run `dateline` with the server in its settings, and a key that nobody may see."""
    return partial(run, DATELINE_CHROMA_URL=chroma.url, DATELINE_CHROMA_API_KEY=KEY)


@pytest.fixture
def article(tmp_path: Path) -> Callable[[str], str]:
    def write(word: str) -> str:
        file = tmp_path / f"{word}.txt"
        file.write_text(f"{word} news\n\nThe {word} was seen in Kelham on Monday morning.")
        return str(file)

    return write


def embedded(data: Path) -> int:
    """Return how many texts were ever embedded."""
    with closing(sqlite3.connect(data / "embeddings.db")) as db:
        [(table,)] = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 1")
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_an_ingest_without_the_server_loses_nothing(
    there: Run, chroma: ChromaRun, article: Callable[[str], str], tmp_path: Path
) -> None:
    assert there("ingest", article("stork")).returncode == 0
    chroma.kill()
    failed = there("ingest", article("heron"))
    assert (failed.returncode, chroma.url in failed.stderr) == (3, True)
    assert KEY not in failed.stdout + failed.stderr
    kept = embedded(tmp_path / "data")
    asked = there("search", "stork", "--json")
    assert (asked.returncode, KEY in asked.stderr) == (0, False)
    assert json.loads(asked.stdout)["results"][0]["title"] == "stork news"
    assert there("index", "check").returncode == 3
    chroma.start()
    assert there("ingest", article("heron")).returncode == 0
    assert embedded(tmp_path / "data") == kept == 2
    assert there("index", "check").returncode == 0


def catalogued(data: Path) -> set[str]:
    """Return the names of the vectors of every generation that is kept."""
    generations, names = Generations(data), set[str]()
    for number in generations.numbers():
        with closing(Catalog(generations.path(number))) as catalog:
            names |= {name for ids in catalog.vector_ids(0) for name in ids}
    return names


def test_a_killed_ingest_leaves_what_the_next_one_takes_away(
    there: Run, chroma: ChromaRun, article: Callable[[str], str], tmp_path: Path
) -> None:
    data, many = tmp_path / "data", tmp_path / "many.jsonl"
    there("ingest", article("stork"))
    name = (data / NAME).read_text().strip()
    texts = (f"Report {n}: {n * 7919} crates of tea were sold in Rize." for n in range(1500))
    many.write_text("".join(json.dumps({"title": text, "body": text}) + "\n" for text in texts))
    own = {"DATELINE_DATA_DIR": str(data), "DATELINE_CHROMA_URL": chroma.url}
    killed = subprocess.Popen(
        [sys.executable, str(ROOT / "dateline.py"), "ingest", str(many)], env={**os.environ, **own}
    )
    while len(chroma.ids(name)) < 100:
        assert killed.poll() is None, "it ended before it was killed"
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    assert Generations(data).numbers() == [1]
    assert catalogued(data) < chroma.ids(name)
    assert there("index", "check").returncode == 0
    assert there("ingest", article("heron")).returncode == 0
    assert chroma.ids(name) == catalogued(data)


def test_what_must_go_goes_from_the_server_too(
    there: Run, run: Run, chroma: ChromaRun, article: Callable[[str], str], tmp_path: Path
) -> None:
    there("ingest", article("stork"), article("heron"))
    name = (tmp_path / "data" / NAME).read_text().strip()
    [found, *_] = json.loads(there("search", "heron", "--json").stdout)["results"]
    assert len(chroma.ids(name)) == 2
    removed = there("remove", found["article_id"])
    assert removed.returncode == 0, removed.stdout
    assert "until `chroma vacuum` is run there" in removed.stdout
    assert name not in chroma.collections()
    name = (tmp_path / "data" / NAME).read_text().strip()
    assert len(chroma.ids(name)) == 1
    without = run("search", "stork")
    assert (without.returncode, "DATELINE_CHROMA_URL names none" in without.stderr) == (3, True)
    there("index", "backup", str(tmp_path / "b.tar"))
    moved = run("index", "restore", str(tmp_path / "b.tar"))
    assert moved.returncode == 0, moved.stderr
    assert run("index", "check").returncode == 0
