"""What an ingest removes: what its file no longer holds, and never what could not be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import SettingsError
from tests.integration.conftest import Ingest, Stored, record, write


def test_an_article_that_is_given_an_address_takes_the_place_of_the_old_one(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    path = write(news / "a.txt", "Title: Ferry", "", "The ferry sailed for Baku on Monday.")
    ingest(path)
    before = stored()["Ferry"].article_id
    head = ("Title: Ferry", "URL: https://courier.example/ferry", "")
    write(path, *head, "The ferry sailed for Baku on Monday.")
    report = ingest(path)
    assert (report.added, report.removed) == (1, 1)
    assert [a.article_id != before for a in stored().values()] == [True]


def test_a_record_with_a_new_title_takes_the_place_of_the_old_one(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    path = write(news / "a.jsonl", record("Ferry"), record("Rail"))
    ingest(path)
    write(path, record("Ferry sails again"), record("Rail"))
    report = ingest(path)
    assert (report.added, report.removed, report.unchanged) == (1, 1, 1)
    assert sorted(stored()) == ["Ferry sails again", "Rail"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_a_record_put_before_others_changes_no_other_article(
    ingest: Ingest, news: Path, stored: Stored, name: str
) -> None:
    def put(*records: str) -> Path:
        lines = records if name == "a.jsonl" else ("[" + ",".join(records) + "]",)
        return write(news / name, *lines)

    ingest(put(record("Ferry"), record("Rail")))
    before = stored()
    report = ingest(put(record("Wheat"), record("Ferry"), record("Rail")))
    assert (report.added, report.unchanged, report.removed) == (1, 2, 0)
    assert {title: stored()[title] for title in before} == before


def test_a_file_with_a_broken_line_keeps_the_articles_it_had(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    path = write(news / "a.jsonl", record("Ferry"), record("Rail"))
    ingest(news)
    write(path, record("Ferry"), record("Rail")[:-20])
    for prune in (False, True):
        report = ingest(news, prune=prune)
        assert ([f.path for f in report.failures], report.removed) == ([f"{path}:2"], 0)
    assert sorted(stored()) == ["Ferry", "Rail"]


def test_a_record_of_which_nothing_is_left_keeps_the_article_it_was(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    path = write(news / "a.jsonl", record("Ferry"), record("Rail"))
    ingest(news)
    write(path, record("Ferry", "Advertisement"), record("Rail"))
    report = ingest(news)
    assert ([f.step for f in report.failures], report.removed) == (["clean"], 0)
    assert sorted(stored()) == ["Ferry", "Rail"]


@pytest.mark.parametrize("spoil", [b"", b"%PDF-1.7 \x00\x01", b'[{"title": "Ferry"'])
def test_prune_keeps_the_articles_of_a_file_that_cannot_be_read(
    ingest: Ingest, news: Path, stored: Stored, spoil: bytes
) -> None:
    path = write(news / "a.json", record("Ferry"))
    gone = write(news / "b.jsonl", record("Rail"))
    ingest(news)
    path.write_bytes(spoil)
    gone.unlink()
    report = ingest(news, prune=True)
    assert ([f.path for f in report.failures], report.removed) == ([str(path)], 1)
    assert list(stored()) == ["Ferry"]


def test_prune_keeps_what_lies_below_a_folder_that_cannot_be_listed(
    ingest: Ingest, news: Path, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = write(news / "locked" / "a.jsonl", record("Ferry")).parent
    gone = write(news / "b.jsonl", record("Rail"))
    write(news / "c.jsonl", record("Tea"))
    ingest(news)
    gone.unlink()
    _lock(locked, monkeypatch)
    report = ingest(news, prune=True)
    assert ([f.path for f in report.failures], report.removed) == ([str(locked)], 1)
    assert sorted(stored()) == ["Ferry", "Tea"]


def _lock(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep everybody from listing a folder; no permission would keep root from it."""
    listed = Path.iterdir

    def refuse(folder: Path) -> Iterator[Path]:
        if folder == locked:
            raise PermissionError(13, os.strerror(13), str(folder))
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)


def test_prune_of_a_folder_with_no_article_is_refused(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    path = write(news / "a.jsonl", record("Ferry"))
    ingest(news)
    path.unlink()
    with pytest.raises(SettingsError, match="nothing is removed"):
        ingest(news, prune=True)
    assert list(stored()) == ["Ferry"]


def test_prune_keeps_a_record_of_which_nothing_is_left(ingest: Ingest, news: Path) -> None:
    path = write(news / "a.jsonl", record("Ferry"), record("Rail"))
    ingest(news)
    write(path, record("Ferry", "Ad."), record("Rail"))
    assert ingest(news, prune=True).removed == 0


def test_a_record_moved_to_another_file_follows_it(ingest: Ingest, news: Path) -> None:
    address = "https://courier.example/ferry"
    first = write(news / "a.jsonl", record("Ferry", url=address), record("Tea"))
    second = write(news / "b.jsonl", record("Rail"))
    ingest(news)
    write(first, record("Tea"))
    write(second, record("Rail"), record("Ferry", url=address))
    assert ingest(news).removed == 0
    assert ingest(first).removed == 0


def test_the_index_s_own_folder_is_never_read_as_articles(
    ingest: Ingest, news: Path, tmp_path: Path
) -> None:
    write(news / "a.txt", "Ferry sails", "", "The ferry sailed for Baku on Monday.")
    ingest(tmp_path)
    report = ingest(tmp_path)
    assert (report.unchanged, report.failures) == (1, [])


@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
def test_a_link_to_a_device_or_a_pipe_is_reported_and_keeps_nothing_else_out(
    ingest: Ingest, news: Path, target: str
) -> None:
    if target == "pipe":
        target = str(news.parent / "pipe")
        os.mkfifo(target)
    (news / "a.txt").symlink_to(target)
    write(news / "b.txt", "Title: Ferry", "", "The ferry sailed for Baku on Monday.")

    report = ingest(news)

    assert report.added == 1
    assert [(f.path, f.step) for f in report.failures] == [(str(news / "a.txt"), "read")]
    assert "no regular file" in report.failures[0].reason


@pytest.mark.parametrize("name", ["manifest.csv", "a.txt.meta.json"])
def test_a_sidecar_that_is_a_pipe_is_reported_and_not_waited_for(
    ingest: Ingest, news: Path, name: str
) -> None:
    write(news / "a.txt", "Title: Ferry", "", "The ferry sailed for Baku on Monday.")
    os.mkfifo(news / name)

    (failure,) = ingest(news).failures

    assert failure.step == "describe"
    assert failure.reason.startswith(f"{name} beside it cannot be read: is no regular file")


def test_a_link_that_leads_nowhere_is_told_as_that(ingest: Ingest, news: Path) -> None:
    (news / "a.txt").symlink_to("gone.txt")

    (failure,) = ingest(news).failures

    assert failure.reason == "is not there: it was removed, or is a link that leads nowhere"
