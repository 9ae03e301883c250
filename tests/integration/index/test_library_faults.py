"""What a library does when opening fails, and what it never does."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import IndexDamaged, IndexUnavailable, StorageFull
from ingest.index import library as libraries
from ingest.index import reader as readers
from ingest.index.generations import Generations
from ingest.index.library import Library
from ingest.index.reader import IndexReader
from ingest.index.snapshot import Snapshot
from tests.integration.index.conftest import entry, put

DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture
def two(generations: Generations) -> Generations:
    put(generations, entry("a1", "The ferry sailed for Baku."))
    put(generations, entry("b2", "Wheat fell in Ankara."))
    return generations


def _spoil(generations: Generations, number: int) -> None:
    next(generations.path(number).glob("tantivy/*.idx")).write_bytes(b"")


def _no_room(_generations: Generations, number: int) -> IndexReader:
    raise StorageFull(f"generation {number} could not be copied for reading: no space left")


def test_no_room_for_opening_is_not_damage_and_is_tried_again(
    two: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.use(1)
    library = Library(two.data_dir)
    library.refresh()
    two.use(2)
    with monkeypatch.context() as patch:
        patch.setattr(libraries, "IndexReader", _no_room)
        library.refresh()
        assert library.degraded == ["index: generation 2 cannot be opened now, 1 serves"]
    library.refresh()
    assert (library.serving, library.degraded) == (2, [])
    library.close()


def test_no_room_with_nothing_open_is_said_and_tried_again(
    two: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(two.data_dir)
    with monkeypatch.context() as patch:
        patch.setattr(libraries, "IndexReader", _no_room)
        with pytest.raises(StorageFull, match="generation 2 could not be copied"):
            library.run(lambda reader: reader.number)
    assert library.run(lambda reader: reader.number) == 2
    library.close()


@pytest.mark.parametrize("error", [RuntimeError, StorageFull, OSError])
def test_following_goes_on_after_any_error(
    two: Generations, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    logging.getLogger("ingest.index").addHandler(logging.NullHandler())
    library = Library(two.data_dir)
    failed = threading.Event()

    def fail() -> int:
        failed.set()
        raise error("for a reason nobody thought of")

    with monkeypatch.context() as patch:
        patch.setattr(library.generations, "require_current", fail)
        library.follow(0.01)
        assert failed.wait(10)
    assert _soon(lambda: library.serving == 2)
    library.close()


def _soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


def test_a_late_word_of_damage_moves_nothing_back(two: Generations) -> None:
    older = IndexReader(two, 1)  # which keeps it from being removed
    library = Library(two.data_dir)
    seen: list[int] = []

    def use(reader: IndexReader) -> int:
        seen.append(reader.number)
        if reader.number == 2:
            put(two, entry("c3", "Rail opened in spring."))
            library.refresh()
            raise IndexDamaged("generation 2 is damaged")
        return reader.number

    assert (library.run(use), seen) == (3, [2, 3])
    assert (library.serving, library.degraded) == (3, [])
    library.close()
    older.close()


def test_nothing_is_answered_or_opened_after_closing(two: Generations) -> None:
    library = Library(two.data_dir)
    library.refresh()
    library.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        library.run(lambda reader: reader.number)
    assert library.serving is None
    assert list((two.data_dir / "readers").iterdir()) == []


def test_going_back_from_a_damaged_generation_leaves_nothing_degraded(two: Generations) -> None:
    _spoil(two, 2)
    library = Library(two.data_dir)
    library.refresh()
    assert "generation 2 is damaged, 1 serves" in library.degraded[0]
    two.use(1)
    library.refresh()
    assert (library.serving, library.degraded) == (1, [])
    library.close()


def test_a_damaged_generation_serves_again_once_it_is_mended(two: Generations) -> None:
    path = next(two.path(2).glob("tantivy/*.idx"))
    whole = path.read_bytes()
    path.write_bytes(b"")
    library = Library(two.data_dir)
    library.refresh()
    assert library.serving == 1
    path.write_bytes(whole)
    library.refresh()
    assert (library.serving, library.degraded) == (2, [])
    library.close()


class _FullSnapshot(Snapshot):
    def _take(self, generation: Path, folder: Path) -> None:
        super()._take(generation, folder)
        self.close()
        raise OSError(28, os.strerror(28))


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="this system does not list descriptors")
@pytest.mark.parametrize("fault", ["a file is cut", "no manifest", "no room"])
def test_openings_that_fail_leave_no_file_open(
    two: Generations, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    if fault == "a file is cut":
        _spoil(two, 2)
    elif fault == "no manifest":
        (two.path(2) / "manifest.json").unlink()
    else:
        monkeypatch.setattr(readers, "Snapshot", _FullSnapshot)
    before = _descriptors()
    for _ in range(10):
        with pytest.raises(IndexUnavailable):
            IndexReader(two, 2)
    assert _descriptors() == before


def _descriptors() -> int:
    gc.collect()
    return len(list(DESCRIPTORS.iterdir()))
