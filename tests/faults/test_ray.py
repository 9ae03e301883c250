"""Ingest on a Ray cluster: the index of a local run, whatever becomes of a worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROOT
from tests.integration.conftest import record, write
from tests.same_index import require_same

SHARED = Path(__file__).parents[3] / "shared"
CORPUS = SHARED / "benchmarks" / "multihop_rag" / "corpus.json"
SAMPLES = ROOT / "ingest" / "samples"
WITHIN = 1e-5
ENOUGH_BYTES = 1_500_000
LOST = "a machine of the cluster is lost"
# On a busy machine.
WAITING = "waiting for room on the cluster"

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1500)]
on_the_corpus = pytest.mark.skipif(not CORPUS.is_file(), reason="the shared articles are not here")


@dataclass
class Cluster:
    """A head and two workers, as processes of this machine."""

    process: subprocess.Popen[str]
    address: str
    client: str

    def kill_a_worker(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("kill\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "killed\n"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    command = [sys.executable, str(ROOT / "tests" / "faults" / "ray_cluster.py")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    address, client = process.stdout.readline().split()
    yield Cluster(process, address, client)
    process.communicate("end\n", timeout=120)


def start(data: Path, *arguments: str | Path, **more: str) -> subprocess.Popen[str]:
    """Start `dateline ingest … --json` into a data folder."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "dateline.py"), "ingest", *map(str, arguments), "--json"],
        cwd=data.parent,
        env={
            **os.environ,
            "DATELINE_DATA_DIR": str(data),
            "DATELINE_CHECKPOINT_S": "30",
            # The cluster is one of the loopback address, which Ray else takes for the machine's.
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            **more,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(
    process: subprocess.Popen[str], code: int = 0, told: str = WAITING, must_tell: bool = False
) -> Any:
    """Return what an ingest reported; it says nothing else but lines with `told`, or of a wait."""
    out, errors = process.communicate(timeout=1200)
    assert told in errors or not must_tell, errors
    others = [line for line in errors.splitlines() if told not in line and WAITING not in line]
    assert (process.returncode, others) == (code, []), errors
    report = json.loads(out)
    return {key: report[key] for key in ("articles", "passages", "failures")}


def wait_for_work(data: Path, done: Callable[[], bool] = lambda: False) -> None:
    """Wait until something was embedded."""
    file, end = data / "embeddings.db-wal", time.monotonic() + 300
    while time.monotonic() < end and not done():
        if file.exists() and file.stat().st_size > ENOUGH_BYTES:
            return
        time.sleep(0.1)
    raise AssertionError("nothing was embedded")


def wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def commands_with(text: str) -> list[str]:
    """Return the command lines of this machine in which `text` is."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(file.read_text(errors="replace"))
    return [line for line in found if text in line]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The data folder of a local run over the corpus, and its report."""
    data = tmp_path_factory.mktemp("local") / "data"
    return data, ended(start(data, CORPUS))


@on_the_corpus
def test_a_cluster_gives_the_index_of_a_local_run_and_a_second_run_changes_nothing(
    local: tuple[Path, Any], cluster: Cluster, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    report = ended(start(data, CORPUS, "--on", cluster.address))
    assert report == local[1]
    assert require_same(local[0], data) < WITHIN
    before = (data / "CURRENT").read_text()
    again = ended(start(data, CORPUS, "--on", cluster.address))
    assert (again["articles"]["unchanged"], again["passages"]) == (609, 0)
    assert (data / "CURRENT").read_text() == before


@on_the_corpus
def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing(
    local: tuple[Path, Any], cluster: Cluster, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    process = start(data, CORPUS, "--on", cluster.address)
    wait_for_work(data, lambda: process.poll() is not None)
    cluster.kill_a_worker()
    assert process.poll() is None, "the run was over before the worker was killed"
    assert ended(process, told=LOST, must_tell=True) == local[1]
    assert require_same(local[0], data) < WITHIN


def test_through_the_client_the_index_is_the_same_too(cluster: Cluster, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    report = ended(start(here, SAMPLES))
    assert ended(start(there, SAMPLES, "--on", cluster.client)) == report
    assert require_same(here, there) < WITHIN


def test_a_ray_of_its_own_gives_the_same_with_the_same_failures_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "news"
    write(folder / "a.jsonl", record("Ferry"), "{broken", record("Rail"), record("Rail"))
    write(folder / "b.jsonl", record("Long", "word " * 500_000), record("Wheat"))
    (folder / "c.pdf").write_bytes(b"%PDF-1.4 no more")
    (folder / "d.txt").symlink_to(folder / "nowhere.txt")
    (folder / "empty").mkdir()
    here, there = tmp_path / "here", tmp_path / "there"
    report = ended(start(here, folder, SAMPLES), code=1)
    # Short, else Ray's sockets have no room in it.
    own = tempfile.mkdtemp(dir="/tmp")
    process = start(there, folder, SAMPLES, "--on", "ray", TMPDIR=own)
    assert ended(process, code=1) == report
    assert require_same(here, there) < WITHIN
    assert [path.name for path in Path(own).glob("ray*")] == []
    shutil.rmtree(own)


@on_the_corpus
def test_ctrl_c_publishes_what_is_done_and_the_next_run_goes_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = start(data, CORPUS, "--on", "ray")
    wait_for_work(data, lambda: process.poll() is not None)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    done = json.loads(out)["articles"]["added"]
    assert (process.returncode, 0 < done < 609) == (1, True)
    again = ended(start(data, CORPUS, "--on", "ray"))
    assert (again["articles"]["unchanged"], again["articles"]["added"]) == (done, 609 - done)


@pytest.mark.parametrize(
    ("numbers", "code"), [((signal.SIGINT, signal.SIGINT), 130), ((signal.SIGTERM,), 1)]
)
def test_nothing_is_left_of_a_ray_that_is_interrupted_while_it_starts(
    numbers: tuple[signal.Signals, ...], code: int, tmp_path: Path
) -> None:
    own = Path(tempfile.mkdtemp(dir="/tmp"))
    process = start(tmp_path / "data", SAMPLES, "--on", "ray", TMPDIR=str(own))
    wait_for(lambda: any(own.glob("ray-*/session_*/logs")))
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.5)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    # What Ray sets to watch over the others ends a moment after them.
    wait_for(lambda: not commands_with(str(own)))
    assert list(own.iterdir()) == []
    own.rmdir()


def test_a_port_of_something_else_is_told_in_bounded_time(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().split()[5]
        for address in (f"127.0.0.1:{port}", f"ray://127.0.0.1:{port}"):
            process = start(tmp_path / "data", SAMPLES, "--on", address)
            _, errors = process.communicate(timeout=240)
            assert process.returncode == 2, errors
            assert errors.splitlines()[-1].startswith(f"dateline: the Ray at '{address}' cannot")
        server.terminate()
