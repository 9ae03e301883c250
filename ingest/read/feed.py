"""RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom: the articles whose text a feed carries.

feedparser is given bytes and never an address, so it fetches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read.fields import raw_article
from ingest.read.markup import is_markup, text_of_html
from ingest.read.records import RecordNames
from ingest.read.source import Source
from ingest.read.xml_tree import fault, refuse_entities, root_name

if TYPE_CHECKING:
    from feedparser import FeedParserDict

_ROOTS = ("rss", "RDF", "feed")
_MAIL_ADDRESS = re.compile(r"[^\s<>(),]+@[^\s<>(),]+")
# What WordPress puts under every entry.
_SIGNED = re.compile(r"The post .{1,300} (?:appeared first|first appeared) on .{1,100}")
_NO_TEXT = "has a title but no text; follow its link and ingest that page"


def recognises(head: str) -> bool:
    """Tell whether a file begins as a feed does."""
    return root_name(head) in _ROOTS


def read(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the article of each entry, and a Failure for where the feed breaks off.

    Raises:
        ArticleError: The file is empty, no feed, or declares entities.
        OSError: The file cannot be read.
    """
    data = source.whole()
    refuse_entities(data)
    feed = _parsed(data, source)
    broken = fault(data)
    entries = feed.entries
    if not entries:
        raise ArticleError(broken or "is a feed without entries; there is nothing to read in it")
    if broken and not _text(entries[-1]):
        entries = entries[:-1]  # the feed breaks off inside it
    names = RecordNames()
    for number, entry in enumerate(entries, 1):
        yield _article(entry, feed.feed, source, number, names)
    if broken:
        yield Failure(source.origin, "read", f"{broken}; what could be read of it was")


def _parsed(data: bytes, source: Source) -> FeedParserDict:
    import feedparser

    charset = f"; charset={source.charset}" if source.charset else ""
    headers = {"content-type": f"application/xml{charset}"}
    if source.url:
        headers["content-location"] = source.url
    # What is hidden or a script is told by the same rules as on pages, not by feedparser's.
    return feedparser.parse(
        BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _article(
    entry: FeedParserDict, feed: FeedParserDict, source: Source, number: int, names: RecordNames
) -> RawArticle | Failure:
    text = _text(entry)
    if not text:
        return Failure(f"{source.origin}#{number}", "read", _NO_TEXT)
    origin = _stated(entry, "source")
    fields = {
        "title": _title(entry),
        "outlet": _words(_stated(origin, "title") or _stated(feed, "title")),
        "author": _author(entry),
        # RSS 1.0 has but dc:date and Atom must have `updated`; that is the only date then.
        "published": _stated(entry, "published") or _stated(entry, "updated"),
        "url": _stated(entry, "link"),
        "section": _section(entry),
        "language": _language(entry) or _stated(feed, "language"),
    }
    identity = {"id": _stated(entry, "id") or _stated(entry, "link")}
    return names.named(identity, raw_article(fields, text, source, record=f"#{number}"))


def _text(entry: FeedParserDict) -> str:
    """Return the whole text of an entry, else what it gives as its summary."""
    contents = _stated(entry, "content")
    details = [*contents] if isinstance(contents, list) else []
    details.append(_stated(entry, "summary_detail"))
    return next(filter(None, map(_paragraphs, details)), "")


def _paragraphs(detail: object) -> str:
    if not isinstance(detail, Mapping):
        return ""
    value = str(_stated(detail, "value") or "")
    marked = "html" in str(_stated(detail, "type")) and is_markup(value)
    text = (text_of_html(value) if marked else value).strip()
    rest, _, last = text.rpartition("\n")
    return rest.strip() if _SIGNED.fullmatch(last.strip()) else text


def _title(entry: FeedParserDict) -> str | None:
    return _words(_stated(entry, "title"))


def _words(value: object) -> str | None:
    text = value if isinstance(value, str) else ""
    return " ".join((text_of_html(text) if is_markup(text) else text).split()) or None


def _author(entry: FeedParserDict) -> str | None:
    """Return the names, not the mail addresses that RSS 2.0 wants beside them."""
    written = str(_stated(entry, "author") or "")
    if "@" in written:
        # feedparser does not know all endings of host names.
        return _MAIL_ADDRESS.sub("", written).strip(" ()<>,;") or None
    authors = _stated(entry, "authors")
    people = authors if isinstance(authors, Sequence) else ()
    names = [str(_stated(person, "name") or "") for person in people if isinstance(person, Mapping)]
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def _section(entry: FeedParserDict) -> str | None:
    tags = _stated(entry, "tags")
    found = tags[0] if isinstance(tags, list) and tags else {}
    return _words(_stated(found, "term"))


def _language(entry: FeedParserDict) -> object:
    contents = _stated(entry, "content")
    found = contents[0] if isinstance(contents, list) and contents else {}
    return _stated(found, "language") or None


def _stated(entry: object, name: str) -> object:
    """Return a value as it is there: feedparser's own look-up answers `updated` for `published`."""
    return dict.get(entry, name) if isinstance(entry, dict) else None
