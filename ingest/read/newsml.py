"""NewsML-G2: one news item, or a message or package with many, in any version of its namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read import nitf
from ingest.read.fields import raw_article
from ingest.read.markup import text_of, text_of_html
from ingest.read.records import RecordNames
from ingest.read.source import Source
from ingest.read.xml_tree import (
    Element,
    attribute_at,
    local,
    nodes,
    parse,
    root_name,
    text_at,
    words,
)

_ROOTS = ("newsItem", "newsMessage", "packageItem", "newsItemSet", "conceptItem", "knowledgeItem")
# An article appears when its embargo ends, else when its content was made. The first version comes
# before this version: a correction does not make a story new (as with schema.org's datePublished).
_DATES = (
    "itemMeta/embargoed",
    "contentMeta/contentCreated",
    "itemMeta/firstCreated",
    "itemMeta/versionCreated",
)
_OUTLETS = (
    "contentMeta/infoSource/name",
    "itemMeta/provider/name",
    "rightsInfo/copyrightHolder/name",
)
_LITERAL_OUTLETS = (
    "contentMeta/infoSource/@literal",
    "itemMeta/provider/@literal",
    "rightsInfo/copyrightHolder/@literal",
)
_WITHDRAWN = ("canceled", "cancelled", "withheld")


def recognises(head: str) -> bool:
    """Tell whether a file begins as NewsML-G2 does."""
    return root_name(head) in _ROOTS


def read(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the article of each news item.

    Raises:
        ArticleError: The file is not XML, declares entities, or holds no news item.
        OSError: The file cannot be read.
    """
    root = parse(source.whole(), source.charset)
    items = nodes(root, "//newsItem")
    if not items:
        raise ArticleError(
            f"is a {local(root)} that holds no newsItem; ask for the items themselves"
        )
    if root is items[0]:
        yield raw_article(_facts(root), _body(root), source)
        return
    names = RecordNames()
    for number, item in enumerate(items, 1):
        yield _record(item, source, number, names)


def _record(item: Element, source: Source, number: int, names: RecordNames) -> RawArticle | Failure:
    try:
        facts = _facts(item)
        raw = raw_article(facts, _body(item), source, record=f"#{number}")
    except ArticleError as error:
        return Failure(f"{source.origin}#{number}", "read", str(error))
    return names.named({"id": item.get("guid")}, raw)


def _facts(item: Element) -> Mapping[str, object]:
    """Return what an item states, under the names of `fields`.

    Raises:
        ArticleError: It was withdrawn.
    """
    status = attribute_at(item, "itemMeta/pubStatus/@qcode", "itemMeta/pubStatus/@uri") or ""
    if status.endswith(_WITHDRAWN):
        raise ArticleError(f"was withdrawn by its provider (pubStatus {status!r}); remove the file")
    inline = next((nitf.facts(root) for root in nodes(item, "contentSet/inlineXML/nitf")), {})
    stated = {
        "title": text_at(item, "contentMeta/headline", "itemMeta/title"),
        "author": text_at(item, "contentMeta/by", "contentMeta/creator/name"),
        "outlet": text_at(item, *_OUTLETS) or attribute_at(item, *_LITERAL_OUTLETS),
        "published": text_at(item, *_DATES),
        "url": _page(item),
        "section": text_at(item, "contentMeta/subject/name"),
        "language": _language(item),
        "place": text_at(item, "contentMeta/located/name") or _place(item),
    }
    return {**inline, **{name: value for name, value in stated.items() if value}}


def _page(item: Element) -> str | None:
    """Return the address of the same story as a web page, where the item links to it."""
    links = (
        link for link in nodes(item, "itemMeta/link") if link.get("contenttype") == "text/html"
    )
    return next((link.get("href") for link in links if "seeAlso" not in link.get("rel", "")), None)


def _language(item: Element) -> str | None:
    stated = attribute_at(item, "contentMeta/language/@tag")
    return stated or item.get("{http://www.w3.org/XML/1998/namespace}lang")


def _place(item: Element) -> str | None:
    """Take the dateline ("PORT ALBA, March 5 (Coast Wire) -") up to its comma."""
    line = text_at(item, "contentMeta/dateline")
    return line.partition(",")[0].strip(" -\u2013\u2014") or None if line else None


def _body(item: Element) -> str:
    """Return the text of an item: marked-up content before plain.

    Raises:
        ArticleError: It has none of its own.
    """
    marked = (_marked(content) for content in nodes(item, "contentSet/inlineXML"))
    plain = (_plain(content) for content in nodes(item, "contentSet/inlineData"))
    found = next(filter(None, (*marked, *plain)), None)
    if found:
        return found
    kind = attribute_at(item, "itemMeta/itemClass/@qcode") or "unknown"
    if nodes(item, "contentSet/remoteContent"):
        raise ArticleError(f"has no text, only files that lie elsewhere (item class {kind!r})")
    raise ArticleError(f"has no text in its contentSet (item class {kind!r}); check the file")


def _marked(content: Element) -> str:
    inner = nodes(content, "nitf")
    bodies = nodes(content, "html/body")
    return nitf.body(inner[0]) if inner else text_of(bodies[0] if bodies else content)


def _plain(content: Element) -> str:
    kind = content.get("contenttype") or ""
    if content.get("encoding") or not (kind.startswith("text/") or not kind):
        return ""
    text = "".join(map(str, content.itertext()))
    if "html" in kind:
        return text_of_html(text)
    return text.strip() if words(content) else ""
