"""Generations whose vectors lie on a Chroma server: what is there, how long, and whose it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ingest.domain import Filters
from ingest.errors import IndexDamaged, IndexUnavailable
from ingest.index import backup, takedown
from ingest.index import manifest as manifests
from ingest.index.backup import back_up
from ingest.index.builder import GenerationBuilder
from ingest.index.catalog import Catalog
from ingest.index.check import check, check_in_child
from ingest.index.follower import Follower
from ingest.index.generations import Generations
from ingest.index.mend import mend
from ingest.index.own_collection import NAME, own_collection, own_collections
from ingest.index.reader import IndexReader, article_of
from ingest.index.remote import Remote
from ingest.index.sweeping import sweep
from tests.chroma_run import ChromaRun
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry, put
from tests.integration.index.on_server import FERRY, RAIL, WHEAT, collection

VECTOR = FakeEmbedder().vector

pytestmark = pytest.mark.usefixtures("checked_here")


@pytest.fixture
def here(tmp_path: Path, chroma: ChromaRun) -> Generations:
    """Generations on the server; what is built again is checked in this process."""
    return Generations(tmp_path / "data", chroma.address)


def vectors(generations: Generations, *numbers: int) -> set[str]:
    """Return the names of the vectors that some generations have."""
    found: set[str] = set()
    for number in numbers:
        with closing(Catalog(generations.path(number))) as catalog:
            found |= {name for ids in catalog.vector_ids(0) for name in ids}
    return found


def near(generations: Generations, number: int, text: str) -> list[str]:
    """Return the articles of the passages nearest to a text, best first."""
    with closing(IndexReader(generations, number)) as reader:
        return [article_of(hit.passage_id) for hit in reader.dense(VECTOR(text), 5, Filters())]


def test_the_manifest_says_where_the_vectors_are(here: Generations) -> None:
    put(here, FERRY)
    record = manifests.read(here.path(1)).vectors
    assert (record.kind, record.collection) == ("server", collection(here))
    # `chroma run` says 1.0.0 whatever it is, and that it makes no sparse index.
    assert (record.server[:2], record.words) == ("1.", False)
    assert not (here.path(1) / "chroma").exists()
    # One that knows of no server must not look for them in the folder.
    assert manifests.read(here.path(1)).schema_version == 4


def test_two_data_folders_never_meet(here: Generations, tmp_path: Path, chroma: ChromaRun) -> None:
    other = Generations(tmp_path / "other", here.server)
    put(here, FERRY)
    put(other, WHEAT)
    assert near(here, 1, "Wheat fell in Ankara.") == ["a1"]
    assert near(other, 1, "The ferry sailed for Baku.") == ["b2"]
    assert chroma.ids(collection(here)).isdisjoint(chroma.ids(collection(other)))


def test_a_vector_goes_when_no_kept_generation_needs_it(
    here: Generations, chroma: ChromaRun
) -> None:
    put(here, FERRY, WHEAT)
    put(here, RAIL, remove=("a1",))
    assert near(here, 1, "The ferry sailed for Baku.")[0] == "a1"
    assert chroma.ids(collection(here)) == vectors(here, 1, 2)
    put(here, entry("d4", "Tea is sold in Rize."))
    assert here.numbers() == [2, 3]
    assert chroma.ids(collection(here)) == vectors(here, 2, 3) == vectors(here, 3)


def test_a_generation_that_is_read_keeps_its_vectors(here: Generations, chroma: ChromaRun) -> None:
    put(here, FERRY)
    with closing(IndexReader(here, 1)) as reader:
        put(here, WHEAT, remove=("a1",))
        put(here, RAIL)
        assert reader.dense(VECTOR("ferry Baku"), 5, Filters())[0].passage_id == "a1-0000"
        assert chroma.ids(collection(here)) == vectors(here, 1, 2, 3)
    here.keep_only(3)
    assert sweep(here) == 1
    assert chroma.ids(collection(here)) == vectors(here, 3)


def test_vectors_of_other_generations_take_nobodys_place(here: Generations) -> None:
    noise = [entry(f"n{n:02d}", f"The ferry sailed for Baku {n}.") for n in range(60)]
    put(here, FERRY, WHEAT, *noise)
    put(here, remove=tuple(item.article.article_id for item in noise))
    with closing(IndexReader(here, 2)) as reader:
        found = reader.near(VECTOR("The ferry sailed for Baku 7."), 2, Filters())
    assert {article_of(own) for own in found} == {"a1", "b2"}


def test_what_an_ingest_left_that_died_goes_with_the_next_one(
    here: Generations, chroma: ChromaRun
) -> None:
    put(here, FERRY)
    died = GenerationBuilder(here, FakeEmbedder().identity, 1)
    died.put(WHEAT)
    died._vectors.flush()
    died.abandon()
    assert len(chroma.ids(collection(here))) == 2
    put(here, RAIL)
    assert chroma.ids(collection(here)) == vectors(here, 1, 2)


def test_a_missing_vector_is_damage_that_a_rebuild_mends(
    here: Generations, chroma: ChromaRun
) -> None:
    put(here, FERRY, WHEAT)
    chroma.remove(collection(here), min(vectors(here, 1)))
    [problem] = check(here.path(1), here.server)
    assert problem == "the Chroma server lacks 1 of 2 vectors; run `dateline index rebuild`"
    with pytest.raises(IndexDamaged, match="lacks 1 of 3"):
        put(here, RAIL)
    assert mend(here).made.generation == 2
    assert check(here.path(2), here.server) == []


def test_a_vector_that_is_another_is_damage_that_a_rebuild_mends(
    here: Generations, chroma: ChromaRun
) -> None:
    put(here, FERRY, WHEAT)
    path = f"/collections/{chroma.collections()[collection(here)]}/upsert"
    wrong = {"ids": [min(vectors(here, 1))], "embeddings": [[1.0] + [0.0] * 63]}
    chroma.ask("post", path, json=wrong)
    [problem] = check(here.path(1), here.server)
    assert problem == "the Chroma server does not find 1 of 2 vectors by themselves"
    mend(here)
    assert check(here.path(2), here.server) == []


def test_a_collection_that_was_deleted_is_made_again_by_a_rebuild(
    here: Generations, chroma: ChromaRun
) -> None:
    put(here, FERRY)
    before = collection(here)
    chroma.ask("delete", f"/collections/{before}")
    with pytest.raises(IndexUnavailable, match="no such tenant, database or collection"):
        put(here, WHEAT)
    mend(here)
    assert check(here.path(2), here.server) == []
    assert collection(here) != before


def test_a_rebuild_begins_anew_and_the_damaged_collection_goes(
    here: Generations, chroma: ChromaRun
) -> None:
    put(here, FERRY, WHEAT)
    before = collection(here)
    mend(here)
    assert collection(here) != before
    # The generation beside the new one still has its vectors there.
    assert own_collections(here.data_dir) == [before, collection(here)]
    put(here, RAIL)
    assert own_collections(here.data_dir) == [collection(here)]
    assert before not in chroma.collections()


def test_a_rebuild_needs_nothing_of_a_collection_of_another_dimension(
    here: Generations, chroma: ChromaRun
) -> None:
    put(here, FERRY)
    theirs = collection(here)
    chroma.ask("delete", f"/collections/{theirs}")
    made = chroma.ask("post", "/collections", json={"name": theirs})["id"]
    one = {"ids": ["theirs"], "embeddings": [[1.0, 0.0]]}
    chroma.ask("post", f"/collections/{made}/upsert", json=one)
    with pytest.raises(IndexUnavailable, match=r"refused \(InvalidArgumentError\)"):
        put(here, WHEAT)
    mend(here)
    assert collection(here) != theirs
    assert check(here.path(2), here.server) == []


@pytest.mark.parametrize("made", ["embedded", "server"])
def test_the_settings_and_the_index_must_name_one_place(
    made: str, tmp_path: Path, here: Generations
) -> None:
    embedded = Generations(tmp_path / "data")
    one, other = (embedded, here) if made == "embedded" else (here, embedded)
    put(one, FERRY)
    asks: list[Callable[[], object]] = [lambda: IndexReader(other, 1), lambda: put(other, WHEAT)]
    for ask in asks:
        with pytest.raises(IndexUnavailable, match=r"DATELINE_CHROMA_URL names .* index rebuild"):
            ask()
    [problem] = check(other.path(1), other.server)
    assert "DATELINE_CHROMA_URL names" in problem


def test_a_rebuild_moves_the_vectors_to_the_server_and_back(
    here: Generations, tmp_path: Path, chroma: ChromaRun
) -> None:
    embedded = Generations(tmp_path / "data")
    put(embedded, FERRY, WHEAT)
    mend(here)
    assert near(here, 2, "ferry")[0] == "a1"
    mend(embedded)
    assert near(embedded, 3, "ferry")[0] == "a1"
    name = collection(here)
    assert name in str(takedown.take_down(embedded, ["a1"], 0).unswept)
    assert name in chroma.collections()
    sweep(here)
    assert name not in chroma.collections()
    assert takedown.take_down(embedded, ["b2"], 0).unswept is None


def test_a_restored_index_gets_a_collection_of_its_own(
    here: Generations, tmp_path: Path, chroma: ChromaRun
) -> None:
    put(here, FERRY)
    back_up(here.data_dir, tmp_path / "b.tar")
    there = Generations(tmp_path / "there", here.server)
    restored = backup.restore(there.data_dir, tmp_path / "b.tar", there.server)
    assert restored.manifest.vectors.collection == collection(there) != collection(here)
    put(there, WHEAT, remove=("a1",))
    put(there, RAIL)
    assert chroma.ids(collection(here)) == vectors(here, 1)


def test_nobody_writes_into_the_collection_of_another_data_folder(here: Generations) -> None:
    put(here, FERRY)
    (here.data_dir / NAME).unlink()
    with pytest.raises(IndexUnavailable, match="of another data folder; run `dateline index reb"):
        put(here, WHEAT)
    assert near(here, 1, "ferry") == ["a1"]
    mend(here)
    assert put(here, WHEAT) == 3


def test_a_replica_asks_the_server_and_takes_nothing_from_it(
    here: Generations, tmp_path: Path, chroma: ChromaRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.index.follower.check_in_child", check)
    remote, there = Remote((tmp_path / "s3").as_uri()), Generations(tmp_path / "r", here.server)
    for number, item in enumerate((FERRY, WHEAT), 1):
        put(here, item)
        remote.push(here.path(number))
        assert Follower(remote, there.data_dir, 1, here.server).refresh()
    assert near(there, 2, "The ferry sailed for Baku.")[0] == "a1"
    assert (sweep(there), own_collection(there.data_dir)) == (0, None)
    mend(there)
    assert collection(there) != collection(here)
    assert chroma.ids(collection(here)) == vectors(here, 1, 2)


def test_the_child_asks_the_server_too(here: Generations, chroma: ChromaRun) -> None:
    put(here, FERRY)
    chroma.remove(collection(here), *vectors(here, 1))
    [problem] = check_in_child(here.path(1), here.server)
    assert "lacks 1 of 1 vectors" in problem
