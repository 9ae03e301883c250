"""Every state that the page can be in, reached as people reach it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.browser.acts import DEAD, SNAPBACK, ask
from tests.model_server import ModelServer, Reply

DOUBTED = (
    "Germany, France and Britain set off the snapback in August 2019 [1]. "
    "The commission was dissolved by its chairman in Nairobi [2]. Nobody cited this."
)


@dataclass(frozen=True)
class Stage:
    """Services to go to, by their addresses.

    Attributes:
        extractive: Writes with sentences of the articles.
        written: Has its answers written by `model`.
        empty: Has no articles.
    """

    extractive: str
    written: str
    empty: str
    model: ModelServer


def _start(page: Page, stage: Stage) -> None:
    page.goto(stage.extractive)
    page.locator(".examples").wait_for()


def _empty(page: Page, stage: Stage) -> None:
    page.goto(stage.empty)
    page.get_by_text("No articles yet.").wait_for()


def _answer(page: Page, stage: Stage) -> None:
    page.goto(stage.extractive)
    ask(page, DEAD)
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_text("Stored.").wait_for()


def _card(page: Page, stage: Stage) -> None:
    page.goto(stage.extractive)
    ask(page, DEAD).locator(".answer-text .marker").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.locator("#card").wait_for()


def _panel(page: Page, stage: Stage) -> None:
    page.goto(stage.extractive)
    ask(page, DEAD).locator(".answer-text .marker").first.click()
    page.locator("#panel mark.cited").first.wait_for()


def _doubts(page: Page, stage: Stage) -> None:
    page.goto(stage.written)
    stage.model.enqueue(Reply((DOUBTED,)))
    turn = ask(page, SNAPBACK)
    expect(turn.locator(".flag")).to_have_count(3)


def _writing(page: Page, stage: Stage) -> None:
    page.goto(stage.written)
    stage.model.enqueue(Reply(tuple(re.findall(r"\S+\s*", DOUBTED * 9)), pause_s=0.2))
    page.get_by_label("Your question").fill(SNAPBACK)
    page.keyboard.press("Enter")
    expect(page.locator(".answer-text.writing")).to_contain_text("France")


def _none(page: Page, stage: Stage) -> None:
    page.goto(stage.extractive)
    ask(page, "Who won the chess olympiad in Reykjavik?")


def _follow_up(page: Page, stage: Stage) -> None:
    page.goto(stage.extractive)
    ask(page, DEAD)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("As of").fill("2025-12-31")
    page.get_by_role("button", name="Apply").click()
    ask(page, "When did that happen?")


def _problem(page: Page, stage: Stage) -> None:
    page.goto(stage.extractive)
    page.locator(".examples").wait_for()
    page.context.set_offline(True)
    ask(page, SNAPBACK)
    page.context.set_offline(False)
    page.locator(".turn .problem").wait_for()


def _editing(page: Page, stage: Stage) -> None:
    _answer(page, stage)
    page.get_by_role("button", name="Edit").click()


def _conversations(page: Page, stage: Stage) -> None:
    _answer(page, stage)
    page.get_by_role("button", name="Conversations").click()
    page.locator("#library-list li").wait_for()


def _filters(page: Page, stage: Stage) -> None:
    _start(page, stage)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Published from").fill("2025-12-31")
    page.get_by_label("Published until").fill("2025-01-01")
    page.get_by_role("button", name="Apply").click()


def _keys(page: Page, stage: Stage) -> None:
    _start(page, stage)
    page.get_by_role("button", name="Keys").click()


STATES: dict[str, Callable[[Page, Stage], None]] = {
    "start": _start,
    "empty": _empty,
    "answer": _answer,
    "card": _card,
    "panel": _panel,
    "doubts": _doubts,
    "writing": _writing,
    "none": _none,
    "follow-up": _follow_up,
    "problem": _problem,
    "editing": _editing,
    "conversations": _conversations,
    "filters": _filters,
    "keys": _keys,
}
