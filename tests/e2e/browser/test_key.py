from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from service.access import hash_of, new_key
from tests.e2e.browser.acts import DEAD, ask
from tests.e2e.browser.conftest import Opened
from tests.e2e.browser.test_accessibility import violations
from tests.e2e.serving import Served, serving

pytestmark = pytest.mark.e2e

KEY = new_key()


@pytest.fixture(scope="module")
def keyed(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that lets in who has the key."""
    folder = tmp_path_factory.mktemp("keyed")
    data = shutil.copytree(sample_index, folder / "data")
    with serving(folder, data, DATELINE_API_KEYS=hash_of(KEY)) as served:
        yield served


def test_the_page_asks_for_a_key_and_keeps_it_for_the_session(
    opened: Opened, keyed: Served
) -> None:
    with opened(keyed.address + "/", "401") as page:
        expect(page.locator("#key")).to_be_visible()
        assert violations(page) == []
        page.get_by_label("Key", exact=True).fill(f" {KEY}\n")
        page.keyboard.press("Enter")
        expect(page.locator("#inventory .lead")).to_contain_text("34 articles")
        ask(page, DEAD).locator(".answer-text .marker").first.click()
        expect(page.locator("#panel mark.cited").first).to_be_in_viewport()
        page.keyboard.press("Escape")
        page.reload()
        expect(page.locator(".turn .answer-text")).to_be_visible()
        ask(page, "When did that happen?")
        expect(page.locator("#key")).to_be_hidden()
        kept = page.evaluate("JSON.stringify(localStorage)")
        assert KEY not in kept


def test_a_wrong_key_is_asked_for_again_and_no_text_is_lost(opened: Opened, keyed: Served) -> None:
    with opened(keyed.address + "/", "401") as page:
        page.get_by_label("Key", exact=True).fill("dl_wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_text("This key was not accepted.")).to_be_visible()
        page.keyboard.press("Escape")
        ask(page, DEAD)
        expect(page.locator(".turn .problem")).to_contain_text("A key is needed")
        page.get_by_label("Key", exact=True).fill(KEY)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".turn .answer-text .marker").first).to_be_visible()
