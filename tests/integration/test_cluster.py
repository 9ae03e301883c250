"""Ingest whose stages run elsewhere: here in this process, by hand, without Ray."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from ingest import pipeline, publish, reading
from ingest import tools as tools_module
from ingest.cluster import readings, stages
from ingest.cluster.readings import ClusterTools
from ingest.cluster.rows import Begun, Job, Plan, packed
from ingest.cluster.stages import EmbedStage, KnownStage, ReadStage, SplitStage
from ingest.domain import EmbedderId
from ingest.embed.cache import CachingEmbedder, EmbeddingCache
from ingest.errors import ArticleError, ClusterFailed, EmbeddingFailed, SettingsError
from ingest.fetch import Fetched
from ingest.index.builder import GenerationBuilder
from ingest.index.check import check
from ingest.report import Report
from ingest.settings import IndexSettings
from ingest.tools import SettingsTools
from tests.fakes import FakeEmbedder, FakePieces
from tests.integration.conftest import record, write
from tests.same_index import require_same

SAMPLES = Path(__file__).parents[2] / "ingest" / "samples"
TEXT = b"The ferry sailed for Baku on Monday, it was said."
URL = "https://courier.example/ferry"


class HandMade:
    """Runs the stages in this process, some rows at a time."""

    def __init__(self, size: int = 3, lose: int | None = None) -> None:
        self.size = size
        self.lose = lose
        self.jobs: list[Job] = []
        self.is_closed = True

    def run(self, plan: Plan, jobs: Sequence[Job]) -> Generator[list[bytes], None, None]:
        self.jobs += jobs
        self.is_closed = False
        rows = [packed(job) for job in jobs]
        for stage in (ReadStage(plan), SplitStage(plan), KnownStage(plan), EmbedStage(plan)):
            parts = [rows[n : n + self.size] for n in range(0, len(rows), self.size)]
            rows = [row for part in parts for row in stage(part)]
        if self.lose is not None:
            del rows[self.lose]
        try:
            for n in range(0, len(rows), self.size):
                yield []
                yield rows[n : n + self.size]
        finally:
            self.is_closed = True


Run = Callable[..., Report]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> FakeEmbedder:
    """What embeds, everywhere."""
    fake = FakeEmbedder()
    monkeypatch.setattr(publish, "GenerationBuilder", partial(GenerationBuilder, check=check))
    monkeypatch.setattr(stages, "bundled", lambda _settings: FakePieces())
    for module in (stages, readings):
        monkeypatch.setattr(module, "make_embedder", lambda *_args, **_more: fake)
    monkeypatch.setattr(readings, "identity_of", lambda *_args: fake.identity)
    monkeypatch.setattr(SettingsTools, "pieces", lambda _tools: FakePieces())

    def local(tools: SettingsTools, required: EmbedderId | None) -> CachingEmbedder:  # noqa: ARG001
        return CachingEmbedder(fake, tools.cache())

    monkeypatch.setattr(SettingsTools, "embedder", local)
    return fake


@pytest.fixture
def run(model: FakeEmbedder, tmp_path: Path) -> Run:  # noqa: ARG001 - it is what embeds
    """Ingest into the folder `name`, by `workers` where they are given; options as keywords."""

    def ingest(
        *places: Path | str, name: str = "data", workers: HandMade | None = None, **options: object
    ) -> Report:
        settings = IndexSettings(data_dir=tmp_path / name)
        made = ClusterTools(settings, workers) if workers else SettingsTools(settings, None)
        with made as tools:
            given = pipeline.Options(readings=tools.readings, **options)  # type: ignore[arg-type]
            report = pipeline.ingest(places, settings.data_dir, tools, given)
        return replace(report, seconds=0.0)

    return ingest


@pytest.fixture
def trouble(tmp_path: Path) -> Path:
    """A folder with much that is wrong."""
    folder = tmp_path / "trouble"
    write(folder / "a.jsonl", record("Ferry", url=URL), "{broken", record("Rail"), record("Rail"))
    write(folder / "b.jsonl", record("Ferry", url=URL), record("Tea", "Too short"))
    write(folder / "c.jsonl", record("Ferry", "Another text of the same ferry.", url=URL))
    write(folder / "d.jsonl", record("Long", "word " * 500_000), record("Wheat"))
    (folder / "e.pdf").write_bytes(b"%PDF-1.4 no more")
    (folder / "f.txt.gz").write_bytes(b"\x1f\x8b damaged")
    (folder / "g.txt").symlink_to(folder / "nowhere.txt")
    (folder / "h.txt").write_bytes(TEXT)
    (folder / "h.txt.meta.json").write_text("{no json")
    (folder / "empty").mkdir()
    (folder / "i.txt").write_bytes(b"")
    return folder


def test_gives_the_index_and_the_report_of_a_local_run(
    run: Run, trouble: Path, tmp_path: Path
) -> None:
    local = run(SAMPLES, trouble, name="local")
    report = run(SAMPLES, trouble, name="data", workers=HandMade())
    assert report == local
    assert local.failed > 5 and local.duplicate > 0
    assert require_same(tmp_path / "local", tmp_path / "data") == 0.0


def test_a_second_run_reads_only_what_changed_and_embeds_only_what_is_new(
    run: Run, model: FakeEmbedder, tmp_path: Path
) -> None:
    news = tmp_path / "news"
    write(news / "a.jsonl", record("Ferry"), record("Rail"))
    write(news / "b.jsonl", record("Wheat"))
    run(news, workers=HandMade())
    model.embedded.clear()
    write(news / "a.jsonl", record("Ferry"), record("Tea"))
    workers = HandMade()
    report = run(news, workers=workers)
    assert [job.source for job in workers.jobs] == [news / "a.jsonl"]
    assert (report.added, report.unchanged, report.removed) == (1, 2, 1)
    assert len(model.embedded) == 1 and "Tea" in model.embedded[0]


def test_a_run_over_what_has_not_changed_asks_no_worker(run: Run, tmp_path: Path) -> None:
    news = tmp_path / "news"
    write(news / "a.jsonl", record("Ferry"), record("Rail"))
    run(news)
    workers = HandMade()
    report = run(news, workers=workers)
    assert (report.unchanged, report.generation, workers.jobs) == (2, 1, [])


def test_a_file_that_holds_what_another_now_gives_is_read_here(run: Run, tmp_path: Path) -> None:
    news = tmp_path / "news"
    write(news / "b.jsonl", record("Ferry", url=URL))
    for name in ("local", "data"):
        run(news, name=name)
    write(news / "a.jsonl", record("Ferry", "Another text of the same ferry.", url=URL))
    assert run(news, name="data", workers=HandMade()) == run(news, name="local")
    assert require_same(tmp_path / "local", tmp_path / "data") == 0.0


def test_a_file_that_vanishes_before_it_is_read_fails_as_it_does_locally(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = tmp_path / "news"
    write(news / "a.jsonl", record("Ferry"))
    write(news / "b.jsonl", record("Wheat"))
    right = HandMade.run

    def late(workers: HandMade, plan: Plan, jobs: Sequence[Job]) -> object:
        os.remove(news / "a.jsonl")
        return right(workers, plan, jobs)

    monkeypatch.setattr(HandMade, "run", late)
    report = run(news, workers=HandMade())
    (failure,) = report.failures
    assert (report.added, failure.path, failure.step) == (1, str(news / "a.jsonl"), "read")


def test_what_an_address_gives_is_fetched_here_and_read_by_a_worker(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(address: str, *_more: object) -> Fetched:
        if address != URL:
            raise ArticleError("is not there")
        return Fetched(TEXT, url=URL, media_type="text/plain", charset=None)

    monkeypatch.setattr(reading, "fetch", fetch)
    places = [URL, "https://courier.example/gone"]
    workers = HandMade()
    report = run(*places, workers=workers)
    assert report == run(*places, name="local")
    assert (report.added, report.failed, len(workers.jobs)) == (1, 1, 1)
    assert require_same(tmp_path / "local", tmp_path / "data") == 0.0


def test_a_stopped_run_publishes_what_is_done_and_ends_the_workers(
    run: Run, tmp_path: Path
) -> None:
    news = write(tmp_path / "a.jsonl", *(record(f"Story {number}") for number in range(9)))
    workers, seen = HandMade(size=2), []
    report = run(news, workers=workers, progress=seen.append, stop=lambda: len(seen) >= 3)
    assert (report.interrupted, report.added, report.generation) == (True, 3, 1)
    assert workers.is_closed
    again = run(news, workers=HandMade())
    assert (again.added, again.unchanged) == (6, 3)


@pytest.mark.parametrize("lost", range(6))
def test_a_row_that_is_lost_is_noticed(run: Run, tmp_path: Path, lost: int) -> None:
    news = tmp_path / "news"
    write(news / "a.jsonl", record("Ferry"))
    write(news / "b.jsonl", record("Wheat"))
    with pytest.raises(ClusterFailed):
        run(news, workers=HandMade(lose=lost))
    assert not (tmp_path / "data" / "CURRENT").exists()


def test_a_file_that_changes_while_it_is_read_again_is_not_taken_for_known(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = write(tmp_path / "a.jsonl", record("Ferry"))
    with monkeypatch.context() as patch:
        patch.setattr(stages, "Begun", lambda number, *_, **_more: Begun(number, digest=b"old"))
        assert run(news, workers=HandMade()).added == 1
    workers = HandMade()
    assert run(news, workers=workers).unchanged == 1
    assert len(workers.jobs) == 1


def test_an_error_of_a_worker_ends_the_run_and_says_what_it_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise EmbeddingFailed("the model cannot run here")

    monkeypatch.setattr(stages, "make_embedder", fail)
    with pytest.raises(EmbeddingFailed, match="cannot run here"):
        run(write(tmp_path / "a.jsonl", record("Ferry")), workers=HandMade())


def test_a_worker_of_another_version_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "PIPELINE_VERSION", 0)
    with pytest.raises(SettingsError, match="another version of Dateline"):
        run(write(tmp_path / "a.jsonl", record("Ferry")), workers=HandMade())


def test_two_threads_that_ask_for_the_cache_get_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(path: Path) -> EmbeddingCache:
        time.sleep(0.1)
        return EmbeddingCache(path)

    monkeypatch.setattr(tools_module, "EmbeddingCache", slow)
    with (
        SettingsTools(IndexSettings(data_dir=tmp_path), None) as tools,
        ThreadPoolExecutor() as pool,
    ):
        first, second = pool.map(lambda _: tools.cache(), range(2))
    assert first is second


def test_sources_go_to_the_workers_in_groups_of_bounded_size(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "SOURCES_AT_ONCE", 2)
    for number in range(5):
        write(tmp_path / "news" / f"{number}.jsonl", record(f"Story {number}"))
    workers = HandMade()
    assert run(tmp_path / "news", workers=workers).added == 5
    assert [job.number for job in workers.jobs] == [1, 2, 3, 4, 5]
