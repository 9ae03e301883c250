"""A generation whose files are cut, changed or gone never serves and never ends the process."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

import pytest

from ingest.domain import Filters
from ingest.errors import IndexDamaged, IndexUnavailable
from ingest.index.check import check_in_child
from ingest.index.generations import Generations
from ingest.index.library import Library
from ingest.index.mend import mend
from ingest.index.reader import IndexReader
from ingest.index.rows import Indexed
from ingest.index.shards import SIZE
from tests.integration.index.conftest import entry, put, shards_of

FILES = [
    "catalog.db",
    "manifest.json",
    "chroma/*/chroma.sqlite3",
    "chroma/*/*/data_level0.bin",
    "chroma/*/*/header.bin",
    "chroma/*/*/length.bin",
    "chroma/*/*/link_lists.bin",
    "tantivy/meta.json",
    "tantivy/*.idx",
    "tantivy/*.store",
    "tantivy/*.term",
]


def _cut(path: Path, share: float) -> None:
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))


@pytest.fixture(scope="module", params=[SIZE, 1050], ids=["one shard", "two shards"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two generations; enough passages that Chroma writes its vector files."""
    generations = Generations(tmp_path_factory.mktemp("original"))
    many = [_lines(f"{article:04x}", 280) for article in range(4)]
    with shards_of(request.param):
        put(generations, *many)
        put(generations, entry("beef", "A later story about cattle."))
    assert len(list(generations.path(2).glob("chroma/*"))) == (1 if request.param == SIZE else 2)
    return generations.data_dir


def _lines(article_id: str, count: int) -> Indexed:
    # Words enough that hardly two lines have the same vector.
    lines = (
        f"Line {n} of {article_id} about wheat, rye {n * 7} and oats {n * 13}."
        for n in range(count)
    )
    return entry(article_id, "\n".join(lines))


@pytest.fixture
def two(original: Path, tmp_path: Path) -> Generations:
    return Generations(shutil.copytree(original, tmp_path / "data"))


def _answers(library: Library) -> tuple[int, bool]:
    return library.run(lambda r: (r.number, bool(r.lexical("wheat", 1, Filters()))))


def test_the_generation_before_serves_whatever_file_is_damaged(two: Generations) -> None:
    whole = two.path(2).with_name("whole")
    shutil.copytree(two.path(2), whole)
    for pattern in FILES:
        paths = list(two.path(2).glob(pattern))
        for path, share in product(paths, (0.0, 0.4, 0.99, None)):
            shutil.rmtree(two.path(2))
            shutil.copytree(whole, two.path(2))
            if share is not None and path.stat().st_size == 0:
                continue  # A small shard has nothing in this file.
            path.unlink() if share is None else _cut(path, share)
            library = Library(two.data_dir)
            assert _answers(library) == (1, True), (path, share)
            assert "generation 2 is damaged, 1 serves" in library.degraded[0]
            library.close()


def test_damage_under_an_open_generation_is_noticed_and_left(two: Generations) -> None:
    library = Library(two.data_dir)
    assert _answers(library) == (2, True)
    for pattern in FILES:
        for path in two.path(2).glob(pattern):
            _cut(path, 0.3)
    assert _answers(library)[1]
    library.refresh()
    assert _answers(library) == (1, True)
    library.close()


def test_a_catalog_that_breaks_in_a_call_is_left_for_the_generation_before(
    two: Generations,
) -> None:
    library = Library(two.data_dir)
    _cut(two.path(2) / "catalog.db", 0.1)
    found = library.run(lambda r: (r.number, len(r.passages(["0001-0000"]))))
    assert found == (1, 1)
    library.close()


@pytest.mark.parametrize(
    "pattern", ["chroma/*/*/data_level0.bin", "chroma/0000", "tantivy/*.idx", "chroma", "tantivy"]
)
def test_rebuild_makes_damaged_projections_again(two: Generations, pattern: str) -> None:
    path = next(two.path(2).glob(pattern))
    shutil.rmtree(path) if path.is_dir() else _cut(path, 0.5)
    assert check_in_child(two.path(2)) != []
    library = Library(two.data_dir)
    assert _answers(library)[0] == 1
    made, base, unreadable = mend(two)
    library.refresh()
    assert (base, unreadable, made.articles) == (2, [], 5)
    assert (_answers(library)[0], library.degraded) == (made.generation, [])
    assert check_in_child(two.path(made.generation)) == []
    library.close()


def test_rebuild_needs_no_manifest(two: Generations) -> None:
    (two.path(2) / "manifest.json").unlink()
    made, base, unreadable = mend(two)
    assert (base, unreadable, made.articles) == (2, [], 5)


def test_rebuild_refuses_a_catalog_with_a_changed_byte(two: Generations) -> None:
    path = two.path(2) / "catalog.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert mend(two).unreadable == [2]


def test_rebuild_takes_the_catalog_before_when_the_newest_is_lost(two: Generations) -> None:
    (two.path(2) / "catalog.db").unlink()
    made, base, unreadable = mend(two)
    assert (base, unreadable, made.articles) == (1, [2], 4)


def test_nothing_readable_at_all_is_a_clear_error(two: Generations) -> None:
    for number in (1, 2):
        (two.path(number) / "catalog.db").unlink()
    with pytest.raises(IndexUnavailable, match=r"catalog\.db is missing; run `dateline index"):
        Library(two.data_dir).run(lambda reader: reader.number)
    with pytest.raises(IndexDamaged, match="ingest again"):
        mend(two)


def test_a_reader_needs_no_write_to_a_published_generation(two: Generations) -> None:
    before = {p: p.stat().st_mtime_ns for p in two.path(2).rglob("*") if p.is_file()}
    reader = IndexReader(two, 2)
    reader.lexical("wheat", 1, Filters())
    reader.close()
    assert before == {p: p.stat().st_mtime_ns for p in two.path(2).rglob("*") if p.is_file()}
