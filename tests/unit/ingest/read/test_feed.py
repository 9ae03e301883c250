from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ingest.domain import Failure, RawArticle
from ingest.read import is_rolling, read
from ingest.read.source import file_source, page_source

ITEM = (
    "<item><title>Ferry</title><link>/ferry</link><guid isPermaLink='false'>f-1</guid>"
    "<description>A ferry ran &lt;b&gt;aground&lt;/b&gt;.</description>{}</item>"
)
RSS = "<rss version='2.0'><channel><title>Coast Daily</title><link>https://c.example</link>{}</channel></rss>"


def _read(path: Path, text: str) -> list[RawArticle | Failure]:
    path.write_text(text, encoding="utf-8")
    return list(read(path))


def _article(path: Path, extra: str = "") -> RawArticle:
    [article] = _read(path, RSS.format(ITEM.format(extra)))
    assert isinstance(article, RawArticle)
    return article


def test_the_summary_is_read_where_there_is_no_content(tmp_path: Path) -> None:
    article = _article(tmp_path / "a.rss")
    assert (article.title, article.text, article.outlet) == (
        "Ferry",
        "A ferry ran aground.",
        "Coast Daily",
    )


def test_an_entry_keeps_its_name_when_another_is_put_before_it(tmp_path: Path) -> None:
    old = _article(tmp_path / "a.rss").record
    first = ITEM.replace("f-1", "f-2").replace("Ferry", "New").format("")
    found = _read(tmp_path / "a.rss", RSS.format(first + ITEM.format("")))
    assert [item.record for item in found if isinstance(item, RawArticle)] == ["f-2", old]
    assert old == "f-1"


def test_links_are_resolved_against_the_address_of_the_feed() -> None:
    data = RSS.format(ITEM.format("")).encode()
    source = page_source("https://c.example/f", "https://c.example/f", data, "text/html", None)
    [article] = read(source)
    assert isinstance(article, RawArticle) and article.url == "https://c.example/ferry"


def test_the_author_is_a_name_and_no_mail_address(tmp_path: Path) -> None:
    author = "<author>ana@c.example (Ana Ruiz)</author>"
    assert _article(tmp_path / "a.rss", author).author == "Ana Ruiz"


def test_the_date_of_publication_goes_before_that_of_change(tmp_path: Path) -> None:
    dates = "<pubDate>Tue, 05 Mar 2024 09:30:00 GMT</pubDate>"
    change = "<a:updated xmlns:a='http://www.w3.org/2005/Atom'>2025-01-01T00:00:00Z</a:updated>"
    for extra in (dates + change, change + dates):
        assert (_article(tmp_path / "a.rss", extra).published or "").startswith("Tue, 05 Mar")


def test_a_broken_feed_gives_what_can_be_read_and_where_it_breaks(tmp_path: Path) -> None:
    whole = RSS.format("\n".join(ITEM.replace("f-1", f"f-{n}").format("") for n in range(3)))
    cut = whole[: whole.rindex("aground")]
    *articles, failure = _read(tmp_path / "a.rss", cut)
    assert [i.text for i in articles if isinstance(i, RawArticle)] == ["A ferry ran aground."] * 2
    assert isinstance(failure, Failure)
    assert "is not valid XML" in failure.reason and "in line 3" in failure.reason


def test_named_characters_that_xml_does_not_know_break_nothing(tmp_path: Path) -> None:
    text = RSS.format(ITEM.format("").replace("Ferry", "Caf&eacute;&nbsp;open"))
    [article] = _read(tmp_path / "a.rss", text)
    assert isinstance(article, RawArticle) and article.title == "Café open"


def test_a_feed_without_entries_is_a_failure(tmp_path: Path) -> None:
    [failure] = _read(tmp_path / "a.xml", RSS.format(""))
    assert isinstance(failure, Failure) and "without entries" in failure.reason


def test_a_feed_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    doctype = "<?xml version='1.0'?><!DOCTYPE rss SYSTEM 'http://dtd.example/rss.dtd'>"
    sheet = "<?xml-stylesheet href='http://css.example/x.xsl'?>"
    [article] = _read(tmp_path / "a.rss", doctype + sheet + RSS.format(ITEM.format("")))
    assert isinstance(article, RawArticle)


def test_feeds_roll_and_other_files_do_not(tmp_path: Path) -> None:
    names = {"a.xml": RSS, "b.xml": "<nitf/>", "c.json": "{}", "d.csv": "body\nx"}
    names["e.json"] = '{"version": "https://jsonfeed.org/version/1.1", "items": []}'
    for name, text in names.items():
        (tmp_path / name).write_text(text)
    rolling = [name for name in sorted(names) if is_rolling(file_source(tmp_path / name))]
    assert rolling == ["a.xml", "e.json"]
