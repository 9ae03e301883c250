from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import ingest
from ingest.describe import article_id, describe
from ingest.domain import Article, Failure, RawArticle
from ingest.read import find_files, read

PROSE = (
    "The ferry ran aground off the northern cape on Monday evening.",
    "All ninety people on board were brought ashore before it was dark.",
)
REPORTED = Path(ingest.__file__).parents[2] / "shared" / "articles"


def _describe(text: str = "\n\n".join(PROSE), **fields: str | None) -> Article:
    article = describe(RawArticle(**{"text": text, "origin": "/a/x.txt", **fields}))  # type: ignore[arg-type]  # fields of a record by name
    assert isinstance(article, Article)
    return article


def test_keeps_what_the_file_states() -> None:
    article = _describe(
        title=" Ferry\u200b aground ", outlet="Coast Daily", author="By Ana Ruiz", section="sea"
    )
    assert (article.title, article.outlet) == ("Ferry aground", "Coast Daily")
    assert (article.author, article.section) == ("Ana Ruiz", "sea")


def test_a_stated_title_that_opens_the_text_is_no_passage() -> None:
    article = _describe("FERRY aground\n\n" + "\n\n".join(PROSE), title="Ferry aground")
    assert article.text == "\n\n".join(PROSE)


def test_a_first_line_like_a_title_is_the_title_and_not_the_text() -> None:
    article = _describe("Ferry aground off cape\n" + "\n".join(PROSE))
    assert (article.title, article.text) == ("Ferry aground off cape", "\n\n".join(PROSE))


def test_else_the_first_sentence_is_the_title_and_stays_in_the_text() -> None:
    article = _describe(f"OSLO – {PROSE[0]} {PROSE[1]}")
    assert (article.title, article.place) == (PROSE[0], "Oslo")
    assert article.text == f"OSLO – {PROSE[0]} {PROSE[1]}"


def test_a_long_first_sentence_is_cut_between_words() -> None:
    title = _describe("The ferry and its crew of nine " + "ran and " * 20 + "sank.").title
    assert len(title) <= 101 and title.endswith("…") and title[:-1].split()[-1] in ("ran", "and")


def test_looks_past_a_byline_for_the_title() -> None:
    assert _describe(f"By Ana Ruiz\n\n{PROSE[0]}").title == PROSE[0]


@pytest.mark.parametrize(
    ("published", "origin", "record", "basis"),
    [
        ("2024-05-06", "/a/2023-01-01.txt", "", "metadata"),
        ("soon", "/a/2023-01-01.txt", "", "filename"),
        (None, "/a/2023-01-01.jsonl", "7", "unknown"),
        (None, "/a/x.txt", "", "unknown"),
    ],
)
def test_the_surest_source_gives_the_date(
    published: str | None, origin: str, record: str, basis: str
) -> None:
    found = _describe(published=published, origin=origin, record=record).published
    assert found.basis == basis and (found.at is None) == (basis == "unknown")


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ("HTTPS://Coast.Example:443/A/?utm_source=x&p=1#top", "https://coast.example/A?p=1"),
        ("http://coast.example/a b/", "http://coast.example/a%20b"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("javascript:alert(1)", None),
        ("ftp://coast.example/a", None),
        ("http://coast.example:port/", None),
        ("coast.example/a", None),
    ],
)
def test_addresses_take_one_form_or_none(stated: str, url: str | None) -> None:
    assert _describe(url=stated).url == url


def test_the_address_is_the_identity_and_the_file_where_there_is_none() -> None:
    here, there = (RawArticle("x", f"/a/{n}.txt") for n in "12")
    assert article_id(here, "https://c.example/a") == article_id(there, "https://c.example/a")
    assert article_id(here, None) != article_id(there, None)
    assert article_id(here, None) != article_id(replace(here, record="2"), None)


def test_one_page_over_http_and_https_is_one_article() -> None:
    raw = RawArticle("x", "/a/1.txt")
    assert article_id(raw, "http://c.example/a") == article_id(raw, "https://c.example/a")


def test_the_address_of_a_whole_site_is_no_identity() -> None:
    here, there = (RawArticle("x", f"/a/{n}.txt") for n in "12")
    assert article_id(here, "https://c.example") != article_id(there, "https://c.example")


