from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from ingest.domain import Filters
from ingest.errors import IndexUnavailable
from ingest.index.generations import Generations
from ingest.index.library import Library
from ingest.index.reader import IndexReader
from tests.integration.index.conftest import Make


def test_a_new_generation_is_followed_without_a_restart(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    library = Library(generations.data_dir)
    assert library.run(lambda reader: reader.number) == 1
    publish(make("a1", "Second version."))
    library.refresh()
    assert library.run(lambda reader: len(reader.lexical("second", 1, Filters()))) == 1
    library.close()


def test_a_call_keeps_its_generation_while_a_new_one_is_opened(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    library = Library(generations.data_dir)

    def read(reader: IndexReader) -> list[int]:
        publish(make("a1", "Second version."))
        library.refresh()
        return [reader.number, len(reader.lexical("first", 1, Filters())), library.serving or 0]

    assert library.run(read) == [1, 1, 2]
    library.close()


def test_no_call_fails_while_generations_change(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "Version 0 of the story."))
    library = Library(generations.data_dir)
    library.refresh()
    library.follow(0.02)
    done, errors, calls = threading.Event(), [], [0]

    def ask() -> None:
        while not done.is_set():
            try:
                assert library.run(lambda r: r.lexical("story", 1, Filters()))
                calls[0] += 1
            except Exception as error:
                errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    for number in range(1, 4):
        publish(make("a1", f"Version {number} of the story."))
    done.set()
    thread.join()
    library.close()
    assert (errors, calls[0] > 10) == ([], True)


def test_closing_leaves_no_reader_folder_behind(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    library = Library(generations.data_dir)
    library.refresh()
    assert len(list((generations.data_dir / "readers").iterdir())) == 1
    library.close()
    assert list((generations.data_dir / "readers").iterdir()) == []


def test_a_closed_library_stays_closed(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    library = Library(generations.data_dir)
    library.refresh()
    library.close()
    with pytest.raises(IndexUnavailable, match="was closed"):
        library.refresh()
    assert (library.serving, library.degraded) == (None, [])
