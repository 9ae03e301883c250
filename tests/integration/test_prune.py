"""Pruning removes what is gone and nothing else, and refuses what looks like a mistake."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.errors import SettingsError
from tests.integration.conftest import Ingest, Stored, record, write


@pytest.fixture
def two(ingest: Ingest, news: Path, tmp_path: Path) -> Path:
    """Two folders that are in the index; return the second."""
    other = tmp_path / "other"
    write(news / "a.jsonl", record("Ferry"))
    write(news / "b.jsonl", record("Rail"))
    write(other / "c.jsonl", record("Wheat"))
    assert ingest(news, other).added == 3
    return other


def test_only_what_is_gone_from_the_folders_named_is_removed(
    ingest: Ingest, news: Path, two: Path, stored: Stored
) -> None:
    (news / "a.jsonl").unlink()
    (two / "c.jsonl").unlink()
    assert ingest(news, prune=True).removed == 1
    assert sorted(stored()) == ["Rail", "Wheat"]


@pytest.mark.parametrize("force", [False, True])
def test_a_missing_folder_is_refused_unless_forced(
    ingest: Ingest, news: Path, two: Path, stored: Stored, force: bool
) -> None:
    shutil.rmtree(two)
    if not force:
        with pytest.raises(SettingsError, match=r"other' does not exist.*--force"):
            ingest(news, two, prune=True)
        assert sorted(stored()) == ["Ferry", "Rail", "Wheat"]
        return
    assert ingest(news, two, prune=True, force=True).removed == 1
    assert sorted(stored()) == ["Ferry", "Rail"]


@pytest.mark.parametrize("force", [False, True])
def test_an_empty_folder_is_refused_unless_forced(
    ingest: Ingest, news: Path, two: Path, stored: Stored, force: bool
) -> None:
    (two / "c.jsonl").rename(two / ".c.jsonl")
    if not force:
        with pytest.raises(SettingsError, match=r"other' has no article.*--force"):
            ingest(news, two, prune=True)
        assert len(stored()) == 3
        return
    assert ingest(news, two, prune=True, force=True).removed == 1
    assert sorted(stored()) == ["Ferry", "Rail"]


def test_force_does_not_prune_what_was_not_named(
    ingest: Ingest, news: Path, two: Path, stored: Stored
) -> None:
    shutil.rmtree(two)
    assert ingest(news, prune=True, force=True).removed == 0
    assert len(stored()) == 3


def test_a_missing_path_is_refused_without_prune_too(ingest: Ingest, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        ingest(tmp_path / "nowhere", force=True)


def test_a_file_that_is_there_but_not_walked_is_not_gone(
    ingest: Ingest, news: Path, stored: Stored
) -> None:
    write(news / "a.jsonl", record("Ferry"))
    (news / "notes.log").write_text("Rail notes\n\nThe railway opened in spring, it was said.")
    ingest(news, news / "notes.log")
    assert ingest(news, prune=True).removed == 0
    assert len(stored()) == 2


def test_the_index_s_own_files_are_no_articles_of_the_folder_around_it(
    ingest: Ingest, data: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", record("Ferry"))
    ingest(tmp_path)
    path.unlink()
    assert data.is_relative_to(tmp_path)
    with pytest.raises(SettingsError, match="has no article in it"):
        ingest(tmp_path, prune=True)


def test_a_name_that_is_too_long_for_a_file_is_refused(ingest: Ingest, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        ingest(tmp_path / ("x" * 300), prune=True)
