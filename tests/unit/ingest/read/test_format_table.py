from __future__ import annotations

import pytest

from ingest.domain import RawArticle
from ingest.read import read
from ingest.read.source import page_source

LINES = b'{"body": "A ferry ran aground."}\n{"body": "It sank."}\n'
FEED = b"<?xml version='1.0'?><rss><channel><title>C</title><item><description>It sank."
FEED += b"</description></item></channel></rss>"
ATOM = (
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><summary>It sank.</summary></entry></feed>"
)
NITF = b"<!-- x --><nitf><body><body.content><p>It sank.</p></body.content></body></nitf>"
ITEM = b"<newsItem><contentSet><inlineData>It sank.</inlineData></contentSet></newsItem>"
JSON_FEED = (
    b'{"version": "https://jsonfeed.org/version/1", "items": [{"content_text": "It sank."}]}'
)
PAGE = b"<!doctype html><html><body><p>It sank.</p></body></html>"


@pytest.mark.parametrize(
    ("name", "media_type", "data"),
    [
        ("news.jsonl", "text/plain", LINES),
        ("feed", "text/html", FEED),
        ("feed", "text/plain", FEED),
        ("feed", "application/rss+xml", FEED),
        ("feed", "text/xml", ATOM),
        ("feed.php", "application/atom+xml", ATOM),
        ("story", "application/xml", NITF),
        ("story", "text/xml", ITEM),
        ("feed", "application/feed+json", JSON_FEED),
        ("feed", "application/json", JSON_FEED),
        ("table", "text/csv", b"title,body\nFerry,It sank.\n"),
        ("table", "text/tab-separated-values", b"title\tbody\nFerry\tIt sank.\n"),
        ("page", "text/html", PAGE),
        ("page", "text/html", b"<p>It sank.</p>"),
        ("page.html", "application/octet-stream", PAGE),
        ("news.jsonl", "text/html", LINES),
        ("news.json", "text/html", b'[{"body": "It sank."}]'),
        ("table.csv", "text/html", b"title,body\nFerry,It sank.\n"),
        ("table.csv", "text/html", PAGE),
        ("page.htm", "text/html", b"<p>It sank.</p>"),
        ("page.php", "text/html", b"<p>It sank.</p>"),
        ("note.txt", None, PAGE),
        ("note.txt", "text/html", b"It sank.\n"),
        ("note", "text/plain", b"It sank.\n"),
        ("note.txt", None, b"It sank.\n"),
    ],
)
def test_what_a_server_gives_is_read_as_what_it_is(
    name: str, media_type: str | None, data: bytes
) -> None:
    address = f"https://c.example/{name}"
    found = list(read(page_source(address, address, data, media_type, None)))
    last = found[-1]
    assert isinstance(last, RawArticle), last
    assert last.text.strip() == "It sank."


@pytest.mark.parametrize("size", [2000, 9000])
def test_a_large_comment_or_doctype_before_the_root_is_passed_over(size: int) -> None:
    data = (
        b"<?xml version='1.0'?><!-- " + b"x" * size + b" --><!DOCTYPE nitf PUBLIC '-//I' 'n.dtd' ["
    )
    data += b"<!NOTATION a SYSTEM 'b'>]>" + NITF.removeprefix(b"<!-- x -->")
    [article] = read(
        page_source("https://c.example/a", "https://c.example/a.xml", data, None, None)
    )
    assert isinstance(article, RawArticle) and article.text == "It sank."
