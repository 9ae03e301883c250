from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.acts import DEAD, SNAPBACK, ask, asked_bodies, finished
from tests.e2e.browser.conftest import Opened
from tests.e2e.conftest import ROOT
from tests.e2e.serving import Served, serving

pytestmark = pytest.mark.e2e


def test_the_start_page_says_what_is_there_and_its_examples_can_be_asked(page: Page) -> None:
    expect(page.locator("#inventory .lead")).to_have_text(re.compile(r"34 articles from 9 outlets"))
    example = page.locator(".example").first
    question = example.inner_text()

    example.click()
    finished(page)

    expect(page.locator(".turn h2")).to_have_text(question)
    expect(page.locator(".turn .answer-text .marker").first).to_be_visible()


def test_pointing_at_a_number_shows_who_said_it_when_and_in_which_words(page: Page) -> None:
    turn = ask(page, DEAD)

    turn.locator(".answer-text .marker").first.hover()

    card = page.locator("#card")
    for words in ("Northern Gazette", "10 September 2025", "Flood toll at Lower Tessel", "Nine"):
        expect(card).to_contain_text(words)
    card.hover()
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_number_opens_the_article_at_the_words_that_are_cited(page: Page, served: Served) -> None:
    answer = served.http.post("/v1/ask", json={"question": DEAD}).json()
    quote = answer["statements"][0]["citations"][0]["quote"]
    turn = ask(page, DEAD)

    turn.locator(".answer-text .marker").first.click()

    marked = page.locator("#panel mark.cited")
    expect(marked.first).to_be_in_viewport()
    assert "".join(marked.all_text_contents()) == quote
    expect(page.locator("#panel a")).to_have_attribute("rel", "noopener noreferrer")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(turn.locator(".answer-text .marker").first).to_be_focused()


def test_copies_of_a_story_are_listed_and_can_be_opened(page: Page) -> None:
    turn = ask(page, "What was signed in Moscow for 2026 to 2028?")
    copied = turn.get_by_text("also in 1 other article").first
    copied.locator("xpath=..").locator("button.title").click()

    copy = page.locator("#panel .copies li")
    expect(copy).to_have_count(1)
    title = copy.locator("button").inner_text()
    copy.locator("button").click()

    expect(page.locator("#panel-title")).to_have_text(title)


def test_a_later_report_and_an_earlier_one_stand_in_a_table(page: Page) -> None:
    turn = ask(page, DEAD)

    rows = turn.locator(".sides tbody tr")
    latest, earlier = re.compile("Nine.*Northern Gazette.*10"), re.compile("11.*Meridian")
    expect(rows).to_have_text([latest, earlier])


def test_a_follow_up_is_understood_and_that_can_be_undone(page: Page) -> None:
    ask(page, DEAD)
    bodies = asked_bodies(page)
    turn = ask(page, "When did that happen?")
    chip = turn.locator(".understood button")
    expect(chip).to_contain_text("Lower Tessel")

    chip.click()
    finished(page)

    assert [len(body["history"]) for body in bodies] == [2, 0]
    expect(page.locator(".turn")).to_have_count(2)
    back = page.locator(".turn").nth(1).locator(".understood button")
    expect(back).to_contain_text("without the conversation")
    back.click()
    finished(page)
    assert len(bodies[-1]["history"]) == 2


def test_an_outlet_in_the_question_shows_as_a_chip_that_can_be_taken_back(page: Page) -> None:
    bodies = asked_bodies(page)
    turn = ask(page, "What did the Volga Post say about sanctions?")
    chip = turn.locator(".understood button")
    expect(chip).to_contain_text("Outlet: Volga Post")

    chip.click()
    finished(page)

    assert bodies[-1]["disregard"] == ["outlets"]


def test_a_question_is_edited_in_its_place_and_what_followed_goes(page: Page) -> None:
    ask(page, DEAD)
    ask(page, "When did that happen?")
    page.locator(".turn").first.get_by_role("button", name="Edit").click()
    box = page.get_by_label("The question, to be asked again")
    expect(page.get_by_role("button", name="Ask again, dropping 1 later")).to_be_visible()

    box.fill(SNAPBACK)
    box.press("Enter")
    finished(page)

    expect(page.locator(".turn h2")).to_have_text([SNAPBACK])
    expect(page.locator(".answer-text")).to_contain_text("Germany, France and Britain")


def test_filters_are_sent_shown_and_taken_off(page: Page) -> None:
    bodies = asked_bodies(page)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Volga Post").check()
    page.get_by_label("Published from").fill("2025-01-01")
    page.get_by_label("As of").fill("2025-12-31")
    page.get_by_role("button", name="Apply").click()
    turn = ask(page, SNAPBACK)

    expect(turn.locator(".chip.set")).to_have_text(
        ["Only Volga Post", "From 1 January 2025", "As of 31 December 2025"]
    )
    outlets = turn.locator(".sources li").all_text_contents()
    assert outlets and all("Volga Post" in text for text in outlets)
    page.locator("#chips button", has_text="Volga Post").click()
    ask(page, SNAPBACK)
    expected = {"published_after": "2025-01-01", "as_of": "2025-12-31", "outlets": []}
    assert expected.items() <= bodies[-1].items()


def test_a_period_that_ends_before_it_begins_is_refused_in_the_dialog(page: Page) -> None:
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Published from").fill("2025-02-01")
    page.get_by_label("Published until").fill("2025-01-01")

    page.get_by_role("button", name="Apply").click()

    expect(page.locator("#filters-error")).to_contain_text("later than")
    expect(page.get_by_label("Published from")).to_be_focused()


