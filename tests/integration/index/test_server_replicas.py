"""Replicas of a generation whose vectors lie on a Chroma server, which may lack them or be away."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.errors import IndexUnavailable, VectorsUnavailable
from ingest.index import manifest as manifests
from ingest.index import pushed
from ingest.index.check import check, check_in_child
from ingest.index.chroma_address import ChromaAddress
from ingest.index.cli import index_app
from ingest.index.follower import Follower
from ingest.index.generations import Generations
from ingest.index.library import Library
from ingest.index.mend import mend
from ingest.index.publishing import Publishing
from ingest.index.reader import IndexReader
from ingest.index.remote import Remote
from ingest.index.server_vectors import ServerVectors
from ingest.settings import IndexSettings
from tests.chroma_run import ChromaRun, free_port
from tests.integration.index.conftest import entry, put
from tests.integration.index.on_server import FERRY, RAIL, WHEAT, collection


@pytest.fixture
def here(tmp_path: Path, chroma: ChromaRun) -> Generations:
    return Generations(tmp_path / "data", chroma.address)


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote((tmp_path / "s3").as_uri())


@pytest.fixture
def publishing(tmp_path: Path) -> Publishing:
    return publishing_to(tmp_path, (tmp_path / "s3").as_uri())


def publishing_to(tmp_path: Path, url: str) -> Publishing:
    settings = IndexSettings(data_dir=tmp_path / "data", publish_url=url, _env_file=None)  # type: ignore[call-arg]
    return Publishing(settings)


def test_what_lacks_vectors_is_served_and_says_so(
    here: Generations,
    remote: Remote,
    chroma: ChromaRun,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.index.follower.check_in_child", check)
    put(here, FERRY, WHEAT)
    remote.push(here.path(1))
    chroma.remove(collection(here), min(chroma.ids(collection(here))))
    follower = Follower(remote, tmp_path / "r", 1, here.server)
    follower.look()
    assert Generations(tmp_path / "r").current() == 1
    said = str(follower.problem)
    assert "generation 1: the Chroma server lacks 1 of 2 vectors; fewer passages" in said
    assert "rebuild" not in said
    follower.look()
    assert follower.problem == said


def test_a_replica_begins_without_the_server_and_pulls_once(
    here: Generations, remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here, FERRY)
    remote.push(here.path(1))
    nobody = ChromaAddress(url=f"http://127.0.0.1:{free_port()}")
    follower = Follower(remote, tmp_path / "r", 1, nobody)
    with closing(Library(tmp_path / "r", follower, nobody)) as library:
        library.catch_up()
        library.refresh()
        assert library.serving == 1
        [said] = library.degraded
        assert said.startswith("chroma: the server cannot be reached")
        assert nobody.url not in said

        def fail(*_: object) -> None:
            raise AssertionError("pulled again")

        monkeypatch.setattr(Remote, "pull", fail)
        library.catch_up()
        assert library.degraded == [said]


def test_a_replica_whose_files_are_damaged_serves_nothing_of_them(
    here: Generations, remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(*_: object) -> list[str]:
        return ["the catalog is odd; run `dateline index rebuild`", "the Chroma server lacks 1"]

    monkeypatch.setattr("ingest.index.follower.check_in_child", found)
    put(here, FERRY)
    remote.push(here.path(1))
    follower = Follower(remote, tmp_path / "r", 1, here.server)
    follower.look()
    assert Generations(tmp_path / "r").current() is None
    assert "the catalog is odd; mend it where it is written" in str(follower.problem)


def test_the_child_tells_what_is_wrong_without_an_address(here: Generations) -> None:
    put(here, FERRY)
    nobody = ChromaAddress(url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(VectorsUnavailable) as caught:
        check_in_child(here.path(1), nobody)
    assert caught.value.why.startswith("cannot be reached")
    assert nobody.url in str(caught.value) and nobody.url not in caught.value.degraded


def test_files_are_looked_at_where_the_server_is_away(here: Generations) -> None:
    put(here, FERRY)
    found = manifests.read(here.path(1))
    wrong = found.model_copy(update={"articles": 7})
    (here.path(1) / manifests.NAME).write_text(wrong.model_dump_json(), "utf-8")
    nobody = ChromaAddress(url=f"http://127.0.0.1:{free_port()}")
    [problem] = check(here.path(1), nobody)
    assert "the manifest says 7" in problem


def test_vectors_stay_while_a_push_is_outstanding(
    here: Generations, publishing: Publishing, chroma: ChromaRun, tmp_path: Path
) -> None:
    put(here, FERRY)
    publishing.push()
    replicas = chroma.ids(collection(here))
    (tmp_path / "s3").rename(tmp_path / "gone")
    (tmp_path / "s3").write_text("no folder")
    for number, item in enumerate((WHEAT, RAIL, entry("d4", "Tea is sold in Rize.")), 2):
        put(here, item, remove=("a1",))
        with pytest.raises(IndexUnavailable):
            publishing.push()
        assert here.current() == number
    assert here.numbers() == [3, 4]
    assert replicas <= chroma.ids(collection(here))
    (tmp_path / "s3").unlink()
    (tmp_path / "gone").rename(tmp_path / "s3")
    publishing.push()
    put(here, entry("e5", "Snow fell on Erzurum."))
    assert replicas.isdisjoint(chroma.ids(collection(here)))


def test_without_replicas_nothing_waits(
    here: Generations, publishing: Publishing, tmp_path: Path
) -> None:
    put(here, FERRY)
    publishing.push()
    assert pushed.is_outstanding(here.data_dir, [2, 3])
    publishing_to(tmp_path, "").push()
    assert not pushed.is_outstanding(here.data_dir, [2, 3])


def test_a_generation_that_the_settings_cannot_open_does_not_come_into_use(
    here: Generations, chroma: ChromaRun
) -> None:
    put(Generations(here.data_dir), FERRY)
    mend(here)
    env = {"DATELINE_DATA_DIR": str(here.data_dir), "DATELINE_CHROMA_URL": chroma.url}
    for number, url in ((1, chroma.url), (2, "")):
        told = CliRunner(env={**env, "DATELINE_CHROMA_URL": url}).invoke(
            index_app, ["use", str(number)]
        )
        assert isinstance(told.exception, IndexUnavailable)
        assert "DATELINE_CHROMA_URL names" in str(told.exception)
        assert here.current() == 2


def test_prune_says_that_vectors_wait_for_a_push(here: Generations, chroma: ChromaRun) -> None:
    put(here, FERRY)
    put(here, WHEAT, remove=("a1",))
    pushed.note(here.data_dir, 1)
    env = {"DATELINE_DATA_DIR": str(here.data_dir), "DATELINE_CHROMA_URL": chroma.url}
    told = CliRunner(env=env).invoke(index_app, ["prune"], catch_exceptions=False)
    assert "run `dateline index push`, and then this again" in told.stdout
    assert len(chroma.ids(collection(here))) == 2
    pushed.note(here.data_dir, 2)
    CliRunner(env=env).invoke(index_app, ["prune"], catch_exceptions=False)
    assert len(chroma.ids(collection(here))) == 1


@pytest.mark.parametrize("text", ["", "x", "\xff", "-1"])
def test_a_note_that_cannot_be_read_keeps_vectors(text: str, tmp_path: Path) -> None:
    (tmp_path / pushed.NAME).write_text(text, "latin-1")
    assert pushed.is_outstanding(tmp_path, [1])


def test_who_is_long_away_is_looked_for_less_often(here: Generations) -> None:
    put(here, FERRY)
    with closing(IndexReader(here, 1)) as reader:
        vectors = reader._vectors
        assert isinstance(vectors, ServerVectors)
        circuit, pauses = vectors._circuit, []
        for circuit._in_vain in (0, 9, 12, 1000):
            pauses.append(circuit._pause_s())
    assert pauses == [1, 1, 4, 8]