def test_the_identity_outlives_an_edit_and_the_fingerprint_does_not() -> None:
    old, new = _describe(), _describe("\n\n".join((*PROSE, "It sank.")))
    assert old.article_id == new.article_id and len(old.article_id) == 16
    assert old.fingerprint != new.fingerprint == _describe(new.text).fingerprint
    assert old.fingerprint != _describe(outlet="Coast Daily").fingerprint


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        ("German", "de"),
        ("eng", "en"),
        ("und", "en"),
        ("yes", "en"),
    ],
)
def test_languages_become_codes(stated: str, code: str | None) -> None:
    assert _describe(language=stated).language == code


@pytest.mark.parametrize("text", ["Share\nAdvertisement\nLeave a Comment", "Two words", "… – …"])
def test_an_article_of_furniture_is_a_failure(text: str) -> None:
    failure = describe(RawArticle(text, "/a/x.jsonl", record="7"))
    assert isinstance(failure, Failure) and "nothing left" in failure.reason
    assert (failure.path, failure.step) == ("/a/x.jsonl#7", "clean")


@pytest.mark.skipif(not REPORTED.is_dir(), reason="the articles are not beside this checkout")
@pytest.mark.parametrize(
    ("number", "outlet", "place", "date", "basis"),
    [
        (0, "News.Az", None, "2025-12-17", "text"),
        (1, "Avash News", None, None, "unknown"),
        (2, None, "Tehran", None, "unknown"),
        (3, None, "Tehran", None, "unknown"),
        (4, "WANA", None, None, "text"),
    ],
)
def test_articles_as_sites_left_them(
    number: int, outlet: str | None, place: str | None, date: str | None, basis: str
) -> None:
    [raw] = read(list(find_files([REPORTED]))[number])
    article = describe(raw) if isinstance(raw, RawArticle) else raw
    assert isinstance(article, Article)
    at, day = (
        article.published.at,
        f"{article.published.at:%Y-%m-%d}" if article.published.at else None,
    )
    assert (article.outlet, article.place, day, article.published.basis) == (
        outlet,
        place,
        date,
        basis,
    )
    assert (at is None) == (article.published.precision in ("unknown", "month_day"))
    assert (article.published.month_day == "--02-25") == (number == 4)


@pytest.mark.skipif(not REPORTED.is_dir(), reason="the articles are not beside this checkout")
def test_articles_as_sites_left_them_lose_furniture_only() -> None:
    raws = [item for path in find_files([REPORTED]) for item in read(path)]
    toolbar, next_story, titled, *_ = (describe(r) for r in raws if isinstance(r, RawArticle))
    assert isinstance(toolbar, Article) and " px" not in toolbar.text
    assert not toolbar.text.endswith("News.Az")
    assert isinstance(next_story, Article) and "Pakistan" not in next_story.text
    assert next_story.text.endswith("officials.")
    assert isinstance(titled, Article) and titled.title.endswith("3-year roadmap")
    assert titled.text.startswith("Araghchi and Lavrov") and titled.title not in titled.text


@pytest.mark.parametrize(
    ("name", "date", "basis"),
    [
        ("xinhua-2025-12-17.txt", None, "text"),
        ("xinhua-2025-02-25.txt", "2025-02-25", "filename"),
        ("xinhua-2025-02-26.txt", "2025-02-26", "filename"),
    ],
)
def test_the_name_of_a_file_dates_no_story_of_another_day(
    name: str, date: str | None, basis: str
) -> None:
    text = "BAKU, Feb 25 (Xinhua) -- The ferry sailed for Aktau with forty lorries, it was said."
    article = describe(RawArticle(text, f"/a/{name}"))
    assert isinstance(article, Article)
    day = f"{article.published.at:%Y-%m-%d}" if article.published.at else None
    assert (day, article.published.basis) == (date, basis)


def test_a_stated_place_in_capitals_is_written_as_in_a_sentence() -> None:
    article = describe(RawArticle("The ferry sailed for Baku.", "a.nitf", place="ST. JOHN'S"))

    assert isinstance(article, Article)
    assert article.place == "St. John's"