def test_no_answer_says_why_and_what_there_is(page: Page) -> None:
    turn = ask(page, "Who won the chess olympiad in Reykjavik?")

    expect(turn.locator(".abstained")).to_have_text("No answer in these articles")
    expect(turn).to_contain_text("34 articles from Meridian Wire, Northern Gazette")
    expect(turn).to_contain_text("25 February 2025 – 18 December 2025")


def test_a_rating_and_a_comment_are_stored_with_the_answer(page: Page, served: Served) -> None:
    turn = ask(page, SNAPBACK)
    turn.get_by_role("button", name="Not helpful").click()
    expect(turn.get_by_text("Stored.")).to_be_visible()
    turn.get_by_label("What was good or wrong").fill("Names no date")
    turn.get_by_role("button", name="Send").click()
    expect(turn.get_by_text("the comment is stored")).to_be_visible()

    data = served.log.parent / "data" / "feedback.db"
    with sqlite3.connect(data) as database:
        query = "SELECT rating, answer FROM feedback WHERE comment = 'Names no date'"
        rows = database.execute(query).fetchall()
    assert [rating for rating, _ in rows] == ["down"]
    assert SNAPBACK in rows[0][1]


def test_a_conversation_is_there_after_a_reload_with_its_rating_and_cards(page: Page) -> None:
    turn = ask(page, DEAD)
    turn.get_by_role("button", name="Helpful", exact=True).click()
    expect(turn.get_by_text("Stored.")).to_be_visible()
    text = turn.locator(".answer-text").inner_text()

    page.reload()

    expect(page.locator(".turn .answer-text")).to_have_text(text)
    helpful = page.get_by_role("button", name="Helpful", exact=True)
    expect(helpful).to_have_attribute("aria-pressed", "true")
    page.locator(".answer-text .marker").first.hover()
    expect(page.locator("#card")).to_contain_text("Northern Gazette")
    bodies = asked_bodies(page)
    ask(page, "When did that happen?")
    assert len(bodies[0]["history"]) == 2


def test_conversations_are_found_opened_and_deleted(page: Page) -> None:
    ask(page, DEAD)
    page.get_by_role("button", name="New").click()
    expect(page.locator("#start")).to_be_visible()
    ask(page, SNAPBACK)
    page.get_by_role("button", name="Conversations").click()
    search = page.get_by_label("Search in questions")
    expect(page.locator("#library-list li")).to_have_count(2)

    search.fill("tessel")
    page.locator("#library-list button.title").click()

    expect(page.locator(".turn h2")).to_have_text([DEAD])
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name=f"Delete “{DEAD}”").click()
    expect(page.locator("#library-list li")).to_have_count(2)
    page.wait_for_timeout(600)
    page.get_by_role("button", name=f"Delete “{DEAD}” for good?").click()
    expect(page.locator("#library-list li")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".turn")).to_have_count(0)


def test_a_conversation_is_exported_with_footnotes(page: Page) -> None:
    ask(page, DEAD)
    page.get_by_role("button", name="Conversations").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()

    text = Path(download.value.path()).read_text("utf-8")
    assert download.value.suggested_filename.startswith("how-many-people")
    assert f"## {DEAD}" in text
    assert "[^1]: Northern Gazette, “Flood toll at Lower Tessel lowered to nine”" in text
    assert set(re.findall(r"\[\^(\d)\](?!:)", text)) == set(re.findall(r"^\[\^(\d)\]:", text, re.M))


def test_an_answer_is_copied_with_its_citations(opened: Opened, served: Served) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with opened(served.address + "/", permissions=allowed) as page:
        turn = ask(page, DEAD)
        turn.get_by_role("button", name="Copy with citations").click()
        expect(turn.get_by_text("Copied.")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
    assert "[^1]: Northern Gazette" in copied


def test_an_empty_index_says_what_to_do_and_looks_again(opened: Opened, tmp_path: Path) -> None:
    with (
        serving(tmp_path, tmp_path / "none") as empty,
        opened(empty.address + "/", "503") as page,
    ):
        expect(page.locator("#inventory")).to_contain_text("No articles yet.")
        expect(page.locator("#inventory code")).to_have_text("dateline ingest PATH")
        page.get_by_role("button", name="Look again").click()
        expect(page.locator("#inventory")).to_contain_text("No articles yet.")


def test_the_theme_is_kept(page: Page) -> None:
    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("button", name="Theme: light").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"


def test_an_undated_article_does_not_take_the_place_of_a_source(
    opened: Opened, tmp_path: Path
) -> None:
    articles = [
        {"title": "Alma moors", "outlet": "Dated Post", "date": "2025-03-01",
         "body": "The freighter Alma moored at pier five of Kelham on Saturday morning."},
        {"title": "Alma notice", "outlet": "Undated Gazette",
         "body": "The freighter Alma will moor at a pier of Kelham, a notice of the port says."},
    ]  # fmt: skip
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in articles))
    data = tmp_path / "data"
    ingest = [sys.executable, str(ROOT / "dateline.py"), "ingest", str(file)]
    environment = {**os.environ, "DATELINE_DATA_DIR": str(data)}
    subprocess.run(ingest, env=environment, check=True, capture_output=True)
    with serving(tmp_path, data) as served, opened(served.address + "/") as page:
        page.get_by_role("button", name="Filter", exact=True).click()
        page.get_by_label("Published from").fill("2025-01-01")
        page.get_by_role("button", name="Apply").click()
        turn = ask(page, "Where did the freighter Alma moor?")
        expect(turn.get_by_text("Without a date")).to_be_visible()
        turn.locator(".answer-text .marker").first.hover()
        expect(page.locator("#card")).to_contain_text("Dated Post")
