"""What an ingest remembers between runs: files that need not be read again, and earlier texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest import describe, publish, reading
from ingest.embed import background
from ingest.index.catalog import Catalog
from ingest.index.generations import Generations
from ingest.index.mend import mend
from ingest.index.rows import Revision
from tests.fakes import FakeTools
from tests.integration.conftest import Ingest, Stored, record, stopped_after, write

URL = "https://courier.example/ferry"


def _revisions(data: Path) -> list[Revision]:
    generations = Generations(data)
    catalog = Catalog(generations.path(generations.require_current()))
    found = catalog.revisions()
    catalog.close()
    return found


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read, as they are read."""
    names: list[str] = []
    right = reading.read

    def read(source):  # type: ignore[no-untyped-def]
        names.append(source.name)
        return right(source)

    monkeypatch.setattr(reading, "read", read)
    return names


def test_a_file_that_has_not_changed_is_not_read_again(
    ingest: Ingest, news: Path, reads: list[str]
) -> None:
    write(news / "a.jsonl", record("Ferry"), record("Rail"))
    write(news / "b.jsonl", record("Wheat"))
    ingest(news)
    reads.clear()
    write(news / "b.jsonl", record("Wheat"), record("Barley"))
    report = ingest(news)
    assert reads == ["b.jsonl"]
    assert (report.unchanged, report.added, report.failed) == (3, 1, 0)


def test_a_file_with_a_failure_is_read_and_reported_again(
    ingest: Ingest, news: Path, reads: list[str]
) -> None:
    write(news / "a.jsonl", record("Ferry"), "{broken")
    ingest(news)
    reads.clear()
    report = ingest(news)
    assert (reads, report.unchanged, report.failed) == (["a.jsonl"], 1, 1)


