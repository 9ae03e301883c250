from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from service.access import hash_of, new_key
from tests.e2e.browser.acts import DEAD
from tests.e2e.browser.conftest import Opened
from tests.e2e.serving import Served, serving

pytestmark = pytest.mark.e2e


def test_the_viewer_shows_every_route_and_tries_one_out(opened: Opened, served: Served) -> None:
    paths = served.http.get("/openapi.json").json()["paths"]
    with opened(served.address + "/docs") as page:
        expect(page.locator(".opblock")).to_have_count(sum(map(len, paths.values())))
        search = page.locator(".opblock", has_text="/v1/search")
        search.locator(".opblock-summary").click()
        search.get_by_role("button", name="Try it out").click()
        search.locator("textarea").fill(json.dumps({"query": DEAD, "k": 1}))
        search.get_by_role("button", name="Execute").click()
        expect(search.locator(".live-responses-table .response-col_status").last).to_contain_text(
            "200"
        )


def test_the_viewer_says_that_a_key_is_needed_and_takes_that_of_the_page(
    opened: Opened, sample_index: Path, tmp_path: Path
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "data")
    key = new_key()
    with (
        serving(tmp_path, data, DATELINE_API_KEYS=hash_of(key)) as keyed,
        opened(keyed.address + "/docs", "401") as page,
    ):
        expect(page.get_by_role("status")).to_contain_text("A key is needed")
        page.get_by_role("link", name="the chat page").click()
        page.get_by_label("Key", exact=True).fill(key)
        page.keyboard.press("Enter")
        expect(page.locator("#inventory .lead")).to_contain_text("34 articles")
        page.goto(keyed.address + "/docs")
        expect(page.locator(".opblock").first).to_be_visible()
