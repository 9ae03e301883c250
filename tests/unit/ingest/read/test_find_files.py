from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from ingest.domain import Failure, RawArticle
from ingest.errors import SettingsError
from ingest.read import find_files, read


def _names(paths: Iterable[Path]) -> list[str]:
    return [path.name for path in paths]


def test_walks_folders_by_name_and_leaves_unknown_suffixes_out(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.txt", "b/d.JSON", "a.html", "picture.png"):
        (tmp_path / name).write_text("x")
    assert _names(find_files([tmp_path])) == ["a.html", "d.JSON", "c.txt"]


def test_leaves_hidden_files_and_folders_out(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    for name in (".cache/a.txt", ".b.txt", "c.txt"):
        (tmp_path / name).write_text("x")
    assert _names(find_files([tmp_path])) == ["c.txt"]


def test_takes_each_file_once_through_links_and_repeated_paths(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert _names(find_files([tmp_path, tmp_path / "a.txt", tmp_path / "b.txt"])) == ["a.txt"]


def test_a_link_back_to_a_folder_above_it_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "loop").symlink_to(tmp_path)
    [found] = find_files([tmp_path])
    [failure] = read(found)
    assert isinstance(failure, Failure)
    assert (failure.path, failure.step) == (str(tmp_path / "inner" / "loop"), "find")
    assert "link back" in failure.reason


def test_a_link_to_another_folder_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("x")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert _names(find_files([tmp_path])) == ["x.txt"]


def test_returns_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    assert list(find_files([Path("a.txt")])) == [tmp_path.resolve() / "a.txt"]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.txt' does not exist"):
        find_files([tmp_path / "nowhere.txt"])


def test_a_named_file_of_unknown_suffix_is_read_by_its_content(tmp_path: Path) -> None:
    plain, page, record = tmp_path / "a.story", tmp_path / "b.page", tmp_path / "c.rec"
    plain.write_text("A ferry ran aground off the cape.")
    page.write_text("<!doctype html><p>A ferry ran aground off the northern cape today.</p>")
    record.write_text('{"body": "A ferry ran aground."}')
    found = [item for path in find_files([plain, page, record]) for item in read(path)]
    assert all(isinstance(item, RawArticle) and item.text.startswith("A ferry") for item in found)
    assert len(found) == 3


def test_a_file_that_cannot_be_opened_is_a_failure(tmp_path: Path) -> None:
    [failure] = read(tmp_path / "gone.txt")
    assert isinstance(failure, Failure)
    assert (failure.path, failure.step) == (str(tmp_path / "gone.txt"), "read")
    assert "is not there" in failure.reason


def test_a_folder_that_cannot_be_listed_is_a_failure(tmp_path: Path) -> None:
    [failure] = read(tmp_path)
    assert isinstance(failure, Failure)
    assert "folder that cannot be listed" in failure.reason


def test_an_empty_file_is_a_failure(tmp_path: Path) -> None:
    for name in ("a.txt", "b.jsonl", "c.json", "d.html", "e.md"):
        (tmp_path / name).write_text(" \n")
        [failure] = read(tmp_path / name)
        assert isinstance(failure, Failure)
        assert "is empty" in failure.reason
