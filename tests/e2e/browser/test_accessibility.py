from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser.acts import DEAD, finished
from tests.e2e.browser.conftest import NARROW, TIMEOUT_MS, WIDE
from tests.e2e.browser.stages import staged
from tests.e2e.browser.states import STATES, Stage

pytestmark = pytest.mark.e2e

# WCAG 2.2 AA, and what axe calls good practice.
RULES = {
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    ]
}  # fmt: skip
MANY_TABS = 60


@pytest.fixture(scope="module")
def stage(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(sample_index, tmp_path_factory.mktemp("stage")) as stage:
        yield stage


def violations(page: Page) -> list[str]:
    """Return what axe finds, with the element of each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser: Browser, stage: Stage, state: str) -> None:
    for size in (WIDE, NARROW):
        context = browser.new_context(viewport=size, color_scheme="light")  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        STATES[state](page, stage)
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        # Colours fade into each other for a moment.
        page.wait_for_timeout(300)
        assert violations(page) == []
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{state} is {wider} pixels too wide at {size['width']}"
        context.close()


def tab_to(page: Page, text: str) -> None:
    """Press Tab until the element with this name has the focus."""
    for _ in range(MANY_TABS):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "(a => a.getAttribute('aria-label') ?? a.textContent)(document.activeElement)"
        )
        if text in named:
            return
    raise AssertionError(f"Tab does not reach {text!r}")


def test_the_whole_job_can_be_done_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the question")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Filter", exact=True)).to_be_focused()
    page.keyboard.press("Alt+Shift+Q")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(DEAD)
    page.keyboard.press("Enter")
    finished(page)

    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.locator(".turn h2")).to_be_focused()
    tab_to(page, "Source 1")
    expect(page.locator("#card")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#panel mark.cited").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator(".answer-text .marker").first).to_be_focused()
    tab_to(page, "Helpful")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stored.")).to_be_visible()
    page.keyboard.press("Alt+Shift+F")
    tab_to(page, "Volga Post")


def test_keys_open_and_close_every_dialog_and_focus_goes_back(page: Page) -> None:
    box = page.get_by_label("Your question")
    for key, dialog in (("C", "library"), ("F", "filters"), ("K", "keys")):
        box.focus()
        page.keyboard.press(f"Alt+Shift+{key}")
        expect(page.locator(f"#{dialog}")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(f"#{dialog}")).to_be_hidden()
        expect(box).to_be_focused()


def test_the_last_question_comes_back_with_the_arrow_key(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.fill(DEAD)
    box.press("Enter")
    finished(page)

    box.press("ArrowUp")

    expect(box).to_have_value(DEAD)
