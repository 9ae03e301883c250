"""What becomes of readers when the service is stopped, crowded, or shares its index."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from service.api.connections import IDLE_S
from tests.e2e.conftest import Run
from tests.e2e.serving import Served, serving
from tests.model_server import ModelServer, Reply

pytestmark = pytest.mark.e2e

QUESTION = {"question": "Which countries set off the snapback of UN sanctions?", "stream": True}
STREAMS = 20
CLIENTS = 500
PIECES = tuple(f"{word} " for word in ["Germany,", "France", "and", "Britain", "did", "it", "[1]."])


@pytest.fixture
def written(sample_index: Path, tmp_path: Path) -> Iterator[Served]:
    """A service whose answers take four seconds to write."""
    with ModelServer(answer=lambda _: Reply(PIECES, pause_s=0.6)) as model:
        data = shutil.copytree(sample_index, tmp_path / "written")
        with serving(tmp_path, data, DATELINE_LLM_BASE_URL=model.base_url) as served:
            yield served


def last_event(address: str, begun: threading.Barrier) -> str:
    """Ask, and return the name of the last event of the stream."""
    names = ["none"]
    with (
        httpx.Client(timeout=60) as http,
        http.stream("POST", f"{address}/v1/ask", json=QUESTION) as reply,
    ):
        for line in reply.iter_lines():
            if line.startswith("event: "):
                names.append(line.removeprefix("event: "))
                if names[-1] == "delta" and names.count("delta") == 1:
                    begun.wait(60)
    return names[-1]


def test_a_stopped_service_ends_every_open_stream_in_good_order(written: Served) -> None:
    begun = threading.Barrier(STREAMS + 1)
    with ThreadPoolExecutor(STREAMS) as clients:
        open_streams = [clients.submit(last_event, written.address, begun) for _ in range(STREAMS)]
        begun.wait(60)
        written.process.send_signal(signal.SIGTERM)
        ends = Counter(stream.result(60) for stream in open_streams)

    assert set(ends) <= {"answer", "error"}
    assert ends["answer"] > 0
    assert written.process.wait(20) == 0


def test_five_hundred_clients_at_once_are_answered_or_told_to_come_back(
    sample_index: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "crowded")
    with serving(tmp_path, data, DATELINE_MAX_OPEN_PER_CLIENT="64") as served:
        limits = httpx.Limits(max_connections=CLIENTS)
        with httpx.Client(timeout=90, limits=limits) as http, ThreadPoolExecutor(CLIENTS) as pool:
            asked = [
                pool.submit(http.get, f"{served.address}/v1/stats")
                if number % 2
                else pool.submit(http.post, f"{served.address}/v1/ask", json=QUESTION)
                for number in range(CLIENTS)
            ]
            replies = [one.result(90) for one in asked]

        statuses = Counter(reply.status_code for reply in replies)
        assert set(statuses) <= {200, 429, 503}
        assert statuses[200] > 0
        refused = [reply for reply in replies if reply.status_code != 200]
        assert all("retry-after" in reply.headers for reply in refused)
        assert served.http.get("/readyz").status_code == 200


def test_connections_are_kept_for_longer_than_nginx_keeps_them() -> None:
    assert IDLE_S > 60


@pytest.mark.faults
def test_a_connection_that_idled_as_long_as_a_client_keeps_it_is_still_heard(
    sample_index: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "idle")
    with serving(tmp_path, data) as served:
        # Unlike others it never opens a second connection by itself while the first seems whole.
        connection = HTTPConnection("127.0.0.1", served.http.base_url.port, timeout=10)
        for _ in range(2):
            connection.request("GET", "/healthz")
            reply = connection.getresponse()
            assert (reply.status, reply.read()) == (200, b'{"status":"ok"}')
            # httpx and uvicorn keep one for five seconds, if nobody says otherwise.
            time.sleep(5.5)
        connection.close()


def test_two_services_share_one_index_and_both_follow_an_ingest(
    run: Run, indexed: Path, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    (tmp_path / "late.txt").write_text("Storks return\n\nStorks came back to Gorgan on Sunday.")
    with serving(folders[0], indexed) as one, serving(folders[1], indexed) as two:
        before = [served.http.get("/v1/stats").json()["articles"] for served in (one, two)]
        assert run("ingest", str(tmp_path / "late.txt")).returncode == 0
        for served in (one, two):
            until_articles(served, before[0] + 1)
    assert before[0] == before[1]


def until_articles(served: Served, expected: int) -> None:
    for _ in range(100):
        if served.http.get("/v1/stats").json()["articles"] == expected:
            return
        threading.Event().wait(0.1)
    raise AssertionError("the service does not follow")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write where nobody may")
def test_a_folder_that_cannot_be_written_is_still_answered_from(
    indexed: Path, tmp_path: Path
) -> None:
    for path in [indexed, *indexed.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    with serving(tmp_path, indexed) as served:
        question = {"question": QUESTION["question"]}
        assert served.http.post("/v1/ask", json=question).json()["status"] == "answered"
