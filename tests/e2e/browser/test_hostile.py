"""Articles and models that try to run something, load something or break the layout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.acts import ask
from tests.e2e.browser.conftest import NARROW, WIDE, Opened
from tests.e2e.conftest import ROOT
from tests.e2e.serving import Served, serving
from tests.model_server import ModelServer, Reply

pytestmark = pytest.mark.e2e

ELSEWHERE = "http://127.0.0.1:9/pixel.png"
TRICKS = (
    "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    f"<img src='{ELSEWHERE}'>",
    f"![picture]({ELSEWHERE})",
    "[link](javascript:window.ran=1)",
    "<svg/onload=window.ran=1>",
    "</span></div><style>*{display:none}</style>",
    "<a href='javascript:window.ran=1' style='position:fixed;inset:0'>here</a>",
    "${window.ran=1} {{constructor.constructor('window.ran=1')()}}",
)
LONG = "Donaudampfschiff" * 700
BIDI = "\u202eright to left\u202c \u2066isolated\u2069 \u200b\u2060\ufeff"
CONTROL = "\x07\x1b[31mred\x1b[0m\x08"
PERSIAN = "رئیس بندر گفت که کشتی آلما در اسکله پنج پهلو گرفت."
QUESTION = "Where did the freighter Alma moor?"


def hostile_articles() -> list[dict[str, str]]:
    body = "The freighter Alma moored at pier five of Kelham on Sunday, the harbour master said. "
    tricks = " ".join(TRICKS)
    return [
        {
            "title": f"Alma moors at pier five {tricks}",
            "outlet": "<b onclick=window.ran=1>Kelham</b> Post",
            "author": TRICKS[1],
            "url": "javascript:window.ran=1//https://kelham.example/",
            "date": "2025-03-01",
            "body": f"{body}{tricks} The freighter Alma {BIDI} moored {CONTROL} on Sunday.",
        },
        {
            "title": f"Freighter Alma {LONG}",
            "outlet": LONG[:150],
            "date": "2025-03-02",
            "body": f"The freighter Alma moored at {LONG} on Monday, an agent said.",
        },
        {
            "title": "کشتی آلما",
            "outlet": "روزنامه بندر",
            "date": "2025-03-03",
            "body": f"{PERSIAN} The freighter Alma moored at pier five, the port of Kelham said.",
        },
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the hostile articles, made by the real command."""
    folder = tmp_path_factory.mktemp("hostile")
    written = folder / "articles.jsonl"
    written.write_text("\n".join(json.dumps(one) for one in hostile_articles()), "utf-8")
    subprocess.run(
        [sys.executable, str(ROOT / "dateline.py"), "ingest", str(written)],
        env={**os.environ, "DATELINE_DATA_DIR": str(folder / "data")},
        check=True,
        capture_output=True,
    )
    return folder / "data"


@pytest.fixture(scope="module")
def extractive(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("extractive"), data) as served:
        yield served


@pytest.fixture(scope="module")
def written(
    data: Path, model: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("written")
    with serving(folder, data, DATELINE_LLM_BASE_URL=model.base_url) as served:
        yield served


def unharmed(page: Page) -> None:
    """Fail when something ran or something is wider than the window."""
    assert page.evaluate("window.ran") is None
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, f"{wider} pixels too wide"
    expect(page.locator(".masthead h1")).to_be_visible()
    foreign = page.locator("img, iframe, object, embed, style, [onclick], [onerror], [onload]")
    expect(foreign).to_have_count(0)
    expect(page.locator("body script")).to_have_count(0)


def look_at_everything(page: Page) -> None:
    """Open each source of the last answer, and its card."""
    turn = page.locator(".turn").last
    for summary in turn.locator("summary").all():
        summary.click()
    for title in turn.locator("button.title").all():
        title.click()
        page.locator("#panel .article-text").wait_for()
        unharmed(page)
        assert page.locator("#panel a[href^=javascript]").count() == 0
        page.keyboard.press("Escape")
    for marker in turn.locator(".answer-text .marker").all():
        marker.hover()
        page.locator("#card").wait_for()
        unharmed(page)
        page.keyboard.press("Escape")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_hostile_articles_do_nothing(
    opened: Opened, extractive: Served, size: dict[str, int]
) -> None:
    with opened(extractive.address + "/", viewport=size) as page:
        page.locator("#inventory .lead").wait_for()
        unharmed(page)
        for question in (QUESTION, "What did the agent say of the freighter Alma?"):
            ask(page, question)
            unharmed(page)
            look_at_everything(page)
        ask(page, " ".join(TRICKS))
        unharmed(page)
        page.reload()
        page.locator(".turn-actions").first.wait_for()
        unharmed(page)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_hostile_model_does_nothing(
    opened: Opened, written: Served, model: ModelServer, size: dict[str, int]
) -> None:
    answers = (
        "The freighter Alma moored at pier five [1]. " + " ".join(TRICKS),
        f"The freighter {LONG} moored [1]. {BIDI} {CONTROL} [2][999][0][-1].",
        "| a | b |\n|---|---|\n" + "".join(f"<td>{trick} [1]" for trick in TRICKS),
        "[1]" * 400,
    )
    with opened(written.address + "/", viewport=size) as page:
        for text in answers:
            model.enqueue(Reply(tuple(text[at : at + 7] for at in range(0, len(text), 7))))
            ask(page, QUESTION)
            unharmed(page)
        look_at_everything(page)


def test_an_export_of_hostile_text_holds_no_pictures_and_no_markup(
    opened: Opened, extractive: Served
) -> None:
    with opened(extractive.address + "/") as page:
        ask(page, QUESTION)
        ask(page, " ".join(TRICKS))
        page.get_by_role("button", name="Conversations").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        text = Path(download.value.path()).read_text("utf-8")
    assert "Alma" in text
    assert re.findall(r"(?<!\\)(?:<(?!https?:)|!\[|\]\()", text) == []


def test_text_of_another_direction_keeps_its_own(opened: Opened, extractive: Served) -> None:
    with opened(extractive.address + "/") as page:
        turn = ask(page, "What did the port of Kelham say?")
        for summary in turn.locator("summary").all():
            summary.click()
        turn.locator("button.title", has_text="کشتی").first.click()
        paragraph = page.locator("#panel .article-text p").first
        expect(paragraph).to_contain_text("کشتی")
        assert paragraph.evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert page.evaluate("getComputedStyle(document.body).direction") == "ltr"


def test_the_browser_refuses_markup_and_inline_scripts(opened: Opened, served: Served) -> None:
    refused = "Refused", "violates", "requires 'Trusted", "TrustedHTML"
    with opened(served.address + "/", *refused) as page:
        tried = """() => { try { document.body.innerHTML = "<b>x</b>"; return "set"; }
                           catch (error) { return error.name; } }"""
        assert page.evaluate(tried) == "TypeError"
        inline = """() => { const made = document.createElement("p");
                            try { made.setAttribute("onclick", "window.ran = 1"); } catch {}
                            document.body.append(made); made.click(); return window.ran; }"""
        assert page.evaluate(inline) is None
