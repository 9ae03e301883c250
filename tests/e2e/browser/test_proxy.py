"""The page behind nginx, under a path of its own, with nginx's buffering on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.acts import DEAD, SNAPBACK, ask, finished
from tests.e2e.browser.conftest import Opened
from tests.e2e.proxying import free_port, proxying
from tests.e2e.serving import serving
from tests.model_server import ModelServer, Reply

pytestmark = pytest.mark.e2e

LOCATION = """
server {{
  listen 127.0.0.1:{port};
  location /desk/news/ {{
    proxy_pass {address}/;
    proxy_buffering on; proxy_buffers 8 64k; proxy_http_version 1.1;
  }}
}}
"""


@pytest.fixture(scope="module")
def address(
    sample_index: Path, model: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where nginx offers the page of a service whose answers a model writes."""
    folder = tmp_path_factory.mktemp("proxy")
    data = shutil.copytree(sample_index, folder / "data")
    with serving(folder, data, DATELINE_LLM_BASE_URL=model.base_url) as served:
        port = free_port()
        with proxying(folder, port, LOCATION.format(port=port, address=served.address)):
            yield f"http://127.0.0.1:{port}/desk/news/"


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
