"""What people do on the page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

DEAD = "How many people were killed by the flood in Lower Tessel?"
SNAPBACK = "Which countries set off the snapback of UN sanctions?"


def ask(page: Page, question: str) -> Locator:
    """Type a question, send it with Enter, and return the turn once it is done."""
    count = page.locator(".turn").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    turn = page.locator(".turn").nth(count)
    finished(page)
    return turn


def begin(page: Page, question: str = SNAPBACK) -> None:
    """Send a question without waiting for the answer."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def finished(page: Page) -> None:
    """Wait until nothing is being answered."""
    page.locator("#conversation[aria-busy=false]").wait_for()


def asked_bodies(page: Page) -> list[dict[str, Any]]:
    """Return a list that takes the body of each question that is sent from now on."""
    bodies: list[dict[str, Any]] = []
    page.on(
        "request",
        lambda request: bodies.append(request.post_data_json) if "v1/ask" in request.url else None,
    )
    return bodies
