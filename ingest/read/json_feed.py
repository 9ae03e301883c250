"""JSON Feed, version 1: what RSS says, said in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read.fields import raw_article
from ingest.read.json_articles import parse
from ingest.read.markup import text_of_html
from ingest.read.records import RecordNames
from ingest.read.source import Source

_MARK = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version')


def recognises(head: str) -> bool:
    """Tell whether a file names the version of JSON Feed near its beginning."""
    return bool(_MARK.search(head))


def read(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the article of each item.

    Raises:
        ArticleError: The file is not JSON, or holds no items.
        OSError: The file cannot be read.
    """
    feed = parse(source.text())
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list) or not items:
        raise ArticleError("is a JSON feed without items; there is nothing to read in it")
    names = RecordNames()
    for number, item in enumerate(items, 1):
        try:
            yield _article(item, feed, source, names)
        except ArticleError as error:
            yield Failure(f"{source.origin}#{number}", "read", str(error))


def _article(
    item: object, feed: Mapping[str, object], source: Source, names: RecordNames
) -> RawArticle:
    if not isinstance(item, dict):
        raise ArticleError("is no object; a feed's items have an id and a content")
    html, plain = item.get("content_html"), item.get("content_text")
    text = text_of_html(html) if isinstance(html, str) else plain
    if not isinstance(text, str) or not text.strip():
        raise ArticleError("has a title but no text; follow its link and ingest that page")
    fields = {
        "outlet": feed.get("title"),
        "language": item.get("language") or feed.get("language"),
        "authors": item.get("authors") or item.get("author"),
        "title": item.get("title"),
        "url": item.get("url") or item.get("external_url"),
        "published": item.get("date_published"),
    }
    return names.named(item, raw_article(fields, text, source, record="#"))
