"""Binding the port, serving over a real socket, and stopping in good order."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from ingest.errors import SettingsError
from service.api.app import create_app
from service.api.frame import MAX_IN_FLIGHT
from service.api.server import MAX_CONNECTIONS, serve
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import FakeBackend

ROOT = Path(__file__).parents[4]
SCRIPT = """
import json
import sys
import structlog
structlog.configure(processors=[structlog.processors.JSONRenderer()])
from service.api.app import create_app
from service.api.server import serve
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import FakeBackend
delay_s, settings = json.loads(sys.argv[1])
app = create_app(FakeBackend(delay_s=delay_s), ServiceSettings(_env_file=None, **settings))
serve(app, "127.0.0.1", 0)
"""

LIFE = """
import asyncio
import signal
from contextlib import asynccontextmanager
from service.api.app import create_app
from service.api.server import serve
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import FakeBackend

@asynccontextmanager
async def life(_app):
    print("opened")
    asyncio.get_running_loop().call_later(0.2, signal.raise_signal, signal.SIGTERM)
    yield
    print("closed")

serve(create_app(FakeBackend(), ServiceSettings(_env_file=None), life), "127.0.0.1", 0)
print("returned")
"""


def test_a_port_in_use_is_an_error_with_a_remedy(app: FastAPI) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError) as caught:
            serve(app, "127.0.0.1", port)

    assert str(caught.value) == f"port {port} is in use; pass --port or set DATELINE_PORT"
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b", "x" * 80])
def test_a_host_of_another_machine_is_an_error_with_a_remedy(app: FastAPI, host: str) -> None:
    with pytest.raises(SettingsError, match="DATELINE_HOST"):
        serve(app, host, 0)


@pytest.mark.parametrize("port", [-1, 65536, 70000])
def test_a_port_that_is_none_is_an_error_about_the_port(app: FastAPI, port: int) -> None:
    with pytest.raises(SettingsError) as caught:
        serve(app, "127.0.0.1", port)

    assert str(caught.value) == (
        f"port {port} is not between 0 and 65535; pass --port or set DATELINE_PORT"
    )


def test_an_error_of_the_start_reaches_the_caller_and_no_log(
    settings: ServiceSettings, caplog: pytest.LogCaptureFixture
) -> None:
    @asynccontextmanager
    async def failing(_app: FastAPI) -> AsyncIterator[None]:
        raise error
        yield

    error = SettingsError("there is no model in this folder")

    with pytest.raises(SettingsError) as caught:
        serve(create_app(FakeBackend(), settings, failing), "127.0.0.1", 0)

    assert caught.value is error
    assert caplog.records == []


def test_what_the_start_opened_is_closed_at_the_end() -> None:
    # In a process of its own: SIGTERM is for all of one.
    done = subprocess.run(
        [sys.executable, "-c", LIFE], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if line in ("opened", "closed", "returned")]
    assert told == ["opened", "closed", "returned"]


def test_the_servers_own_limit_is_above_the_one_that_is_explained() -> None:
    assert MAX_IN_FLIGHT < MAX_CONNECTIONS


@pytest.fixture
def process(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A server in its own process; the parameter is how long a question takes, and settings."""
    parameter = getattr(request, "param", (0, {}))
    started = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, json.dumps(parameter)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield started
    started.kill()
    started.communicate()


def url_of(process: subprocess.Popen[str]) -> str:
    """Return the address from the first line, and check that it is the line meant for it."""
    line = process.stdout.readline()
    assert '"event": "serving"' in line, line
    return line.split('"url": "')[1].split('"')[0]


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_serves_on_a_free_port_and_exits_with_0(
    process: subprocess.Popen[str], name: signal.Signals
) -> None:
    reply = httpx.get(f"{url_of(process)}/healthz")
    process.send_signal(name)

    assert reply.json() == {"status": "ok"}
    assert "server" not in reply.headers
    assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("process", [(0.8, {})], indirect=True)
def test_a_question_under_way_is_answered_before_the_end(process: subprocess.Popen[str]) -> None:
    url = url_of(process)
    threading.Timer(0.3, process.send_signal, [signal.SIGTERM]).start()
    started = time.monotonic()
    reply = httpx.post(f"{url}/v1/ask", json={"question": "Q"}, timeout=10)

    assert reply.json()["id"] == "ans_1"
    assert time.monotonic() - started >= 0.8
    assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    "process", [(1.5, {}), (0, {"drain_s": 1.5})], indirect=True, ids=["busy", "draining"]
)
def test_who_connects_while_it_stops_is_told_so(process: subprocess.Popen[str]) -> None:
    url = url_of(process)
    asking = threading.Thread(
        target=httpx.post, args=(f"{url}/v1/ask",), kwargs={"json": {"question": "Q"}}
    )
    asking.start()
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)

    # Each call is a connection of its own.
    ready = httpx.get(f"{url}/readyz")
    refused = httpx.post(f"{url}/v1/ask", json={"question": "Q"})

    assert (ready.status_code, ready.json()["reason"]) == (503, "stopping")
    assert (refused.status_code, refused.json()["code"]) == (503, "stopping")
    assert "retry-after" in refused.headers
    assert httpx.get(f"{url}/healthz").status_code == 200
    asking.join()
    assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("process", "others"),
    [
        ((0, {"rate_limit": "1/hour"}), 429),
        ((0, {"rate_limit": "1/hour", "trusted_proxies": "127.0.0.1"}), 200),
        ((0, {"rate_limit": "1/hour", "trusted_proxies": "10.0.0.0/8"}), 429),
    ],
    indirect=["process"],
)
def test_readers_are_told_apart_behind_a_trusted_proxy_alone(
    process: subprocess.Popen[str], others: int
) -> None:
    url = url_of(process)

    def status(*addresses: str) -> int:
        forwarded = {"X-Forwarded-For": ", ".join(addresses)}
        return httpx.get(f"{url}/v1/stats", headers=forwarded).status_code

    assert status("203.0.113.7") == 200
    # What the reader wrote into the header stands before what the proxy added.
    assert status("198.51.100.9", "203.0.113.7") == 429
    assert status("203.0.113.8") == others


@pytest.mark.parametrize("process", [(0, {"drain_s": 60})], indirect=True)
def test_a_second_signal_ends_it_at_once(process: subprocess.Popen[str]) -> None:
    url_of(process)
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)

    assert process.wait(timeout=10) == 0
