"""What becomes of conversations when people do several things at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.acts import DEAD, SNAPBACK, ask, begin, finished
from tests.e2e.browser.conftest import Opened
from tests.e2e.serving import Served
from tests.model_server import ModelServer, Reply

pytestmark = pytest.mark.e2e

PIECES = tuple(re.findall(r"\S+ ?", "Germany, France and Britain set it off [1]."))
SLOW = Reply(PIECES * 5, pause_s=0.2)
BLOCKED = """for (const name of ["indexedDB", "localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() {
    throw new DOMException("no", "SecurityError"); } });"""
READ_MS = 600
OFFLINE = "ERR_INTERNET_DISCONNECTED"
NO_STORE = """Object.defineProperty(window, "indexedDB", { get() {
  return { open() { return {}; } }; } });"""


@pytest.fixture
def page(opened: Opened, written: Served) -> Iterator[Page]:
    with opened(written.address + "/") as page:
        yield page


def writing(page: Page, model: ModelServer) -> None:
    """Begin an answer that takes a while."""
    model.enqueue(SLOW)
    begin(page)
    expect(page.locator(".answer-text.writing")).to_contain_text("France")


def library(page: Page) -> list[str]:
    """Open the list of conversations and return their titles."""
    page.get_by_role("button", name="Conversations").click()
    page.locator("#library-status:not(:empty)").wait_for()
    return page.locator("#library-list button.title").all_inner_texts()


def test_leaving_an_answer_keeps_what_was_written_and_leaves_no_trace(
    page: Page, model: ModelServer
) -> None:
    writing(page, model)
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator("#status")).to_be_empty()
    expect(page.locator(".turn")).to_have_count(0)

    assert library(page) == [SNAPBACK]
    page.locator("#library-list button.title").click()

    expect(page.locator(".answer-text.unfinished")).to_contain_text("Germany, France")


def test_opening_the_conversation_that_is_open_interrupts_nothing(
    page: Page, model: ModelServer
) -> None:
    model.enqueue(Reply(PIECES, pause_s=0.3))
    begin(page)
    expect(page.locator(".answer-text.writing")).to_contain_text("France")

    assert library(page) == [SNAPBACK]
    page.locator("#library-list button.title").click()

    finished(page)
    expect(page.locator(".turn .statement.supported")).to_have_count(1)


def test_a_conversation_deleted_while_it_is_answered_stays_deleted(
    page: Page, model: ModelServer
) -> None:
    writing(page, model)
    library(page)
    page.get_by_role("button", name="Delete").dblclick()
    expect(page.locator("#library-list li")).to_have_count(1)
    page.wait_for_timeout(READ_MS)
    page.get_by_role("button", name=re.compile("for good")).click()
    expect(page.locator("#library-list li")).to_have_count(0)
    page.reload()

    expect(page.locator("#start")).to_be_visible()
    assert library(page) == []


def test_taking_back_a_reading_of_an_earlier_question_keeps_the_later_ones(
    opened: Opened, served: Served
) -> None:
    with opened(served.address + "/") as page:
        ask(page, "What did the Volga Post say about sanctions?")
        ask(page, DEAD)
        page.locator(".understood button").first.click()
        finished(page)
        page.reload()
        page.locator(".turn-actions").nth(1).wait_for()

        titles = page.locator(".turn h2").all_inner_texts()
        assert titles == ["What did the Volga Post say about sanctions?", DEAD]


def test_two_tabs_lose_nothing_of_one_conversation(opened: Opened, served: Served) -> None:
    with opened(served.address + "/") as one:
        ask(one, SNAPBACK)
        session = one.evaluate("sessionStorage.getItem('dateline-conversation')")
        two = one.context.new_page()
        two.goto(served.address + "/")
        two.evaluate("(id) => sessionStorage.setItem('dateline-conversation', id)", session)
        two.reload()
        two.locator(".turn-actions").wait_for()
        ask(two, DEAD)
        ask(one, "What is reported about Lower Tessel?")
        one.reload()
        one.locator(".turn-actions").nth(2).wait_for()

        assert one.locator(".turn h2").count() == 3


def test_a_browser_that_keeps_nothing_still_answers_and_says_so(
    opened: Opened, served: Served
) -> None:
    with opened(served.address + "/") as page:
        page.add_init_script(NO_STORE)
        page.reload()
        ask(page, DEAD)
        expect(page.locator("#not-kept")).to_be_visible()
        ask(page, "When did that happen?")
        expect(page.locator(".turn .answer-text")).to_have_count(2)


def test_new_directly_after_asking_breaks_nothing(page: Page, model: ModelServer) -> None:
    model.enqueue(SLOW)
    page.get_by_label("Your question").fill(SNAPBACK)
    page.evaluate(
        """() => { document.getElementById("submit").click();
                   document.getElementById("new-conversation").click(); }"""
    )

    expect(page.locator("#start")).to_be_visible()
    page.wait_for_timeout(500)
    assert library(page) == [SNAPBACK]


def test_an_answer_of_another_version_does_not_hide_the_others(
    opened: Opened, served: Served
) -> None:
    broken = """async () => {
      const opened = (asked) =>
        new Promise((done) => { asked.onsuccess = () => done(asked.result); });
      const database = await opened(indexedDB.open(`dateline ${location.pathname}`));
      const turns = database.transaction("turns", "readwrite").objectStore("turns");
      const [first] = await opened(turns.getAll());
      delete first.answer.statements;
      turns.put(first);
      await new Promise((done) => { turns.transaction.oncomplete = done; });
    }"""
    with opened(served.address + "/", "statements", "TypeError") as page:
        ask(page, DEAD)
        page.evaluate(broken)
        ask(page, SNAPBACK)
        page.reload()

        expect(page.locator(".turn .problem")).to_contain_text("This page made a mistake")
        expect(page.locator(".turn .sources")).to_have_count(1)


def test_with_all_storage_blocked_the_page_works_and_can_be_exported(
    opened: Opened, served: Served
) -> None:
    with opened(served.address + "/") as page:
        page.add_init_script(BLOCKED)
        page.reload()
        ask(page, DEAD)
        expect(page.locator("#not-kept")).to_be_visible()
        page.get_by_role("button", name="Theme: system").click()
        expect(page.get_by_role("button", name="Theme: light")).to_be_visible()
        assert library(page) == [DEAD]
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        assert "Northern Gazette" in Path(download.value.path()).read_text("utf-8")


def test_what_cannot_be_answered_again_stays_as_it_was(opened: Opened, served: Served) -> None:
    with opened(served.address + "/", OFFLINE) as page:
        ask(page, DEAD)
        ask(page, "When did that happen?")
        page.context.set_offline(True)
        page.locator(".understood button").click()
        finished(page)
        page.locator(".turn").first.get_by_role("button", name="Edit").click()
        page.get_by_label("The question, to be asked again").fill(SNAPBACK)
        page.keyboard.press("Enter")
        finished(page)

        expect(page.locator(".turn .problem")).to_have_count(2)
        expect(page.locator(".turn .answer-text")).to_have_count(2)
        expect(page.locator(".turn .problem").first).to_contain_text(SNAPBACK)
        page.context.set_offline(False)
        ask(page, "What is reported about Lower Tessel?")
        page.reload()
        page.locator(".turn-actions").nth(2).wait_for()
        titles = page.locator(".turn h2").all_inner_texts()
        assert titles[:2] == [DEAD, "When did that happen?"]


def test_asking_again_what_was_stopped_takes_its_place(page: Page, model: ModelServer) -> None:
    writing(page, model)
    page.get_by_role("button", name="Stop").click()
    model.enqueue(Reply(PIECES))
    page.get_by_label("Your question").press("Enter")
    finished(page)

    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn .statement.supported")).to_have_count(1)


def test_a_question_that_fails_is_asked_once_however_long_enter_is_held(
    opened: Opened, served: Served
) -> None:
    with opened(served.address + "/", OFFLINE) as page:
        page.context.set_offline(True)
        page.get_by_label("Your question").fill(SNAPBACK)
        for _ in range(5):
            page.keyboard.down("Enter")
            page.wait_for_timeout(30)
        page.keyboard.up("Enter")
        finished(page)
        page.keyboard.press("Enter")
        finished(page)
        expect(page.locator(".turn")).to_have_count(1)


def test_filters_and_a_draft_are_there_after_a_reload(opened: Opened, served: Served) -> None:
    with opened(served.address + "/") as page:
        page.get_by_role("button", name="Filter", exact=True).click()
        page.get_by_label("As of").fill("2025-12-31")
        page.get_by_label("As of").press("Enter")
        page.get_by_label("Your question").fill("Who said")
        page.reload()
        expect(page.locator("#chips button")).to_contain_text("As of 31 December 2025")
        expect(page.get_by_label("Your question")).to_have_value("Who said")


def test_a_conversation_deleted_in_another_tab_goes_here_too(
    opened: Opened, served: Served
) -> None:
    with opened(served.address + "/") as one:
        ask(one, DEAD)
        two = one.context.new_page()
        two.goto(served.address + "/")
        library(two)
        two.get_by_role("button", name="Delete").click()
        two.wait_for_timeout(READ_MS)
        two.get_by_role("button", name=re.compile("for good")).click()
        expect(one.locator("#start")).to_be_visible()
