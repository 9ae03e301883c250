"""The page behind nginx, under a path of its own, with nginx's buffering on."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.browser.acts import DEAD, SNAPBACK, ask, finished
from tests.e2e.browser.conftest import Opened
from tests.e2e.serving import serving
from tests.model_server import ModelServer, Reply

pytestmark = pytest.mark.e2e

CONFIGURATION = """
daemon off; pid nginx.pid; error_log error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port};
    location /desk/news/ {{
      proxy_pass {address}/;
      proxy_buffering on; proxy_buffers 8 64k; proxy_http_version 1.1;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def address(
    sample_index: Path, model: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where nginx offers the page of a service whose answers a model writes."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is not installed")
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("proxy")
    data = shutil.copytree(sample_index, folder / "data")
    with serving(folder, data, DATELINE_LLM_BASE_URL=model.base_url) as served:
        port = free_port()
        written = CONFIGURATION.format(port=port, address=served.address)
        (folder / "nginx.conf").write_text(written)
        process = subprocess.Popen([nginx, "-p", str(folder), "-c", "nginx.conf"])
        try:
            yield until_open(f"http://127.0.0.1:{port}/desk/news/")
        finally:
            process.terminate()
            process.wait(10)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def until_open(address: str) -> str:
    until = time.monotonic() + 20
    while True:
        try:
            httpx.get(address)
        except httpx.TransportError:
            assert time.monotonic() < until, "nginx does not start"
            time.sleep(0.05)
        else:
            return address


def test_an_answer_streams_through_a_buffering_proxy(
    opened: Opened, address: str, model: ModelServer
) -> None:
    pieces = tuple(re.findall(r"\S+ ?", "Germany, France and Britain set it off in 2025 [1]."))
    model.enqueue(Reply(pieces, pause_s=0.2))
    with opened(address) as page:
        page.get_by_label("Your question").fill(SNAPBACK)
        page.keyboard.press("Enter")

        writing = page.locator(".answer-text.writing")
        expect(writing).to_contain_text("Germany,")
        assert "2025" not in writing.inner_text()
        finished(page)

        page.locator(".answer-text .marker").first.click()
        expect(page.locator("#panel mark.cited").first).to_be_in_viewport()


def test_everything_else_works_under_the_path_too(opened: Opened, address: str) -> None:
    with opened(address) as page:
        expect(page.locator("#inventory .lead")).to_contain_text("34 articles")
        turn = ask(page, DEAD)
        turn.get_by_role("button", name="Helpful", exact=True).click()
        expect(turn.get_by_text("Stored.")).to_be_visible()
        page.reload()
        expect(page.locator(".turn h2")).to_have_text(DEAD)
