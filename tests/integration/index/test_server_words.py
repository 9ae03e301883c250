"""Passages by their words on a server that makes indexes of sparse vectors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from ingest.domain import Filters
from ingest.errors import IndexDamaged, VectorsUnavailable
from ingest.index import backup, circuit, takedown
from ingest.index import manifest as manifests
from ingest.index.backup import back_up
from ingest.index.check import check
from ingest.index.chroma_words import ChromaWords
from ingest.index.generations import Generations
from ingest.index.lexical import TantivyLexical
from ingest.index.mend import mend
from ingest.index.own_collection import asked_of
from ingest.index.reader import IndexReader, article_of
from tests.chroma_run import ChromaRun
from tests.integration.index.conftest import entry, put
from tests.integration.index.on_server import FERRY, RAIL, collection
from tests.sparse_chroma import SparseChroma
from tests.waiting import until

WHEAT = entry("b2", "Wheat fell in Ankara.", outlet="Ledger", day="2025-12-17")
EVERYTHING = Filters()

pytestmark = pytest.mark.usefixtures("checked_here")


@pytest.fixture
def here(tmp_path: Path, sparse: SparseChroma) -> Generations:
    """Generations on the server; what is built again is checked in this process."""
    sparse.searches.clear()
    return Generations(tmp_path / "data", sparse.address)


def words(generations: Generations) -> str:
    return f"{collection(generations)}-words"


def found(generations: Generations, text: str, filters: Filters = EVERYTHING) -> list[str]:
    """Return the articles of the passages that share words with a text, best first."""
    number = generations.require_current()
    with closing(IndexReader(generations, number)) as reader:
        return [article_of(hit.passage_id) for hit in reader.lexical(text, 5, filters)]


def test_the_server_is_asked_for_words_where_it_indexes_them(
    here: Generations, sparse: SparseChroma
) -> None:
    put(here, FERRY, WHEAT)
    assert manifests.read(here.path(1)).vectors.words_collection == words(here)
    # One that does not know of words there would leave them there.
    assert manifests.read(here.path(1)).schema_version == 5
    assert len(sparse.names(words(here))) == 2
    sparse.searches.clear()
    assert found(here, "the ferry to Baku") == ["a1"]
    [search] = [one for one in sparse.searches if one["limit"]["limit"] == 5]
    # Tantivy's words: "the" is in one passage, "to" in none.
    assert len(search["rank"]["$knn"]["query"]["indices"]) == 3
    # Of a question without a word that is anywhere nobody is asked.
    sparse.searches.clear()
    assert found(here, "snow") == []
    assert sparse.searches == []


def test_what_was_made_to_ask_a_server_that_died_then_goes_in_the_end(
    here: Generations, sparse: SparseChroma, chroma: ChromaRun
) -> None:
    put(here, FERRY)
    before = collection(here)
    with closing(ChromaWords(sparse.address, asked_of(before))) as left:
        left.make()
    mend(here)
    put(here, WHEAT)
    assert not [name for name in chroma.collections() if name.startswith(before)]


def test_words_that_no_kept_generation_needs_go(here: Generations, sparse: SparseChroma) -> None:
    put(here, FERRY, WHEAT)
    first = sparse.names(words(here))
    # Its passages have the same ids, and other words.
    put(here, entry("a1", "The ferry stayed in port."), RAIL)
    assert found(here, "stayed") == ["a1"]
    assert found(here, "Baku") == []
    assert len(sparse.names(words(here))) == 4
    with closing(IndexReader(here, 1)) as older:
        assert [hit.passage_id for hit in older.lexical("Baku", 5, Filters())] == ["a1-0000"]
    put(here, entry("d4", "Tea is sold in Rize."))
    assert len(sparse.names(words(here)) & first) == 1
    assert len(sparse.names(words(here))) == 4


def test_while_the_server_fails_tantivy_finds_words_and_nobody_is_worse_off(
    here: Generations,
    sparse: SparseChroma,
    broken: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(circuit, "PROBE_S", 0.05)
    put(here, FERRY, WHEAT)
    with closing(IndexReader(here, 1)) as reader:

        def hits() -> list[str]:
            return [hit.passage_id for hit in reader.lexical("ferry Ankara", 5, Filters())]

        whole = hits()
        assert len(whole) == 2
        broken(500, {"error": "InternalError", "message": "x"})
        assert sorted(hits()) == sorted(whole)
        assert reader.degraded == []
        sparse.broken = None
        before = len(sparse.searches)

        def is_asked_again() -> bool:
            assert sorted(hits()) == sorted(whole)
            return any(search["limit"]["limit"] == 5 for search in sparse.searches[before:])

        until(is_asked_again, within_s=20)


def test_missing_words_are_damage_that_a_rebuild_mends(
    here: Generations, sparse: SparseChroma
) -> None:
    put(here, FERRY, WHEAT)
    sparse.lose(words(here), min(sparse.names(words(here))))
    [problem] = check(here.path(1), here.server)
    assert "lacks the words of 1 of 2 passages; run `dateline index rebuild`" in problem
    with pytest.raises(IndexDamaged, match="lacks the words of 1 of 3"):
        put(here, RAIL)
    mend(here)
    assert check(here.path(2), here.server) == []
    assert found(here, "ferry") == ["a1"]


def test_a_server_that_makes_no_sparse_index_any_more_is_told_as_that(
    here: Generations, chroma: ChromaRun
) -> None:
    put(here, FERRY)
    plain = Generations(here.data_dir, chroma.address)
    asks: list[Callable[[], object]] = [
        lambda: put(plain, WHEAT),
        lambda: check(plain.path(1), plain.server),
    ]
    for ask in asks:
        with pytest.raises(VectorsUnavailable, match="no sparse indexes any more, run `dateline i"):
            ask()
    assert found(plain, "ferry") == ["a1"]
    mend(plain)
    assert check(plain.path(2), plain.server) == []


def test_words_that_are_there_and_not_found_are_damage(
    here: Generations, broken: Callable[..., None]
) -> None:
    put(here, FERRY, WHEAT)
    broken(200, {"ids": [[]], "scores": [[]], "select": [["#score"]]})
    [problem] = check(here.path(1), here.server)
    assert problem.endswith("does not find 2 of 2 passages by their own words")


@pytest.mark.parametrize("lost", [1, 2])
def test_without_its_words_on_the_server_a_generation_is_searched_here(
    here: Generations, sparse: SparseChroma, lost: int
) -> None:
    put(here, FERRY, WHEAT)
    sparse.lose(words(here), *sorted(sparse.names(words(here)))[:lost])
    assert sorted(found(here, "ferry Ankara")) == ["a1", "b2"]


def test_what_is_taken_down_leaves_no_word_on_the_server(
    here: Generations, sparse: SparseChroma, chroma: ChromaRun
) -> None:
    put(here, FERRY, WHEAT)
    before = words(here)
    assert takedown.take_down(here, ["a1"], 0).unswept is None
    assert before not in chroma.collections()
    assert words(here) in chroma.collections()
    [left] = sparse.names(words(here))
    assert left.startswith("b2-0000.")


def test_a_restored_index_has_words_of_its_own(here: Generations, tmp_path: Path) -> None:
    put(here, FERRY)
    back_up(here.data_dir, tmp_path / "b.tar")
    there = Generations(tmp_path / "there", here.server)
    backup.restore(there.data_dir, tmp_path / "b.tar", there.server)
    assert words(there) != words(here)
    put(there, WHEAT, remove=("a1",))
    put(there, RAIL)
    assert found(there, "Ankara") == ["b2"]
    assert found(here, "ferry") == ["a1"]


def test_words_of_other_generations_take_nobodys_place(
    here: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = [entry(f"n{n:02d}", f"The ferry sailed for Baku {n}.") for n in range(30)]
    put(here, FERRY, *noise)
    put(here, remove=tuple(item.article.article_id for item in noise))
    with monkeypatch.context() as patch:
        patch.setattr(TantivyLexical, "search", lambda *_: [])
        assert found(here, "ferry") == ["a1"]
    # Nor where one search does not get that far.
    for module in ("server_words", "chroma_words"):
        monkeypatch.setattr(f"ingest.index.{module}.BATCH", 10)
    assert found(here, "ferry") == ["a1"]


DAYS: list[tuple[Filters, set[str], object]] = [
    (Filters(outlets=("LEDGER",)), {"b2"}, {"outlet": {"$in": ["ledger"]}}),
    (Filters(undated=True), {"a1"}, {"dated": {"$eq": False}}),
    (Filters(published_after=date(2025, 12, 18)), set(), ...),
    (Filters(published_after=date(2025, 12, 17)), {"b2"}, ...),
    (Filters(published_before=date(2025, 12, 16)), set(), ...),
    (Filters(as_of=date(2025, 12, 17), outlets=("Ledger",)), {"b2"}, ...),
    (Filters(as_of=date(2025, 12, 17), outlets=("Courier",)), set(), ...),
]


@pytest.mark.parametrize("case", DAYS)
def test_days_and_outlets_narrow_on_the_server(
    here: Generations,
    sparse: SparseChroma,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[Filters, set[str], object],
) -> None:
    filters, expected, asked = case
    put(here, FERRY, WHEAT)
    sparse.searches.clear()
    # Tantivy has nothing to say: what is found is the server's.
    monkeypatch.setattr(TantivyLexical, "search", lambda *_: [])
    assert set(found(here, "ferry Ankara", filters)) == expected
    [search] = [one for one in sparse.searches if one["limit"]["limit"] == 5]
    assert asked in (..., search["filter"])


def test_a_passage_without_words_is_no_damage(here: Generations) -> None:
    put(here, entry("e5", "…", outlet=""), FERRY)
    assert check(here.path(1), here.server) == []
    assert found(here, "ferry") == ["a1"]
