"""What an ingest does with articles, whatever is wrong with some of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest import publish, reading
from ingest.index.catalog import Catalog
from ingest.index.check import check
from ingest.index.generations import Generations
from tests.fakes import FakePieces, FakeTools
from tests.integration.conftest import Ingest, Stored, record, stopped_after, write

URL = "https://courier.example/ferry"


class _Clock(FakeTools):
    """A minute passes with each article that is split, and at no other time."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def pieces(self) -> FakePieces:
        self.now += 61
        return super().pieces()


class _StumblingPieces(FakePieces):
    """Fails on texts with one word."""

    def starts(self, text: str) -> list[int]:
        if "stumble" in text:
            raise KeyError("stumble")
        return super().starts(text)


class _StumblingTools(FakeTools):
    def pieces(self) -> FakePieces:
        return _StumblingPieces()


def _rows(generations: Generations) -> object:
    """Return all that the catalog in use holds, in plain values."""
    catalog = Catalog(generations.path(generations.require_current()))
    rows = [
        (entry.article, entry.passages, [v.passage.tolist() for v in entry.vectors])
        for entry in catalog.everything()
    ]
    keys = catalog.article_keys()
    catalog.close()
    return rows, keys


def test_checkpoints_publish_generation_by_generation_and_change_nothing(
    ingest: Ingest, news: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(news / "a.jsonl", *(record(f"Story {number}") for number in range(3)))
    ingest(path)
    once = _rows(Generations(data))
    data.rename(data.with_name("once"))
    clock = _Clock()
    monkeypatch.setattr(publish, "time", clock)
    monkeypatch.setattr(publish, "BATCH_PASSAGES", 1)
    report = ingest(path, tools=clock, checkpoint_s=60.0)
    assert (report.generation, report.added) == (3, 3)
    assert _rows(Generations(data)) == once
    assert check(Generations(data).path(3)) == []


def test_an_ingest_that_is_stopped_publishes_what_is_done_and_the_next_goes_on(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    path = write(news / "a.jsonl", *(record(f"Story {number}") for number in range(4)))
    first = ingest(path, **stopped_after(2))
    assert (first.interrupted, first.added, first.generation) == (True, 2, 1)
    assert sorted(stored()) == ["Story 0", "Story 1"]
    second = ingest(path)
    assert (second.interrupted, second.added, second.unchanged) == (False, 2, 2)
    assert len(stored()) == 4


def test_a_stopped_ingest_removes_nothing_it_has_not_come_to(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    path = write(news / "a.jsonl", record("Ferry"), record("Wheat"), record("Rail"))
    ingest(news)
    write(path, record("Ferry"), record("Wheat"), record("Rail"), record("Tea"))
    report = ingest(news, prune=True, stop=lambda: True)
    assert (report.interrupted, report.removed) == (True, 0)
    assert sorted(stored()) == ["Ferry", "Rail", "Wheat"]


def test_one_article_in_two_files_counts_as_a_duplicate(ingest: Ingest, news: Path) -> None:
    write(news / "a.jsonl", record("Ferry", url=URL))
    write(news / "b.jsonl", record("Ferry", url=URL))
    report = ingest(news)
    assert (report.added, report.duplicate, report.failures) == (1, 1, [])


def test_two_texts_of_one_address_are_a_failure_that_names_both_files(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    first = write(news / "a.jsonl", record("Ferry", url=URL))
    second = write(news / "b.jsonl", record("Wheat", url=URL))
    report = ingest(news)
    (failure,) = report.failures
    assert (report.added, failure.path) == (1, str(second))
    assert str(first) in failure.reason and URL in failure.reason
    assert list(stored()) == ["Ferry"]


def test_an_unexpected_error_in_splitting_one_article_stops_no_other(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    bad = record("Wheat", "They stumble over the sacks of wheat.")
    path = write(news / "a.jsonl", record("Ferry"), bad, record("Rail"))
    report = ingest(path, tools=_StumblingTools())
    (failure,) = report.failures
    assert (failure.path, failure.step) == (str(path), "chunk")
    assert "KeyError" in failure.reason
    assert sorted(stored()) == ["Ferry", "Rail"]


def test_an_unexpected_error_in_describing_one_article_stops_no_other(
    ingest: Ingest, news: Path, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = reading.describe
    wrong = {"Wheat": lambda _raw: 1 / 0}
    monkeypatch.setattr(reading, "describe", lambda raw: wrong.get(raw.title, right)(raw))
    path = write(news / "a.jsonl", record("Ferry"), record("Wheat"), record("Rail"))
    (failure,) = ingest(path).failures
    assert (failure.path, failure.step) == (str(path), "describe")
    assert "ZeroDivisionError" in failure.reason
    assert sorted(stored()) == ["Ferry", "Rail"]


def test_a_file_name_that_is_no_utf8_stops_no_other_file(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    odd = Path(os.fsdecode(os.fsencode(news) + b"/caf\xe9.jsonl"))
    try:
        write(odd, record("Coffee"))
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    write(news / "z.jsonl", record("Ferry"))
    assert (ingest(news).added, ingest(news).unchanged) == (2, 2)
    assert stored()["Coffee"].origin.endswith(r"caf\xe9.jsonl")


def test_half_a_surrogate_pair_in_a_record_stops_no_other_record(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    half = {name: f"{name} \ud83d" for name in ("id", "outlet", "author", "section", "language")}
    odd = record(
        "Wheat \ud83d", "Wheat \ud83d fell in Ankara on Monday.", url=f"{URL}\udc00", **half
    )
    write(news / "a.jsonl", odd, record("Tea", id="\udc00"), record("Ferry"))
    report = ingest(news)
    assert (report.added, report.failures) == (3, [])
    assert sorted(stored()) == ["Ferry", "Tea", "Wheat"]


def test_a_file_that_moved_keeps_its_article_and_follows_it(
    ingest: Ingest, tmp_path: Path, stored: Stored
) -> None:
    old = write(tmp_path / "old" / "ferry.jsonl", record("Ferry", url=URL))
    write(tmp_path / "old" / "rail.jsonl", record("Rail"))
    ingest(tmp_path / "old")
    new = tmp_path / "new" / "ferry.jsonl"
    new.parent.mkdir()
    old.rename(new)
    moved = ingest(new.parent)
    assert (moved.unchanged, moved.added, stored()["Ferry"].origin) == (1, 0, str(new))
    assert ingest(old.parent, prune=True).removed == 0
    assert sorted(stored()) == ["Ferry", "Rail"]
