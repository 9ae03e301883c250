"""A reader's copy: its own, elsewhere when it must be, and gone when its reader is."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from ingest.errors import IndexDamaged, StorageFull
from ingest.index.generations import Generations
from ingest.index.snapshot import FOLDER, YOUNG_S, Snapshot
from tests.integration.index.conftest import entry, put


@pytest.fixture
def one(generations: Generations) -> Generations:
    put(generations, entry("a1", "The ferry sailed for Baku."))
    return generations


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_two_readers_have_a_copy_each(one: Generations) -> None:
    snapshots = [Snapshot(one.path(1), one.data_dir) for _ in range(2)]
    first, second = (snapshot.folder for snapshot in snapshots)
    assert first != second
    assert first.parent == second.parent == one.data_dir / FOLDER
    for projection in ("chroma", "tantivy"):
        assert _files(first / projection) == _files(one.path(1) / projection)
    for snapshot in snapshots:
        snapshot.close()
    assert list((one.data_dir / FOLDER).iterdir()) == []


def test_a_data_folder_that_takes_no_copy_sends_it_elsewhere(
    one: Generations, elsewhere: Path
) -> None:
    shutil.rmtree(one.data_dir / FOLDER)
    (one.data_dir / FOLDER).write_text("no folder")
    snapshot = Snapshot(one.path(1), one.data_dir)
    assert snapshot.folder.parent == elsewhere
    assert _files(snapshot.folder / "chroma") == _files(one.path(1) / "chroma")
    snapshot.close()
    assert list(elsewhere.iterdir()) == []


def test_no_room_anywhere_is_said_and_leaves_nothing_behind(
    one: Generations, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(source: Path, target: Path) -> None:
        shutil.copyfile(source, target)
        raise OSError(28, os.strerror(28))

    class Full:
        copyfile, rmtree = staticmethod(fill), staticmethod(shutil.rmtree)
        copytree = staticmethod(shutil.copytree)

    monkeypatch.setattr("ingest.index.snapshot.shutil", Full)
    with pytest.raises(StorageFull, match="no space left; make room"):
        Snapshot(one.path(1), one.data_dir)
    assert [*elsewhere.iterdir(), *(one.data_dir / FOLDER).iterdir()] == []


@pytest.mark.parametrize("projection", ["chroma", "tantivy"])
def test_a_generation_without_a_projection_is_damaged(
    one: Generations, elsewhere: Path, projection: str
) -> None:
    shutil.rmtree(one.path(1) / projection)
    with pytest.raises(IndexDamaged, match="lacks a folder"):
        Snapshot(one.path(1), one.data_dir)
    assert [*elsewhere.iterdir(), *(one.data_dir / FOLDER).iterdir()] == []


def test_what_a_killed_reader_left_goes_and_what_is_read_stays(one: Generations) -> None:
    reading = Snapshot(one.path(1), one.data_dir)
    left, young = (one.data_dir / FOLDER / name for name in ("left", "young"))
    for folder in (left, young):
        (folder / "chroma").mkdir(parents=True)
    for folder in (left, reading.folder):
        then = folder.stat().st_mtime - 2 * YOUNG_S
        os.utime(folder, (then, then))
    Snapshot(one.path(1), one.data_dir).close()
    assert set((one.data_dir / FOLDER).iterdir()) == {young, reading.folder}
    reading.close()
