"""Services that share nothing but object storage, which a real S3-compatible server holds."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ingest.index import manifest as manifests
from ingest.index.remote import Remote
from tests.e2e.conftest import ROOT, Run
from tests.e2e.serving import Served, serving
from tests.faults import traffic
from tests.faults.test_flips import asked_all_the_time
from tests.object_store import ObjectStore, object_store

pytestmark = pytest.mark.e2e

KILLS = 20
Publish = Callable[..., str]


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    with object_store() as store:
        yield store


@pytest.fixture
def reachable(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """The store, for this process too."""
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    return store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return ObjectStore.url(tmp_path.name)


@pytest.fixture
def publish(run: Run, indexed: Path, reachable: ObjectStore, url: str) -> Publish:
    """Run a command of the one that writes, with the sample articles indexed."""
    assert indexed.is_dir() and reachable.endpoint

    def dateline(*arguments: str) -> str:
        done = run(*arguments, DATELINE_PUBLISH_URL=url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return dateline


def replica(stack: ExitStack, folder: Path, url: str) -> Served:
    folder.mkdir()
    follow = {"DATELINE_FOLLOW_URL": url, "DATELINE_FOLLOW_S": "0.3", "DATELINE_POLL_S": "0.2"}
    return stack.enter_context(serving(folder, folder / "data", **follow))


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_two_replicas_follow_ten_flips_and_no_request_fails(
    publish: Publish, tmp_path: Path, url: str
) -> None:
    publish("index", "push")
    with ExitStack() as stack:
        replicas = [replica(stack, tmp_path / name, url) for name in ("one", "two")]
        sent = [stack.enter_context(asked_all_the_time(one.address, 0.1)) for one in replicas]

        def flip(generation: int, *arguments: str) -> None:
            publish(*arguments)
            for one in replicas:
                traffic.until_served(one.http, generation)

        for newest, name in ((2, "storks"), (3, "cranes")):
            file = tmp_path / f"{name}.txt"
            file.write_text(f"News of {name}\n\nThe {name} came back to Gorgan on Sunday.")
            flip(newest, "ingest", str(file))
            for generation in (newest - 1, newest, newest - 1, newest):
                flip(generation, "index", "use", str(generation))
        ready = [one.http.get("/readyz").json() for one in replicas]
    replies: list[Any] = [future.result() for one in sent for future in one]
    assert [(one["ready"], one["degraded"]) for one in ready] == [(True, [])] * 2
    assert len(replies) > 100


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_a_push_killed_at_any_moment_is_never_visible(
    publish: Publish, run: Run, tmp_path: Path, url: str
) -> None:
    publish("index", "push")
    chance, remote = random.Random(5), Remote(url)
    seen, data = set(), tmp_path / "data"
    for number in range(KILLS):
        file = tmp_path / "late.txt"
        file.write_text(f"Stork {number}\n\nStork {number} came back to Gorgan on Sunday.")
        assert run("ingest", str(file)).returncode == 0
        seen.add(killed_push(data, url, chance.random() * 1.2))
        require_whole(remote, tmp_path / "looked-at")
    assert "killed" in seen
    publish("index", "push")
    pointer = remote.pointer()
    assert pointer and f"{pointer.generation:06d}" == (data / "CURRENT").read_text().strip()
    require_whole(remote, tmp_path / "looked-at")


def killed_push(data: Path, url: str, after_s: float) -> str:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "dateline.py"), "index", "push"],
        env={**os.environ, "DATELINE_DATA_DIR": str(data), "DATELINE_PUBLISH_URL": url},
        stdout=subprocess.DEVNULL,
    )
    try:
        return "done" if process.wait(0.3 + after_s) == 0 else "failed"
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return "killed"


def require_whole(remote: Remote, folder: Path) -> None:
    """Pull what counts, which checks every file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    pointer = remote.pointer()
    assert pointer is not None
    manifest = remote.pull(pointer, folder, [])
    assert manifest.generation == pointer.generation


def test_a_damaged_object_is_told_of_and_not_served(
    publish: Publish, run: Run, reachable: ObjectStore, tmp_path: Path, url: str
) -> None:
    publish("index", "push")
    with ExitStack() as stack:
        one = replica(stack, tmp_path / "one", url)
        traffic.until_served(one.http, 1)
        (tmp_path / "late.txt").write_text("Storks\n\nStorks came back to Gorgan on Sunday.")
        assert run("ingest", str(tmp_path / "late.txt")).returncode == 0
        data = tmp_path / "data" / "generations" / "000002"
        sha256 = manifests.read(data).files["catalog.db"].sha256
        key = f"{tmp_path.name}/objects/{sha256[:2]}/{sha256}"
        # As large as the right one, which the push then takes for sent.
        reachable.put(key, bytes((data / "catalog.db").stat().st_size))
        publish("index", "push")
        until_degraded(one)
        assert traffic.stats(one.http)["generation"] == 1
        assert one.http.get("/readyz").status_code == 200


def until_degraded(served: Served) -> None:
    end = time.monotonic() + 30
    while not any("follow: " in said for said in served.http.get("/readyz").json()["degraded"]):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_what_is_removed_for_good_is_in_no_object(
    publish: Publish, reachable: ObjectStore, tmp_path: Path
) -> None:
    publish("index", "push")
    (tmp_path / "canary.txt").write_text("A canary\n\nThe quokkafold was seen in Gorgan on Sunday.")
    publish("ingest", str(tmp_path / "canary.txt"))
    assert "quokkafold" in everything(reachable, tmp_path.name)
    catalog = sqlite3.connect(next((tmp_path / "data").glob("generations/000002/catalog.db")))
    [(article_id,)] = catalog.execute("SELECT article_id FROM articles WHERE title = 'A canary'")
    catalog.close()
    publish("remove", article_id)

    assert "quokkafold" not in everything(reachable, tmp_path.name)


def everything(store: ObjectStore, prefix: str) -> str:
    """Return every object of a folder, one after the other."""
    return "".join(store.get(key).decode("latin-1") for key in store.keys(prefix))
