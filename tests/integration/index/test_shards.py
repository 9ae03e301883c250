"""Vectors in shards: each in one, found in whichever it is, and one shard open at a time."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.domain import Filters, Hit
from ingest.index import check as checks
from ingest.index import shard_writer
from ingest.index.catalog import Catalog
from ingest.index.check import check
from ingest.index.generations import Generations
from ingest.index.mend import mend
from ingest.index.reader import IndexReader
from ingest.index.shards import SIZE, shard_folder
from ingest.index.vectors import ChromaVectors
from tests.fakes import DIMENSION, FakeEmbedder
from tests.integration.index.conftest import entry, put, remake_manifest, shards_of

ARTICLES = [f"a{number}" for number in range(8)]
TEXTS = [f"Ship{n} left{n} port{n}.\nThe crew{n} of ship{n} slept." for n in range(12)]
Run = dict[str, str | None]
runs = st.lists(
    st.dictionaries(st.sampled_from(ARTICLES), st.none() | st.sampled_from(TEXTS), min_size=1),
    min_size=1,
    max_size=3,
)


@pytest.fixture
def three_in_a_shard() -> Iterator[None]:
    with shards_of(3):
        yield


def _lines(first: int, last: int) -> str:
    return "\n".join(f"Ship{number} left{number} port{number}." for number in range(first, last))


def _layout(generations: Generations) -> dict[int, list[str]]:
    """Return the vectors that the catalog in use has in each shard."""
    catalog = Catalog(generations.path(generations.require_current()))
    with closing(catalog):
        pages = {shard: catalog.vector_ids(shard) for shard in catalog.shards()}
        return {shard: [name for page in found for name in page] for shard, found in pages.items()}


def _sizes(generations: Generations) -> dict[int, int]:
    return {shard: len(names) for shard, names in _layout(generations).items()}


def _nearest(generations: Generations) -> list[list[Hit]]:
    vectors = [FakeEmbedder().vector(text) for text in TEXTS]
    with closing(IndexReader(generations, generations.require_current())) as reader:
        return [reader.dense(vector, 50, Filters()) for vector in vectors]


def _play(generations: Generations, history: list[Run]) -> None:
    for run in history:
        removed = tuple(article for article, text in run.items() if text is None)
        texts = ((article, text) for article, text in run.items() if text is not None)
        put(generations, *(entry(*pair) for pair in texts), remove=removed)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", [1, 3, SIZE])
@settings(max_examples=4, deadline=None)
@given(history=runs)
def test_answers_depend_on_what_is_there_not_on_how_it_came(size: int, history: list[Run]) -> None:
    last: Run = {}
    for run in history:
        last |= run
    with TemporaryDirectory() as folder:
        played, fresh = (Generations(Path(folder) / name) for name in ("played", "fresh"))
        with shards_of(size):
            _play(played, history)
        _play(fresh, [last])
        assert check(played.path(played.require_current())) == []
        assert _nearest(played) == _nearest(fresh)
        assert max(_sizes(played).values()) <= size


@pytest.mark.usefixtures("three_in_a_shard")
def test_a_full_shard_is_followed_by_another(generations: Generations) -> None:
    put(generations, entry("a1", _lines(0, 7)))
    assert _sizes(generations) == {0: 3, 1: 3, 2: 1}
    put(generations, entry("b2", _lines(7, 10)))
    # Its title makes another vector of a line that both have.
    assert _sizes(generations) == {0: 3, 1: 3, 2: 3, 3: 1}


@pytest.mark.usefixtures("three_in_a_shard")
def test_a_vector_that_is_stored_is_not_stored_in_another_shard(generations: Generations) -> None:
    put(generations, entry("a1", _lines(0, 5)))
    before = _layout(generations)
    put(generations, entry("b2", _lines(0, 5)))
    assert _layout(generations) == before
    assert check(generations.path(2)) == []


@pytest.mark.usefixtures("three_in_a_shard")
def test_a_vector_stays_as_long_as_any_passage_has_it(generations: Generations) -> None:
    put(generations, entry("a1", _lines(0, 5)), entry("b2", _lines(0, 5)))
    before = _layout(generations)
    put(generations, remove=("a1",))
    assert _layout(generations) == before
    put(generations, remove=("b2",))
    assert sum(_sizes(generations).values()) == 0
    assert check(generations.path(3)) == []


@pytest.mark.usefixtures("three_in_a_shard")
def test_a_shard_of_which_little_is_left_is_given_up(generations: Generations) -> None:
    texts = [entry(f"a{n}", TEXTS[n].split("\n")[0]) for n in range(7)]
    put(generations, *texts)
    put(generations, remove=("a0",))
    assert _sizes(generations) == {0: 2, 1: 3, 2: 1}
    put(generations, remove=("a1",))
    assert _sizes(generations) == {1: 3, 2: 2}
    assert [path.name for path in (generations.path(3) / "chroma").iterdir()] != ["0000"]
    assert check(generations.path(3)) == []


@pytest.mark.usefixtures("three_in_a_shard")
def test_a_shard_never_takes_in_more_whatever_leaves_it(generations: Generations) -> None:
    for text in TEXTS[:6]:
        put(generations, entry("a1", text.split("\n")[0]))
    catalog = sqlite3.connect(generations.path(6) / "catalog.db")
    assert catalog.execute("SELECT shard, added FROM shards").fetchall() == [(1, 3)]
    catalog.close()


@pytest.mark.parametrize("asked", ["build", "check"])
@pytest.mark.usefixtures("three_in_a_shard")
def test_one_shard_is_open_at_a_time(
    generations: Generations, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    counts: list[int] = [0]

    class Counted(ChromaVectors):
        def __init__(self, folder: Path, create: bool = False) -> None:
            counts.append(counts[-1] + 1)
            super().__init__(folder, create)

        def close(self) -> None:
            counts.append(counts[-1] - 1)
            super().close()

    monkeypatch.setattr(shard_writer if asked == "build" else checks, "ChromaVectors", Counted)
    put(generations, *(entry(f"a{n}", text) for n, text in enumerate(TEXTS)))
    put(generations, entry("a3", "Another text."), remove=("a0", "a11"))
    assert (max(counts), counts[-1]) == (1, 0)
    assert len(counts) > 2 * len(_sizes(generations))


def _without(folder: Path, names: list[str]) -> None:
    _with_store(folder, 0, lambda store: store.delete(names[:1]))


def _foreign(folder: Path, _names: list[str]) -> None:
    vector = np.eye(1, DIMENSION, dtype=np.float32)
    _with_store(folder, 0, lambda store: store.upsert(["beef"], vector))


def _doubled(folder: Path, names: list[str]) -> None:
    vector = np.eye(1, DIMENSION, dtype=np.float32)
    _with_store(folder, 1, lambda store: store.upsert(names[:1], vector))


def _swapped(folder: Path, names: list[str]) -> None:
    _without(folder, names)
    _foreign(folder, names)


def _with_store(folder: Path, shard: int, change: Callable[[ChromaVectors], None]) -> None:
    store = ChromaVectors(shard_folder(folder / "chroma", shard))
    change(store)
    store.close()


def _changed(sql: str) -> Callable[[Path, list[str]], None]:
    def change(folder: Path, _names: list[str]) -> None:
        with closing(sqlite3.connect(folder / "catalog.db")) as catalog, catalog:
            catalog.execute(sql)

    return change


def _left_over(folder: Path, _names: list[str]) -> None:
    shutil.copytree(shard_folder(folder / "chroma", 0), shard_folder(folder / "chroma", 7))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without, "Chroma holds 2 vectors in shard 0 that are not the catalog's 3"),
        (_foreign, "Chroma holds 4 vectors in shard 0 that are not the catalog's 3"),
        (_doubled, "Chroma holds 4 vectors in shard 1 that are not the catalog's 3"),
        (_swapped, "Chroma holds 3 vectors in shard 0 that are not the catalog's 3"),
        (_left_over, "Chroma has other shards than the catalog's 3"),
        (_changed("DELETE FROM vectors WHERE shard = 1"), "the catalog has 3 vectors in no shard"),
        (_changed("INSERT INTO vectors VALUES ('beef', 1)"), "the catalog has 1 vectors in no"),
        (_changed("DELETE FROM shards WHERE shard = 1"), "the catalog has 3 vectors in no shard"),
    ],
)
@pytest.mark.usefixtures("three_in_a_shard")
def test_what_is_not_where_it_should_be_is_reported(
    generations: Generations, change: Callable[[Path, list[str]], None], said: str
) -> None:
    put(generations, entry("a1", _lines(0, 8)))
    folder = generations.path(1)
    change(folder, _layout(generations)[0])
    remake_manifest(folder)
    assert any(problem.startswith(said) for problem in check(folder)), check(folder)


@pytest.mark.usefixtures("three_in_a_shard")
def test_a_rebuild_makes_shards_again_without_what_was_deleted(generations: Generations) -> None:
    put(generations, *(entry(f"a{n}", text) for n, text in enumerate(TEXTS)))
    put(generations, remove=("a0", "a5"))
    before = _nearest(generations)
    mend(generations)
    assert _nearest(generations) == before
    assert list(_sizes(generations).values()) == [3] * 6 + [2]
