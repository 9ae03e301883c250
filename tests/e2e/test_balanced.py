"""Three services on one data folder, behind nginx."""

from __future__ import annotations

import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.proxying import free_port, proxying
from tests.e2e.serving import Served, serving
from tests.e2e.test_backup import answers

pytestmark = pytest.mark.e2e

EVERY = [pytest.param(6, id="one in six"), pytest.param(1, id="all", marks=pytest.mark.faults)]
CLIENTS = 9
QUESTION = {"question": "Which countries set off the snapback of UN sanctions?"}


@dataclass
class Cluster:
    services: list[Served]
    http: httpx.Client


@pytest.fixture
def cluster(sample_index: Path, tmp_path: Path) -> Iterator[Cluster]:
    data, port = shutil.copytree(sample_index, tmp_path / "data"), free_port()
    with ExitStack() as stack:
        services = []
        for name in ("one", "two", "three"):
            (tmp_path / name).mkdir()
            services.append(stack.enter_context(serving(tmp_path / name, data)))
        servers = " ".join(
            f"server {urlsplit(one.address).netloc} fail_timeout=2s;" for one in services
        )
        inside = (
            f"upstream services {{ {servers} }}\n"
            f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://services; "
            "proxy_http_version 1.1; proxy_buffering off; proxy_set_header Host localhost; } }"
        )
        stack.enter_context(proxying(tmp_path, port, inside))
        limits = httpx.Limits(max_connections=CLIENTS)
        http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits)
        yield Cluster(services, stack.enter_context(http))


@pytest.mark.parametrize("every", EVERY)
def test_three_answer_as_one(cluster: Cluster, every: int) -> None:
    assert answers(cluster.http, every) == answers(cluster.services[0].http, every)
    counted = [one.log.read_text("utf-8").count("route=/v1/ask") for one in cluster.services]
    assert min(counted[1:]) > 0


def test_one_that_is_killed_loses_its_own_open_requests_alone(cluster: Cluster) -> None:
    ended, lost = threading.Event(), []
    done = [0]

    def ask() -> None:
        while not ended.is_set():
            try:
                status = cluster.http.post("/v1/ask", json=QUESTION).status_code
            except httpx.HTTPError as error:
                status = type(error).__name__
            done[0] += 1
            if status != 200:
                lost.append(status)

    with ThreadPoolExecutor(CLIENTS) as clients:
        asking = [clients.submit(ask) for _ in range(CLIENTS)]
        ended.wait(3)
        killed = cluster.services[1].process
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        ended.wait(4)
        ended.set()
    for one in asking:
        one.result()

    # Each client had one request open, of which the killed service had its share.
    assert len(lost) <= CLIENTS
    assert done[0] > 3 * CLIENTS
    assert {cluster.http.post("/v1/ask", json=QUESTION).status_code for _ in range(6)} == {200}
