from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.acts import SNAPBACK, ask, asked_bodies, begin, finished
from tests.e2e.browser.conftest import Opened
from tests.e2e.serving import Served, serving
from tests.model_server import ModelServer, Reply

pytestmark = pytest.mark.e2e

TEXT = "Germany, France and Britain set off the snapback in August 2025 [1]. Nobody cited this."
PIECES = tuple(re.findall(r"\S+\s*", TEXT))
BROKEN = "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION", "Failed to load resource"


@pytest.fixture
def page(opened: Opened, written: Served) -> Iterator[Page]:
    with opened(written.address + "/") as page:
        yield page


def test_an_answer_is_shown_while_it_is_written_and_checked_when_it_is_whole(
    page: Page, model: ModelServer
) -> None:
    model.enqueue(Reply(PIECES, pause_s=0.15))
    begin(page)

    writing = page.locator(".answer-text.writing")
    expect(writing).to_contain_text("Germany,")
    assert "Nobody" not in writing.inner_text()
    expect(page.locator(".unchecked")).to_have_text("Being written; not checked yet.")
    finished(page)

    turn = page.locator(".turn")
    expect(turn.locator(".statement.uncited")).to_contain_text("Nobody cited this.")
    expect(turn.locator(".flag.uncited")).to_contain_text("without a source")
    expect(turn.locator(".doubts")).to_contain_text("without a source")
    expect(turn.locator(".answer-text .marker").first).to_be_visible()


def test_what_is_read_aloud_does_not_chatter_while_an_answer_is_written(
    page: Page, model: ModelServer
) -> None:
    model.enqueue(Reply(PIECES, pause_s=0.05))
    page.evaluate(
        """() => {
          window.said = [];
          const kinds = '[role=status], [role=alert], [role=log], [aria-live]';
          const near = (node) => node.closest ? node : node.parentElement;
          const heard = ({ target }) => near(target).closest(kinds);
          new MutationObserver((all) => {
            for (const one of new Set(all.map(heard))) if (one) window.said.push(one.textContent);
          }).observe(document, { childList: true, characterData: true, subtree: true });
        }"""
    )
    begin(page)
    finished(page)

    said = page.evaluate("window.said")
    assert said == ["Reading the articles …", "Answered from 1 source."]


def test_stopping_keeps_what_was_written_and_ends_the_model_s_work(
    page: Page, model: ModelServer
) -> None:
    model.abandoned.clear()
    model.enqueue(Reply(PIECES * 5, pause_s=0.2))
    begin(page)
    expect(page.locator(".answer-text.writing")).to_contain_text("France")

    page.get_by_role("button", name="Stop").click()

    expect(page.locator(".turn")).to_contain_text("nothing of it was checked")
    expect(page.locator(".answer-text.unfinished")).to_contain_text("Germany, France")
    expect(page.get_by_label("Your question")).to_have_value(SNAPBACK)
    assert model.abandoned.wait(10)
    model.enqueue(Reply(PIECES))
    page.get_by_role("button", name="Ask again").click()
    finished(page)
    expect(page.locator(".turn .statement.supported")).to_have_count(1)


def test_escape_stops_and_a_stopped_answer_is_kept_over_a_reload(
    page: Page, model: ModelServer
) -> None:
    model.enqueue(Reply(PIECES * 5, pause_s=0.2))
    begin(page)
    expect(page.locator(".answer-text.writing")).to_contain_text("France")

    page.keyboard.press("Escape")
    expect(page.locator(".turn")).to_contain_text("Stopped.")
    page.reload()

    expect(page.locator(".answer-text.unfinished")).to_contain_text("Germany, France")


def test_a_reload_while_an_answer_is_written_keeps_the_question(
    page: Page, model: ModelServer
) -> None:
    model.enqueue(Reply(PIECES * 5, pause_s=0.2))
    begin(page)
    expect(page.locator(".answer-text.writing")).to_contain_text("France")

    page.reload()

    expect(page.locator(".turn h2")).to_have_text(SNAPBACK)
    model.enqueue(Reply(PIECES))
    page.get_by_role("button", name="Ask again").click()
    finished(page)
    expect(page.locator(".turn .statement.supported")).to_have_count(1)


def test_a_follow_up_while_another_answer_is_written_waits(page: Page, model: ModelServer) -> None:
    bodies = asked_bodies(page)
    model.enqueue(Reply(PIECES, pause_s=0.2))
    begin(page)
    expect(page.locator(".answer-text.writing")).to_contain_text("France")
    page.get_by_label("Your question").fill("And when?")
    page.keyboard.press("Enter")

    finished(page)
    expect(page.get_by_label("Your question")).to_have_value("And when?")
    assert len(bodies) == 1


def test_a_model_that_fails_is_stood_in_for_and_the_page_says_so(
    page: Page, model: ModelServer
) -> None:
    model.enqueue(Reply(PIECES[:3], None, False, reset=True))

    turn = ask(page, SNAPBACK)

    expect(turn.get_by_text("Answered with reduced means")).to_contain_text("language model")
    expect(turn.locator(".answer-text .marker").first).to_be_visible()


def test_a_service_that_dies_in_mid_answer_loses_nothing_and_can_be_asked_again(
    opened: Opened, sample_index: Path, model: ModelServer, tmp_path: Path
) -> None:
    data = shutil.copytree(sample_index, tmp_path / "data")
    environment = {"DATELINE_LLM_BASE_URL": model.base_url}
    first = ExitStack()
    served = first.enter_context(serving(tmp_path, data, **environment))
    address = served.address
    with opened(address + "/", *BROKEN) as page:
        model.enqueue(Reply(PIECES * 5, pause_s=0.2))
        begin(page)
        expect(page.locator(".answer-text.writing")).to_contain_text("France")
        first.close()
        problem = page.locator(".turn .problem")
        expect(problem).to_contain_text("The answer broke off")
        expect(page.locator(".answer-text.unfinished")).to_contain_text("Germany, France")
        expect(page.get_by_label("Your question")).to_have_value(SNAPBACK)
        page.get_by_role("button", name="Try again").click()
        expect(problem).to_contain_text("The service does not answer")
        with serving(tmp_path, data, urlsplit(address).port or 0, **environment):
            model.enqueue(Reply(PIECES))
            page.get_by_role("button", name="Try again").click()
            finished(page)
            expect(page.locator(".turn .statement.supported")).to_have_count(1)
            expect(page.locator(".turn")).to_have_count(1)
            expect(page.get_by_label("Your question")).to_have_value("")
