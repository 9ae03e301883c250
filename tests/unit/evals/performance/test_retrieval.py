from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from evals.performance import scale_index
from evals.performance.memory import memory
from evals.performance.page_cache import DROPPED, UNTOUCHED, drop
from evals.performance.questions import FILTERED, made_questions
from evals.performance.retrieval import Job, measure
from evals.performance.scale_index import built, index_with
from ingest.index.builder import GenerationBuilder
from ingest.index.check import check
from service.settings import ServiceSettings
from tests.fakes import FakeEmbedder
from tests.unit.evals.performance.made_sentences import made_sentences

PASSAGES = 60


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build a small index, checked without a child process."""
    builder = partial(GenerationBuilder, check=check)
    monkeypatch.setattr(scale_index, "GenerationBuilder", builder)
    return build(tmp_path)


def build(work: Path) -> Path:
    return index_with(made_sentences(), PASSAGES, work, lambda _done, _all: None)


def test_every_filter_is_measured_for_one_client_and_for_several(index: Path) -> None:
    asked = tuple(made_questions(made_sentences(), 8))
    job = Job(ServiceSettings(data_dir=index), asked, clients=2, limit_s=60)

    found = measure(job, lambda _: FakeEmbedder())

    assert [(row.filtered, row.clients) for row in found.rows] == [
        (filtered, clients) for filtered in FILTERED for clients in (1, 2)
    ]
    assert {row.retrieval.questions for row in found.rows} == {4}
    assert {row.chroma.questions for row in found.rows} == {4}
    assert [row.embedding is None for row in found.rows] == [False, True] * 4
    assert found.rows[0].without_passages == 0
    assert found.warm.peak >= found.opened.resident > 0


def test_an_index_that_is_there_is_used_again(index: Path) -> None:
    before = built(index)

    assert build(index.parent) == index
    assert built(index) == before


def test_a_damaged_index_is_built_anew(index: Path) -> None:
    before = built(index)
    catalog = index / "generations" / "000001" / "catalog.db"
    catalog.write_bytes(catalog.read_bytes()[:-1])

    assert build(index.parent) == index
    assert built(index) != before
    assert not catalog.exists()


def test_nothing_is_lost_when_pages_are_dropped(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"news" * 5000)

    assert drop(tmp_path) in (DROPPED, UNTOUCHED)
    assert (tmp_path / "file").read_bytes() == b"news" * 5000


def test_memory_of_files_and_of_the_process_are_told_apart() -> None:
    held = memory()

    assert held.resident == pytest.approx(held.anonymous + held.mapped)
    assert held.peak >= held.private >= 0
