"""The check finds what is wrong, and only what is wrong."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.errors import IndexUnavailable, StorageFull
from ingest.index.builder import GenerationBuilder
from ingest.index.check import CheckChild, check, check_in_child
from ingest.index.generations import Generations
from ingest.index.lexical import TantivyLexical
from ingest.index.lexical_document import LexicalDocument
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry, put, remake_manifest

ROOT = Path(__file__).parents[3]
PASSAGES = 30
# An ingest asks a signal to wait, as the command line does; the check is what must not be ended.
PUBLISHING = """
import signal, sys
from pathlib import Path
from ingest.index.builder import GenerationBuilder
from ingest.index.check import check_in_child
from ingest.index.generations import Generations
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry

def check(folder, server):
    print("checking", flush=True)
    return check_in_child(folder, server)

signal.signal(signal.SIGINT, lambda *_: None)
builder = GenerationBuilder(Generations(Path(sys.argv[1])), FakeEmbedder().identity, None, check)
builder.put(entry("a1", "The ferry sailed for Baku."))
builder.publish()
# Not even on its way out may a late signal end it.
signal.signal(signal.SIGINT, signal.SIG_IGN)
"""


def test_ctrl_c_during_the_check_does_not_fail_the_publication(
    generations: Generations,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISHING, str(generations.data_dir)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as writer:
        assert writer.stdout is not None and writer.stderr is not None
        assert writer.stdout.readline() == b"checking\n"
        for _ in range(3):
            time.sleep(0.15)
            os.killpg(writer.pid, signal.SIGINT)
        assert (writer.stderr.read(), writer.wait()) == (b"", 0)
    assert generations.current() == 1


def _line(number: int) -> str:
    return f"Ship{number} left{number} port{number}."


@pytest.fixture
def many(generations: Generations) -> Path:
    """A generation of more passages than the check takes for a good answer."""
    put(generations, *(entry(f"{number:04x}", _line(number)) for number in range(PASSAGES)))
    assert check(generations.path(1)) == []
    return generations.path(1)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passages SET end = end - 1 WHERE article_id = '0007'",
        "UPDATE passages SET end = end + 1 WHERE article_id = '0007'",
        "UPDATE passages SET start = start + 1 WHERE article_id = '0007'",
        "UPDATE articles SET text = replace(text, 'p', 'f') WHERE article_id = '0007'",
    ],
)
def test_a_passage_that_is_not_where_it_says_is_reported(many: Path, change: str) -> None:
    catalog = sqlite3.connect(many / "catalog.db")
    with catalog:
        catalog.execute(change)
    catalog.close()
    remake_manifest(many)
    assert "passage 0007-0000 has offsets that do not give its text" in check(many)


def test_words_that_stand_under_another_passage_are_reported(many: Path) -> None:
    shutil.rmtree(many / "tantivy")
    lexical = TantivyLexical(many / "tantivy", create=True)
    for number in range(PASSAGES):
        name = f"{(number + 1) % PASSAGES:04x}"
        lexical.add([LexicalDocument(f"{name}-0000", name, _line(number), None, None, None)])
    lexical.close()
    remake_manifest(many)
    problems = check(many)
    assert "Tantivy does not find passage 0007-0000 by its own words" in problems
    assert len(problems) == PASSAGES


def test_a_passage_that_one_store_lacks_is_reported(many: Path) -> None:
    lexical = TantivyLexical(many / "tantivy", write=True)
    lexical.delete_article("0007")
    lexical.close()
    remake_manifest(many)
    problems = check(many)
    assert "Tantivy holds 29 passages that are not the catalog's 30" in problems


def test_copies_of_one_text_are_no_problem(generations: Generations) -> None:
    put(generations, *(entry(f"{number:04x}", "The same wire copy.") for number in range(PASSAGES)))
    assert check(generations.path(1)) == []


def _no_room(*_: object, **__: object) -> None:
    raise OSError(28, os.strerror(28))


def test_no_room_for_the_copy_that_is_checked_is_no_failed_check(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = GenerationBuilder(generations, FakeEmbedder().identity, None, check)
    builder.put(entry("a1", "The ferry sailed for Baku."))
    monkeypatch.setattr(shutil, "copytree", _no_room)
    with pytest.raises(StorageFull, match="no space left; make room"):
        builder.publish()
    assert generations.current() is None


def test_a_child_without_room_for_its_copy_says_so(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What Python imports at its start, in the child only: no disk is full for this process alone.
    full = "import shutil\ndef full(*_, **__): raise OSError(28, 'No space left')\n"
    (tmp_path / "sitecustomize.py").write_text(f"{full}shutil.copytree = full\n")
    with monkeypatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        with pytest.raises(StorageFull, match="no space left; make room"):
            check_in_child(many)
    assert check_in_child(many) == []


def test_a_child_that_somebody_ends_says_nothing_about_the_generation(many: Path) -> None:
    child = CheckChild()
    child._child.kill()

    with pytest.raises(IndexUnavailable, match=r"ended from outside \(signal 9"):
        child.problems(many)
    child.close()


def test_a_child_that_is_not_asked_ends_when_it_is_closed() -> None:
    child = CheckChild()

    child.close()

    assert child._child.returncode == -signal.SIGKILL
