"""The commands over a Chroma server that is there, is away, and comes back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from ingest.index.own_collection import NAME
from tests.chroma_run import ChromaRun, chroma_run
from tests.e2e.conftest import Run

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


def test_what_must_go_goes_from_the_server_too(
    there: Run, run: Run, chroma: ChromaRun, article: Callable[[str], str], tmp_path: Path
) -> None:
    there("ingest", article("stork"), article("heron"))
    name = (tmp_path / "data" / NAME).read_text().strip()
    [found, *_] = json.loads(there("search", "heron", "--json").stdout)["results"]
    assert len(chroma.ids(name)) == 2
    removed = there("remove", found["article_id"])
    assert (removed.returncode, len(chroma.ids(name))) == (0, 1), removed.stdout
    without = run("search", "stork")
    assert (without.returncode, "DATELINE_CHROMA_URL names none" in without.stderr) == (3, True)
    there("index", "backup", str(tmp_path / "b.tar"))
    moved = run("index", "restore", str(tmp_path / "b.tar"))
    assert moved.returncode == 0, moved.stderr
    assert run("index", "check").returncode == 0
