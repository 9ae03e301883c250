"""Where the focus goes, what Escape, Enter and the way back do, and what is printed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.acts import DEAD, ask, asked_bodies, finished
from tests.e2e.browser.conftest import NARROW, Opened
from tests.e2e.serving import Served

pytestmark = pytest.mark.e2e


def test_focus_is_never_lost(opened: Opened, served: Served) -> None:
    focused = "document.activeElement.tagName"
    with opened(served.address + "/") as page:
        page.locator(".example").first.click()
        finished(page)
        assert page.evaluate(focused) == "TEXTAREA"
        page.get_by_label("Your question").fill("What did the Volga Post say about sanctions?")
        page.get_by_role("button", name="Ask", exact=True).click()
        finished(page)
        assert page.evaluate(focused) == "BUTTON"
        page.locator(".understood button").last.click()
        finished(page)
        assert page.evaluate(focused) == "H2"
        page.locator(".answer-text .marker").first.click()
        expect(page.locator("#panel-body")).to_be_focused()
        page.keyboard.press("Escape")
        assert page.evaluate(focused) == "BUTTON"


def test_enter_in_the_filters_applies_them(opened: Opened, served: Served) -> None:
    with opened(served.address + "/") as page:
        bodies = asked_bodies(page)
        page.get_by_role("button", name="Filter", exact=True).click()
        page.get_by_label("As of").fill("2025-12-31")
        page.get_by_label("As of").press("Enter")
        ask(page, DEAD)
        assert bodies[0]["as_of"] == "2025-12-31"


def test_printing_shows_every_answer_dark_on_light(opened: Opened, served: Served) -> None:
    with opened(served.address + "/") as page:
        ask(page, DEAD)
        page.get_by_role("button", name="Theme: system").click()
        page.get_by_role("button", name="Theme: light").click()
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 27, 25)"
        expect(page.locator("#ask")).to_be_hidden()
        expect(page.locator(".answer-text")).to_be_visible()


def test_escape_closes_what_lies_on_top(opened: Opened, served: Served) -> None:
    with opened(served.address + "/") as page:
        ask(page, DEAD).locator(".answer-text .marker").first.click()
        page.keyboard.press("Alt+Shift+K")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        expect(page.locator("#panel")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
        expect(page.locator("#card")).to_be_hidden()


def test_the_way_back_of_a_phone_leads_from_the_article_to_the_answer(
    opened: Opened, served: Served
) -> None:
    with opened(served.address + "/", viewport=NARROW) as page:
        marker = ask(page, DEAD).locator(".answer-text .marker").first
        marker.click()
        expect(page.locator("#panel-close")).to_be_in_viewport()
        page.go_back()
        expect(page.locator("#panel")).to_be_hidden()
        expect(page.locator(".turn")).to_be_visible()
        marker.click()
        page.locator("#panel-close").click()
        expect(page.locator("#panel")).to_be_hidden()
        page.wait_for_function("history.state === null")
