"""A rebuild loses nothing: not when it fails, and not by what it keeps beside the new one."""

from __future__ import annotations

from functools import partial

import pytest

from ingest.errors import IndexDamaged, IndexUnavailable, StorageFull
from ingest.index import builder, rebuilding, word_writer
from ingest.index import manifest as manifests
from ingest.index.builder import Check, GenerationBuilder
from ingest.index.check import check
from ingest.index.generations import BUILDING, Generations
from ingest.index.lexical import TantivyLexical
from ingest.index.lexical_document import LexicalDocument
from ingest.index.library import Library
from ingest.index.mend import mend
from ingest.index.reader import IndexReader
from tests.integration.index.conftest import entry, put


@pytest.fixture
def two(generations: Generations, monkeypatch: pytest.MonkeyPatch) -> Generations:
    """Two generations; what is built after them is checked in this process."""
    put(generations, entry("a1", "The ferry sailed for Baku."))
    put(generations, entry("b2", "Wheat fell in Ankara."))
    _check_with(check, monkeypatch)
    return generations


def _check_with(said: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "GenerationBuilder", partial(GenerationBuilder, check=said))


def _spoil(generations: Generations, number: int, pattern: str = "tantivy/*.idx") -> None:
    next(generations.path(number).glob(pattern)).write_bytes(b"")


@pytest.mark.parametrize("error", [StorageFull, IndexDamaged, KeyboardInterrupt])
def test_a_rebuild_that_fails_in_the_middle_drops_no_generation(
    two: Generations, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    class Failing(TantivyLexical):
        def add(self, documents: list[LexicalDocument]) -> None:  # type: ignore[override]
            raise error(f"{len(documents)} passages could not be added")

    _spoil(two, 2)
    with monkeypatch.context() as patch:
        patch.setattr(word_writer, "TantivyLexical", Failing)
        with pytest.raises(error, match="could not be added"):
            mend(two)
    assert (two.numbers(), two.current()) == ([1, 2], 2)
    assert list(two.folder.glob(f"{BUILDING}*")) == []
    assert mend(two).base == 2


def test_a_rebuild_that_fails_its_check_drops_no_generation(
    two: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    _spoil(two, 2)
    _check_with(lambda *_: ["a sentinel was not found"], monkeypatch)
    with pytest.raises(IndexDamaged, match="sentinel"):
        mend(two)
    assert (two.numbers(), two.current()) == ([1, 2], 2)
    assert list(two.folder.glob(f"{BUILDING}*")) == []


@pytest.mark.parametrize(
    ("pattern", "kept"), [("tantivy/*.idx", 1), ("manifest.json", 1), ("catalog.db", 1), ("", 2)]
)
def test_the_newest_whole_generation_stays_beside_the_rebuilt_one(
    two: Generations, pattern: str, kept: int
) -> None:
    if pattern:
        _spoil(two, 2, pattern)
    assert mend(two).made.generation == 3
    assert (two.numbers(), two.current()) == ([kept, 3], 3)
    IndexReader(two, kept).close()


def test_the_generation_gone_back_to_stays_beside_what_is_made_from_it(two: Generations) -> None:
    two.use(1)
    assert put(two, entry("c3", "Rail opened in spring.")) == 3
    assert two.numbers() == [1, 3]
    two.use(1)
    assert (mend(two).base, two.numbers()) == (1, [1, 4])


def test_an_index_of_another_chroma_is_refused_with_both_versions_and_rebuilt(
    two: Generations,
) -> None:
    for number in (1, 2):
        path = two.path(number) / manifests.NAME
        made = manifests.read(two.path(number)).model_copy(update={"chroma": "0.9.1"})
        path.write_text(made.model_dump_json(), "utf-8")
    installed = builder.version()
    says = rf"Chroma 0\.9\.1, installed is {installed}; run `dateline index rebuild`"
    library = Library(two.data_dir)
    for asked in (library.refresh, lambda: put(two, entry("c3", "Rail opened in spring."))):
        with pytest.raises(IndexUnavailable, match=says):
            asked()
    assert mend(two).made.chroma == installed
    library.refresh()
    assert (library.serving, library.degraded) == (3, [])
    library.close()
