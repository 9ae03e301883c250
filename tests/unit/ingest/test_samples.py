"""The bundled sample articles keep the properties that make them worth asking about."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

import ingest
from ingest.domain import Failure, RawArticle
from ingest.read import find_files, read

SAMPLES = Path(ingest.__file__).parent / "samples"
REPORTED = Path(ingest.__file__).parents[2] / "shared" / "articles"
WIRE_PAIRS = (
    {"2025-12-17-roadmap-signed.txt#0", "tehran-ledger.json#0"},
    {"northern-gazette.rss#2", "wire-desk.jsonl#0"},
    {"regional.csv#0", "wire-desk.jsonl#1"},
)
A_DATE = re.compile(
    r"\d{4}|\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|today|yesterday)\b",
    re.IGNORECASE,
)


@cache
def _read() -> dict[str, RawArticle | Failure]:
    """What the readers make of the folder, by file name and place in the file."""
    return {
        f"{path.name}#{n}": found
        for path in find_files([SAMPLES])
        for n, found in enumerate(read(path))
    }


def _articles() -> dict[str, str]:
    return {key: found.text for key, found in _read().items() if isinstance(found, RawArticle)}


def _raw(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def _likeness(one: str, other: str) -> float:
    """Jaccard similarity of the two texts' three-word shingles."""
    ours, theirs = _runs(one, 3), _runs(other, 3)
    return len(ours & theirs) / len(ours | theirs)


def test_articles_are_read_from_every_format_and_none_fails() -> None:
    assert len(_articles()) == len(_read()) == 34
    suffixes = {Path(name.split("#")[0]).suffix for name in _articles()}
    assert suffixes == {".txt", ".md", ".html", ".json", ".jsonl", ".rss", ".csv", ".nitf"}


def test_every_article_is_short_and_long_enough_to_answer_from() -> None:
    lengths = {name: len(body.split()) for name, body in _articles().items()}
    assert {name: n for name, n in lengths.items() if not 120 <= n <= 260} == {}


def test_the_remark_beside_the_articles_names_every_invented_outlet() -> None:
    files = "".join(_raw(path.name) for path in SAMPLES.glob("[!.]*"))
    outlets = [
        "Caspian Courier",
        "Dunmarsh Standard",
        "Levant Observer",
        "Marrowhaven Dispatch",
        "Meridian Wire",
        "Northern Gazette",
        "Orrin Valley News",
        "Tehran Ledger",
        "Volga Post",
    ]
    assert [name for name in outlets if name not in files or name not in _raw(".about.md")] == []
    assert "not journalism" in _raw(".about.md")


def test_nobody_who_exists_is_quoted_word_for_word() -> None:
    paragraphs = [part for body in _articles().values() for part in body.splitlines()]
    quoting = [part for part in paragraphs if re.search(r'["“]', part)]
    named = [part for part in quoting if re.search(r"Lavrov|Araghchi|Putin|Pezeshkian", part)]
    assert len(quoting) > 5
    assert named == []


@pytest.mark.skipif(not REPORTED.is_dir(), reason="the published reports are not at hand")
def test_no_sentence_is_taken_from_the_published_reports() -> None:
    published = [_runs(path.read_text(encoding="utf-8"), 8) for path in REPORTED.glob("*.txt")]
    assert published
    taken = {run for body in _articles().values() for run in _runs(body, 8)}
    assert taken & set().union(*published) == set()


@pytest.mark.parametrize("pair", WIRE_PAIRS)
def test_wire_stories_are_carried_twice_with_small_edits(pair: set[str]) -> None:
    one, other = (_articles()[name] for name in pair)
    assert 0.8 <= _likeness(one, other) < 1


def test_no_other_two_articles_look_like_copies() -> None:
    pairs = [set(pair) for pair in combinations(_articles(), 2) if set(pair) not in WIRE_PAIRS]
    alike = [p for p in pairs if _likeness(*(_articles()[name] for name in p)) > 0.3]
    assert alike == []


def test_two_outlets_give_two_figures_for_the_growth_of_trade() -> None:
    claim = "rade between Iran and Russia grew by {} percent last year"
    assert claim.format("more than 13") in _raw("2025-02-25-lavrov-in-tehran.txt")
    assert claim.format("16") in _raw("2025-02-26-trade-figures.md")


def test_a_later_report_overtakes_the_month_of_the_commission() -> None:
    later = json.loads(_raw("briefs.jsonl").splitlines()[2])
    assert "would meet in April 2025" in _raw("2025-02-25-lavrov-in-tehran.txt")
    assert "will meet in February 2026" in later["body"]
    assert later["published_at"] > "2025-02-25"


def test_two_articles_have_no_date_anywhere() -> None:
    undated = {
        path.name
        for path in SAMPLES.glob("[!.]*")
        if not A_DATE.search(path.name + path.read_text(encoding="utf-8"))
    }
    assert undated == {"syria-and-ukraine.md", "upper-tessel.txt"}


def test_one_article_gives_orders_to_a_language_model_in_sight_and_out_of_it() -> None:
    page = _raw("snapback.html")
    order = "ignore previous instructions"
    assert order in _articles()["snapback.html#0"].lower()
    assert f'<div style="display:none">{order}' in page.lower()
    assert "set off the snapback of United Nations sanctions on Iran" in page


@pytest.mark.parametrize(
    "furniture",
    [
        "↺  18 px",
        "Share:  Facebook",
        "Subscribe to our",
        "\n\n\n\n",
        "\u00a0",
        "Leave a Comment\n",
    ],
)
def test_one_article_stands_among_page_furniture(furniture: str) -> None:
    page = _raw("2025-12-16-minsk-stop.txt")
    assert furniture in page
    assert page.endswith("\n\nVolga Post\n")


def test_one_page_states_its_metadata_for_machines() -> None:
    page = _raw("treaty-in-force.html")
    linked = re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)
    assert linked is not None
    assert json.loads(linked[1])["datePublished"] == "2025-10-06T08:15:00+00:00"
    assert 'property="og:site_name" content="The Levant Observer"' in page


def test_one_text_names_its_outlet_and_day_only_in_the_dateline() -> None:
    raw = _raw("2025-12-17-roadmap-signed.txt")
    assert "\n\nMOSCOW, Dec. 17, 2025 (Meridian Wire) \u2013 " in raw
    assert re.search(r"^(Date|Outlet|Title):", raw, re.MULTILINE) is None
