"""Generations pushed to a folder and pulled from it, whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from ingest.errors import IndexDamaged, IndexMissing, IndexUnavailable, SettingsError
from ingest.index import manifest as manifests
from ingest.index import steps
from ingest.index.follower import Follower
from ingest.index.generations import Generations
from ingest.index.library import Library
from ingest.index.publishing import Publishing
from ingest.index.remote import CURRENT, Remote
from ingest.index.storage import Storage
from ingest.settings import IndexSettings
from tests.integration.index.conftest import entry, put
from tests.integration.index.in_storage import hashes, objects, others

Publish = Callable[..., int]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(params=["whole", "in part"], ids="files are sent {}".format)
def remote(request: pytest.FixtureRequest, store: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    if request.param == "in part":
        monkeypatch.setattr(steps, "LARGE", 0)
        monkeypatch.setattr(steps, "SHARE", 100.0)
    return Remote(store.as_uri())


@pytest.fixture
def follower(remote: Remote, tmp_path: Path) -> Follower:
    return Follower(remote, tmp_path / "replica", every_s=0.05)


def pushed(generations: Generations, remote: Remote, *texts: str) -> int:
    """Publish one more generation, and push it."""
    number = put(generations, *(entry(text.split()[0].lower(), text) for text in texts))
    remote.push(generations.path(number), near=others(generations, number))
    return number


def test_a_replica_has_what_was_pushed_to_the_byte(
    generations: Generations, remote: Remote, follower: Follower, tmp_path: Path
) -> None:
    pushed(generations, remote, "Storks returned.", "Wheat sold.")

    assert follower.refresh()
    assert not follower.refresh()
    there = Generations(tmp_path / "replica")
    one, other = generations.path(1), there.path(1)
    assert manifests.read(one) == manifests.read(other)
    manifests.verify(other, manifests.read(one))


def test_the_second_push_sends_only_what_changed(generations: Generations, remote: Remote) -> None:
    pushed(generations, remote, "Storks returned.", "Wheat sold.")
    number = put(generations, entry("tea", "Tea did not."))
    manifest = manifests.read(generations.path(number))
    before = set(manifests.read(generations.path(1)).files.values())
    new = [record for record in manifest.files.values() if record not in before]

    sent = remote.push(generations.path(number))

    assert (sent.files, sent.size_bytes) == (len(new), sum(record.size for record in new))
    assert 0 < sent.files < len(manifest.files)
    assert remote.push(generations.path(number)).files == 0


def test_a_replica_follows_forward_and_back(
    generations: Generations, remote: Remote, follower: Follower, tmp_path: Path
) -> None:
    pushed(generations, remote, "Storks returned.")
    follower.refresh()
    pushed(generations, remote, "Wheat sold.")
    follower.refresh()
    there = Generations(tmp_path / "replica")
    assert there.current() == 2
    generations.use(1)
    remote.push(generations.path(1))
    follower.refresh()

    assert there.current() == 1


def test_what_was_never_pushed_is_missing(follower: Follower) -> None:
    with pytest.raises(IndexMissing):
        follower.refresh()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found damaged is tried again at once."""
    monkeypatch.setattr("ingest.index.follower.AGAIN_S", 0.0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", ["changed", "cut", "missing", "manifest", "pointer"])
def test_a_damaged_object_is_not_served_and_a_push_mends_it(
    generations: Generations, remote: Remote, store: Path, follower: Follower, fault: str
) -> None:
    pushed(generations, remote, "Storks returned.")
    follower.refresh()
    pushed(generations, remote, "Wheat sold.")
    spoil(store, manifests.read(generations.path(2)).files["catalog.db"].sha256, fault)

    with pytest.raises(IndexDamaged):
        follower.refresh()
    assert Generations(store.parent / "replica").current() == 1
    (store / CURRENT).unlink()
    remote.push(generations.path(2), again=True)
    assert follower.refresh()
    assert Generations(store.parent / "replica").current() == 2


def object_of(store: Path, sha256: str) -> Path:
    return store / "objects" / sha256[:2] / sha256


def spoil(store: Path, sha256: str, fault: str) -> None:
    path = object_of(store, sha256)
    newest = max((store / "deltas").iterdir())
    made = json.loads(newest.read_text()).get(sha256)
    if made:
        path = object_of(store, made["delta"])
    if fault == "manifest":
        path = store / "generations" / "000002.json"
    if fault == "pointer":
        path = store / CURRENT
    whole = path.read_bytes()
    if fault == "missing":
        path.unlink()
    elif fault == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        path.write_bytes(whole.replace(b"e", b"f"))


def test_a_damaged_generation_is_not_pulled_again_and_again(
    generations: Generations, remote: Remote, store: Path, follower: Follower
) -> None:
    pushed(generations, remote, "Storks returned.")
    spoil(store, manifests.read(generations.path(1)).files["catalog.db"].sha256, "changed")
    with pytest.raises(IndexDamaged, match="other contents"):
        follower.refresh()

    with pytest.raises(IndexDamaged, match="generation 1 in the object storage"):
        follower.refresh()
    assert follower.problem is None
    follower.look()
    assert follower.problem == "generation 1 in the object storage is damaged"


def test_an_object_that_was_cut_off_is_sent_again(
    generations: Generations, remote: Remote, store: Path
) -> None:
    number = put(generations, entry("storks", "Storks returned."))
    sha256 = manifests.read(generations.path(number)).files["catalog.db"].sha256
    path = object_of(store, sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half")

    remote.push(generations.path(number))

    assert manifests.sha256_of(path) == sha256


def test_another_index_is_not_pushed_over_one(
    generations: Generations, remote: Remote, tmp_path: Path
) -> None:
    pushed(generations, remote, "Storks returned.")
    pushed(generations, remote, "Wheat sold.")
    other = Generations(tmp_path / "other")
    number = put(other, entry("tea", "Tea did not."))

    with pytest.raises(SettingsError, match="another index"):
        remote.push(other.path(number))
    assert remote.pointer().generation == 2


def test_old_generations_go_and_their_objects_with_them(
    generations: Generations, remote: Remote, store: Path
) -> None:
    for text in ("Storks returned.", "Wheat sold.", "Tea did not.", "Rail stopped.", "Gas rose."):
        pushed(generations, remote, text)
    kept = sorted(path.stem for path in (store / "generations").iterdir())
    assert kept == ["000003", "000004", "000005"]
    remote.push(generations.path(5), keep=1, again=True)

    assert objects(store) == hashes(generations, 5)


def test_what_alone_may_stay_is_seen_to_by_a_later_push(
    generations: Generations, remote: Remote, store: Path
) -> None:
    pushed(generations, remote, "Storks returned.")
    number = pushed(generations, remote, "Wheat sold.")
    # It counts already, and what is older was not taken away.
    remote.push(generations.path(number), keep=1, near=others(generations, number))

    assert objects(store) == hashes(generations, 2)


def test_what_was_to_be_taken_away_and_was_not_is_by_the_next_push(
    generations: Generations, remote: Remote, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed(generations, remote, "Storks returned.")
    put(generations, entry("wheat", "Wheat sold."))
    publishing = Publishing(
        IndexSettings(data_dir=generations.data_dir, publish_url=store.as_uri(), _env_file=None)  # type: ignore[call-arg]
    )
    with monkeypatch.context() as patch:
        patch.setattr(Storage, "remove", Mock(side_effect=OSError("away")))
        with pytest.raises(IndexUnavailable, match="cannot be used"):
            publishing.push(keep=1)
    assert len(list((store / "generations").iterdir())) == 2
    publishing.push()
    assert [path.name for path in (store / "generations").iterdir()] == ["000002.json"]
    put(generations, entry("tea", "Tea did not."))
    publishing.push()
    assert len(list((store / "generations").iterdir())) == 2


@pytest.mark.parametrize("name", [CURRENT, "generations/000001.json"])
def test_what_is_damaged_there_is_mended_by_a_push_of_everything(
    generations: Generations, remote: Remote, store: Path, follower: Follower, name: str
) -> None:
    pushed(generations, remote, "Storks returned.")
    pushed(generations, remote, "Wheat sold.")
    (store / name).write_text("{")
    generations.use(1)
    remote.push(generations.path(1), again=True)
    assert follower.refresh()
    assert Generations(store.parent / "replica").current() == 1


def test_what_a_killed_push_left_is_in_nobody_s_way(
    generations: Generations, remote: Remote, store: Path
) -> None:
    pushed(generations, remote, "Storks returned.")
    (store / "generations" / "000002.json.part").write_text("half")
    (store / f"{CURRENT}.part").write_text("half")

    pushed(generations, remote, "Wheat sold.")

    assert remote.pointer().generation == 2


def test_a_library_says_what_keeps_it_behind(
    generations: Generations, remote: Remote, store: Path, follower: Follower, tmp_path: Path
) -> None:
    pushed(generations, remote, "Storks returned.")
    library = Library(tmp_path / "replica", follower)
    library.catch_up()
    library.refresh()
    assert (library.serving, library.degraded) == (1, [])
    shutil.move(store, tmp_path / "away")
    library.catch_up()

    assert library.degraded == ["follow: nothing was pushed yet to where DATELINE_FOLLOW_URL leads"]
    assert library.serving == 1
    library.close()


@pytest.mark.parametrize("url", ["nowhere://x", "s3", "://"])
def test_an_address_that_is_none_is_an_error_of_the_settings(url: str) -> None:
    with pytest.raises(SettingsError):
        Remote(url)
