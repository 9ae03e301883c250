from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.domain import Filters
from ingest.errors import (
    EmbedderMismatch,
    IndexMissing,
    IndexUnavailable,
    SettingsError,
    WriterBusy,
)
from ingest.index import manifest as manifests
from ingest.index.builder import GenerationBuilder
from ingest.index.generations import BUILDING, Generations, WriterLock
from ingest.index.library import Library
from ingest.index.reader import IndexReader
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import Make

ID = FakeEmbedder().identity


def test_two_generations_stay(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    for number in range(4):
        publish(make("a1", f"Version {number} of the story."))
    assert (generations.numbers(), generations.current()) == ([3, 4], 4)


def test_a_generation_that_is_read_stays_until_it_is_closed(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    reader = IndexReader(generations, 1)
    for word in ("Second", "Third"):
        publish(make("a1", f"{word} version."))
    assert reader.lexical("first", 1, Filters()) != []
    reader.close()
    publish(make("a1", "Fourth version."))
    assert generations.numbers() == [3, 4]


def test_use_goes_back_and_refuses_what_is_not_there(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    publish(make("a1", "Second version."))
    generations.use(1)
    assert generations.current() == 1
    with pytest.raises(SettingsError, match="no generation 7; there are: 1, 2"):
        generations.use(7)


def test_a_number_is_never_used_twice(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    publish(make("a1", "Second version."))
    generations.use(1)
    assert publish(make("b2", "Another story.")) == 3


def test_what_a_killed_writer_left_is_removed(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    left = generations.folder / f"{BUILDING}000002"
    (left / "chroma").mkdir(parents=True)
    generations.remove_garbage()
    assert not left.exists()
    assert generations.numbers() == [1]


def test_a_second_writer_is_told_who_writes(generations: Generations) -> None:
    lock = WriterLock(generations.data_dir)
    code = (
        "import sys; from pathlib import Path; from ingest.index.generations import WriterLock; "
        "WriterLock(Path(sys.argv[1]))"
    )
    second = subprocess.run(
        [sys.executable, "-c", code, str(generations.data_dir)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    lock.release()
    assert WriterBusy.__name__ in second.stderr
    assert "process " in second.stderr and "wait until it is done" in second.stderr


def test_another_embedder_is_refused_with_both_names(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    other = FakeEmbedder("openai:other", 128).identity
    with pytest.raises(EmbedderMismatch, match=r"made with fake .* name openai:other"):
        GenerationBuilder(generations, other, 1)


def test_nothing_is_published_when_the_check_fails(
    generations: Generations,
    publish: Callable[..., int],
    make: Make,
) -> None:
    publish(make("a1", "First version."))
    builder = GenerationBuilder(generations, ID, 1, lambda *_: ["a sentinel was not found"])
    builder.put(make("a1", "Second version."))
    with pytest.raises(IndexUnavailable, match="sentinel"):
        builder.publish()
    assert generations.current() == 1


def test_a_generation_is_checked_by_a_child_process_before_it_is_published(
    generations: Generations, make: Make
) -> None:
    builder = GenerationBuilder(generations, ID, None)
    builder.put(make("a1", "First version."))
    assert builder.publish().articles == 1


def test_a_manifest_of_another_schema_is_refused(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", "First version."))
    path = generations.path(1) / manifests.NAME
    path.write_text(
        path.read_text("utf-8").replace(
            f'"schema_version": {manifests.SCHEMA}', '"schema_version": 9'
        )
    )
    with pytest.raises(IndexUnavailable, match=f"schema 9, this version reads {manifests.SCHEMA}"):
        manifests.read(generations.path(1))


def test_an_empty_data_folder_is_an_index_that_is_missing(generations: Generations) -> None:
    library = Library(generations.data_dir)
    with pytest.raises(IndexMissing, match="dateline ingest"):
        library.run(lambda reader: reader.number)
    library.close()
