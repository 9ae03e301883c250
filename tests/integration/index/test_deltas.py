"""What changed of large files is pushed in place of all of them."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from ingest.errors import IndexDamaged
from ingest.index import making, steps
from ingest.index import manifest as manifests
from ingest.index import remote as remotes
from ingest.index.follower import Follower
from ingest.index.generations import Generations
from ingest.index.remote import Pushed, Remote
from ingest.index.steps import Step, chain
from tests.integration.index.conftest import entry, put
from tests.integration.index.in_storage import hashes, objects, others

CATALOG = "catalog.db"
NAMES = [[f"{stem}{n}" for stem in ("ship", "crew", "quay", "load", "tide")] for n in range(400)]
MANY = [entry(f"m{n:03d}", f"{' '.join(names)}.\n{names[0]}.") for n, names in enumerate(NAMES)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def remote(store: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    """A catalog of these tests is large for it, other files are not."""
    monkeypatch.setattr(steps, "LARGE", 500_000)
    return Remote(store.as_uri())


def push(generations: Generations, remote: Remote, *texts: str) -> Pushed:
    """Publish one more generation, and push it."""
    number = put(generations, *(entry(text.split()[0].lower(), text) for text in texts))
    return remote.push(generations.path(number), near=others(generations, number))


def begun(generations: Generations, remote: Remote) -> int:
    """Push a generation with a large catalog; return the size of that."""
    put(generations, *MANY)
    remote.push(generations.path(1))
    size = manifests.read(generations.path(1)).files[CATALOG].size
    assert size >= steps.LARGE
    return size


def named(generations: Generations, number: int) -> str:
    """Return where the catalog of a generation is among the objects."""
    sha256 = manifests.read(generations.path(number)).files[CATALOG].sha256
    return f"{sha256[:2]}/{sha256}"


def made(generations: Generations, store: Path, number: int) -> list[Step]:
    """Return how the catalog of a generation is made, the last step first."""
    text = (store / remotes.DELTAS / f"{number:06d}.json").read_bytes()
    told = {made: Step.model_validate(step) for made, step in json.loads(text).items()}
    sha256 = Path(named(generations, number)).name
    return [step for _, step in chain(sha256, told)]


def spoil(path: Path, left: bytes | None) -> None:
    """Leave so much of an object, or nothing at all."""
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if left is not None:
        path.write_bytes(left)


def assert_whole(generations: Generations, there: Generations, number: int) -> None:
    assert there.current() == number
    assert manifests.read(there.path(number)) == manifests.read(generations.path(number))
    manifests.verify(there.path(number), manifests.read(generations.path(number)))
    assert not list(there.path(number).rglob("*.delta"))


def brought(store: Path, data_dir: Path) -> Generations:
    Follower(Remote(store.as_uri()), data_dir, every_s=1.0).refresh()
    return Generations(data_dir)


def test_what_changed_of_a_large_file_is_pushed_and_made_whole_again(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path
) -> None:
    size = begun(generations, remote)
    near = brought(store, tmp_path / "near")
    sent = push(generations, remote, "Storks returned.")
    [step] = made(generations, store, 2)
    assert step.size < size / 4
    assert sent.size_bytes < size
    # One that has the first brings what changed, one that has nothing brings that and the first.
    for there in (brought(store, near.data_dir), brought(store, tmp_path / "fresh")):
        assert_whole(generations, there, 2)


def test_one_that_is_near_brings_no_whole_file(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path
) -> None:
    begun(generations, remote)
    near = brought(store, tmp_path / "near")
    push(generations, remote, "Storks returned.")
    (store / "objects" / named(generations, 1)).write_bytes(b"")
    brought(store, near.data_dir)
    assert near.current() == 2


def test_of_many_changes_in_a_row_a_whole_file_is_sent_again(
    generations: Generations,
    remote: Remote,
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "LONGEST", 2)
    begun(generations, remote)
    found = []
    for number, word in enumerate(("Storks", "Wheat", "Tea", "Rail"), 2):
        push(generations, remote, f"{word} returned.")
        found.append(len(made(generations, store, number)))
    assert found == [1, 2, 0, 1]
    fresh = brought(store, tmp_path / "fresh")
    manifests.verify(fresh.path(5), manifests.read(generations.path(5)))


def test_where_much_changed_the_whole_file_is_sent(
    generations: Generations, remote: Remote, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "SHARE", 0.01)
    begun(generations, remote)
    push(generations, remote, "Storks returned.")
    assert made(generations, store, 2) == []


def test_a_generation_that_is_damaged_here_is_nobody_s_base(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path
) -> None:
    begun(generations, remote)
    number = put(generations, entry("storks", "Storks returned."))
    with (generations.path(1) / CATALOG).open("r+b") as file:
        file.seek(50_000)
        file.write(b"damage")
    remote.push(generations.path(number), near=[generations.path(1)])
    assert made(generations, store, 2) == []
    assert brought(store, tmp_path / "fresh").current() == 2


@pytest.mark.parametrize("left", [b"", b"half", None])
def test_a_base_that_the_storage_lost_or_has_in_part_is_nobody_s(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path, left: bytes | None
) -> None:
    begun(generations, remote)
    spoil(store / "objects" / named(generations, 1), left)
    push(generations, remote, "Storks returned.")
    assert made(generations, store, 2) == []
    assert_whole(generations, brought(store, tmp_path / "fresh"), 2)


@pytest.mark.parametrize("left", [b"half", None])
def test_what_was_cut_off_between_is_made_again_or_sent(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path, left: bytes | None
) -> None:
    begun(generations, remote)
    push(generations, remote, "Storks returned.")
    push(generations, remote, "Wheat sold.")
    # Somebody went back to the second, sent it as a whole, and was killed.
    if left:
        spoil(store / "objects" / named(generations, 2), left)
    else:
        (store / "objects" / made(generations, store, 2)[0].delta[:2]).rename(tmp_path / "away")
    push(generations, remote, "Tea did not.")
    assert_whole(generations, brought(store, tmp_path / "fresh"), 4)
    remote.push(generations.path(3), near=[generations.path(4)])
    assert_whole(generations, brought(store, tmp_path / "other"), 3)


def test_a_file_of_which_a_push_was_cut_off_is_made_of_another(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path
) -> None:
    begun(generations, remote)
    number = put(generations, entry("storks", "Storks returned."))
    spoil(store / "objects" / named(generations, number), b"half")
    remote.push(generations.path(number), near=[generations.path(1)])
    assert_whole(generations, brought(store, tmp_path / "fresh"), number)


def test_a_replica_whose_own_copy_is_damaged_brings_all(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path
) -> None:
    begun(generations, remote)
    near = brought(store, tmp_path / "near")
    with (near.path(1) / CATALOG).open("r+b") as file:
        file.seek(300_000)
        file.write(b"rot")
    push(generations, remote, "Storks returned.")
    assert_whole(generations, brought(store, near.data_dir), 2)


def test_a_copy_nearby_that_cannot_be_read_is_got_around(
    generations: Generations,
    remote: Remote,
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun(generations, remote)
    near = brought(store, tmp_path / "near")
    push(generations, remote, "Storks returned.")
    failing = SimpleNamespace(copyfile=Mock(side_effect=OSError(errno.EIO, "rot")))
    monkeypatch.setattr(making, "shutil", failing)
    assert_whole(generations, brought(store, near.data_dir), 2)
    assert failing.copyfile.called


def test_what_alone_is_kept_is_made_of_nothing_older(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path
) -> None:
    begun(generations, remote)
    push(generations, remote, "Storks returned.")
    number = put(generations, entry("wheat", "Wheat sold."))
    remote.push(generations.path(number), keep=1, near=others(generations, number))
    assert not (store / "objects" / named(generations, 2)).exists()
    assert objects(store) == hashes(generations, number)
    assert_whole(generations, brought(store, tmp_path / "fresh"), number)


@pytest.mark.parametrize("text", ["not JSON", '{"a": {"base": "a"}}'])
def test_what_is_damaged_there_keeps_nobody_from_pushing(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path, text: str
) -> None:
    begun(generations, remote)
    push(generations, remote, "Storks returned.")
    (store / remotes.DELTAS / "000002.json").write_text(text)
    (store / remotes.DELTAS / "000099.json").write_text("{}")
    push(generations, remote, "Wheat sold.")
    assert_whole(generations, brought(store, tmp_path / "fresh"), 3)
    left = {path.name for path in (store / remotes.DELTAS).iterdir()}
    assert left == {"000001.json", "000002.json", "000003.json"}


def test_so_it_is_where_an_object_is_there_as_a_whole_or_not_at_all(
    generations: Generations, remote: Remote, tmp_path: Path
) -> None:
    assert remote.pointer() is None
    memory = Remote(f"memory://{tmp_path.name}")
    begun(generations, memory)
    sent = push(generations, memory, "Storks returned.")
    assert 0 < sent.size_bytes < manifests.read(generations.path(2)).files[CATALOG].size
    Follower(memory, tmp_path / "fresh", every_s=1.0).refresh()
    assert_whole(generations, Generations(tmp_path / "fresh"), 2)


def test_what_no_kept_generation_is_made_of_goes(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path
) -> None:
    begun(generations, remote)
    for word in ("Storks", "Wheat", "Tea"):
        push(generations, remote, f"{word} returned.")
    # The first catalog is what all are made of, though its generation is gone.
    assert sorted(path.name for path in (store / "deltas").iterdir()) == [
        "000002.json",
        "000003.json",
        "000004.json",
    ]
    fresh = brought(store, tmp_path / "fresh")
    manifests.verify(fresh.path(4), manifests.read(generations.path(4)))
    remote.push(generations.path(4), keep=1, again=True)
    assert objects(store) == hashes(generations, 4)
    assert [path.name for path in (store / "deltas").iterdir()] == ["000004.json"]


def test_files_that_are_made_of_each_other_are_damage(
    generations: Generations, remote: Remote, store: Path, tmp_path: Path
) -> None:
    begun(generations, remote)
    push(generations, remote, "Storks returned.")
    path = store / remotes.DELTAS / "000002.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps({made: step | {"base": made} for made, step in told.items()}))
    with pytest.raises(IndexDamaged, match="made of each other"):
        brought(store, tmp_path / "fresh")