def test_a_file_is_read_again_when_its_sidecar_changes(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    write(news / "a.jsonl", record("Ferry"))
    ingest(news)
    (news / "a.jsonl.meta.json").write_text('{"outlet": "Coast Daily"}')
    report = ingest(news)
    assert (report.updated, stored()["Ferry"].outlet) == (1, "Coast Daily")


def test_a_file_is_read_again_when_the_program_describes_articles_otherwise(
    ingest: Ingest, news: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(news / "a.jsonl", record("Ferry"))
    ingest(news)
    reads.clear()
    for module in (describe, reading):
        monkeypatch.setattr(module, "PIPELINE_VERSION", -1)
    assert (ingest(news).updated, reads) == (1, ["a.jsonl"])


def test_a_file_whose_article_another_file_took_over_is_read_again(
    ingest: Ingest, news: Path, reads: list[str]
) -> None:
    write(news / "a.jsonl", record("Ferry", url=URL))
    ingest(news / "a.jsonl")
    write(news / "b.jsonl", record("Ferry", "The ferry was pulled free on Tuesday.", url=URL))
    assert ingest(news / "b.jsonl").updated == 1
    reads.clear()
    report = ingest(news)
    assert reads == ["a.jsonl", "b.jsonl"]
    assert [f.step for f in report.failures] == ["index"]


def test_what_was_dropped_when_a_run_was_stopped_is_read_by_the_next(
    ingest: Ingest, news: Path, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.embed.background.STOP_GRACE_S", -1.0)
    for name in "abc":
        write(news / f"{name}.jsonl", record(f"Story {name}"))
    ingest(news / "c.jsonl")
    first = ingest(news, **stopped_after(2))
    assert (first.interrupted, first.added) == (True, 0)
    second = ingest(news)
    assert (second.added, second.unchanged, len(stored())) == (2, 1, 3)


def test_a_changed_article_at_the_same_address_remembers_both_dates(
    ingest: Ingest, news: Path, data: Path, stored: Stored
) -> None:
    ingest(write(news / "a.jsonl", record("Ferry", url=URL, date="2025-12-16")))
    later = record("Ferry freed", "It was pulled free.", url=URL, date="2025-12-17")
    ingest(write(news / "a.jsonl", later))
    [revision] = _revisions(data)
    dates = revision.earlier_published_at, revision.published_at
    assert dates == ("2025-12-16T00:00:00Z", "2025-12-17T00:00:00Z")
    assert stored()["Ferry freed"].text == "It was pulled free."


def test_a_new_outlet_or_title_alone_is_no_revision(ingest: Ingest, news: Path, data: Path) -> None:
    text = "The ferry ran aground on Monday."
    ingest(write(news / "a.jsonl", record("Ferry", text, url=URL)))
    assert ingest(write(news / "a.jsonl", record("Ferry aground", text, url=URL))).updated == 1
    assert _revisions(data) == []


def test_a_rebuilt_index_keeps_revisions_and_knows_its_files(
    ingest: Ingest, news: Path, data: Path, reads: list[str]
) -> None:
    ingest(write(news / "a.jsonl", record("Ferry", url=URL)))
    ingest(write(news / "a.jsonl", record("Ferry", "It was pulled free on Tuesday.", url=URL)))
    before = _revisions(data)
    mend(Generations(data))
    reads.clear()
    assert (ingest(news).unchanged, reads) == (1, [])
    assert _revisions(data) == before != []


def test_a_removed_article_leaves_nothing_of_its_history(
    ingest: Ingest, news: Path, data: Path
) -> None:
    path = write(news / "a.jsonl", record("Ferry", url=URL), record("Rail"))
    ingest(path)
    ingest(write(path, record("Ferry", "It was pulled free.", url=URL), record("Rail")))
    ingest(write(path, record("Rail")))
    assert _revisions(data) == []


def test_a_day_without_a_year_is_kept_as_such(ingest: Ingest, news: Path, stored: Stored) -> None:
    (news / "a.txt").write_text("TEHRAN (Feb 25) – The ferry sailed for Baku on Tuesday morning.")
    ingest(news)
    [article] = stored().values()
    assert (article.published.at, article.published.month_day) == (None, "--02-25")
    assert json.dumps(article.published.precision) == '"month_day"'


def test_a_file_that_lost_an_article_before_a_checkpoint_and_a_stop_loses_it_later(
    ingest: Ingest, news: Path, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(news / "a.jsonl", record("Ferry"), record("Rail"))
    ingest(path)
    write(path, record("Rail"))
    write(news / "b.jsonl", record("Wheat"))
    write(news / "c.jsonl", record("Barley"))
    monkeypatch.setattr("ingest.publish.BATCH_PASSAGES", 1)
    monkeypatch.setattr(publish.Publisher, "is_due", lambda *_: True)
    assert ingest(news, **stopped_after(3)).interrupted
    ingest(news)
    assert sorted(stored()) == ["Barley", "Rail", "Wheat"]


def test_a_file_put_back_after_a_run_with_a_failure_is_read_again(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    first = (record("Ferry", url=URL), record("Rail"))
    path = write(news / "a.jsonl", *first)
    ingest(path)
    write(
        path,
        record("Ferry", "It sank on Monday.", url=URL),
        record("Rail"),
        record("Wheat"),
        "{broken",
    )
    assert ingest(path).failed == 1
    write(path, *first)
    report = ingest(path)
    assert (report.updated, report.removed) == (1, 1)
    assert "talk of the harbour" in stored()["Ferry"].text


def test_a_file_is_left_as_it_is_in_the_index_while_its_sidecar_cannot_be_read(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    write(news / "a.jsonl", record("Ferry"))
    sidecar = news / "a.jsonl.meta.json"
    sidecar.write_text('{"outlet": "Coast Daily"}')
    ingest(news)
    sidecar.write_text("{broken")
    report = ingest(news)
    assert [(f.step, f.path) for f in report.failures] == [("describe", str(news / "a.jsonl"))]
    assert (report.removed, stored()["Ferry"].outlet) == (0, "Coast Daily")


def test_a_long_article_is_embedded_in_parts_so_that_a_stop_need_not_wait(
    ingest: Ingest, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "TEXTS_AT_ONCE", 2)
    monkeypatch.setattr(background, "STOP_GRACE_S", -1.0)
    text = "The ferry sailed for Baku with forty lorries on Monday. " * 400
    tools = FakeTools()
    tools.fake.lanes = 1
    write(news / "a.jsonl", record("Long", text))
    report = ingest(news, tools=tools, stop=lambda: len(tools.fake.embedded) >= 2)
    assert (report.interrupted, report.added, len(tools.fake.embedded)) == (True, 0, 2)
