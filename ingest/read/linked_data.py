"""What a page says about its article in JSON-LD, in the words of schema.org."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import etree

from ingest.read.markup import is_markup, text_of_html

Element = etree._Element
Object = Mapping[str, object]

_SCRIPTS = "//script[contains(@type, 'ld+json')]"
_ARTICLE = re.compile(r"(?:^|[/:])(?:\w*Article|BlogPosting|LiveBlogPosting|Report)$")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_MAX_DEPTH = 12
_MAX_VALUES = 20
# Under these stand other articles: of a list, beside the page's own, or around it.
_OTHERS = frozenset(("itemListElement", "mentions", "hasPart", "isPartOf"))
_OWN = ("@graph", "mainEntity")


@dataclass(frozen=True)
class LinkedArticle:
    """The page's own article as JSON-LD describes it; without fields where it describes none.

    Attributes:
        fields: What is said of it.
        nodes: All objects of the page that have a name, by their `@id`.
    """

    fields: Object = field(default_factory=dict)
    nodes: Mapping[str, Object] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Return the words of a field, None where it has none."""
        return text(self.fields.get(name), self.nodes)

    @property
    def address(self) -> str | None:
        """The address that it calls its own."""
        return next(iter(_addresses(self.fields)), None)

    @property
    def body(self) -> str:
        """Its text in paragraphs, empty when the page does not repeat it there."""
        value = self.fields.get("articleBody")
        if not isinstance(value, str):
            return ""
        return text_of_html(value) if is_markup(value) else value.strip()


def article_of(page: Element, url: str | None, own: Collection[str]) -> LinkedArticle:
    """Return the article that a page describes as its own.

    Args:
        page: All of it.
        url: The address it came from.
        own: The addresses that it is known to have.
    """
    found = page.xpath(_SCRIPTS)
    nodes = [node for node in found if isinstance(node, Element)] if isinstance(found, list) else []
    values: object = [_parsed(script.text or "") for script in nodes]
    named: dict[str, Object] = {}
    for value in _objects(values, _MAX_DEPTH, frozenset()):
        known = value.get("@id")
        if isinstance(known, str) and "name" in value:
            named.setdefault(known, value)
    return LinkedArticle(_chosen(values, url, {_plain(address, url) for address in own}), named)


def text(value: object, nodes: Mapping[str, Object] | None = None, depth: int = 4) -> str | None:
    """Return a value as a text: itself, the name of an object, or several; addresses are none.

    Args:
        value: As JSON has it.
        nodes: The objects that others are given as by their `@id` alone.
        depth: How far lists and names are looked into.
    """
    if not depth:
        return None
    if isinstance(value, str):
        if nodes and value in nodes:
            return text(nodes[value].get("name"), None, depth - 1)
        return None if is_address(value) else " ".join(value.split()) or None
    if isinstance(value, Mapping):
        known = value.get("@id")
        referred = (nodes or {}).get(known, {}) if isinstance(known, str) else {}
        names = (value.get("name"), value.get("@value"), referred.get("name"))
        return next(filter(None, (text(name, None, depth - 1) for name in names)), None)
    if isinstance(value, list):
        found = (text(item, nodes, depth - 1) for item in value[:_MAX_VALUES])
        return ", ".join(dict.fromkeys(filter(None, found))) or None
    return None


def is_address(value: str) -> bool:
    """Tell whether a value is a web address and no name."""
    return bool(re.match(r"\s*https?://\S*\s*$", value, re.I))


def _chosen(values: object, url: str | None, own: Set[str]) -> Object:
    """Choose what has one of the page's addresses, else what stands where the page's own does.

    Where several stand there and each has an address of its own, they are other pages.
    """
    direct = list(_direct(values, _MAX_DEPTH))
    everywhere = [a for a in _objects(values, _MAX_DEPTH, _OTHERS) if _is_article(a)]
    for article in (*direct, *everywhere):
        if not own.isdisjoint(_plain(address, url) for address in _addresses(article)):
            return article
    bare = next((article for article in direct if not _addresses(article)), None)
    if bare is not None:
        return bare
    first = {_plain(_addresses(article)[0], url) for article in direct}
    return direct[0] if len(first) == 1 else {}


def _addresses(article: Object) -> Sequence[str]:
    values = (article.get(name) for name in ("url", "mainEntityOfPage", "@id"))
    found = (v.get("@id") or v.get("url") if isinstance(v, Mapping) else v for v in values)
    return [v.strip() for v in found if isinstance(v, str) and re.match(r"\s*(?:https?:/)?/", v)]


def _plain(address: str, url: str | None) -> str:
    """Return an address without what two spellings of one differ in."""
    try:
        parts = urlsplit(urljoin(url or "", address.strip()))
    except ValueError:
        return address
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _parsed(script: str) -> object:
    bare = _WRAPPING.sub("", _WRAPPING.sub("", script))
    try:
        # Line breaks inside texts are no JSON, but pages have them.
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return None


def _direct(value: object, depth: int) -> Iterator[Object]:
    """Yield the articles that stand at the top, in a graph or as what a page is about."""
    if isinstance(value, list) and depth:
        for inner in value:
            yield from _direct(inner, depth - 1)
    elif isinstance(value, Mapping) and depth:
        if _is_article(value):
            yield value
        for name in _OWN:
            yield from _direct(value.get(name), depth - 1)


def _objects(value: object, depth: int, without: Collection[str]) -> Iterator[Object]:
    if isinstance(value, Mapping) and depth:
        yield value
        for name, inner in value.items():
            if name not in without:
                yield from _objects(inner, depth - 1, without)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _objects(inner, depth - 1, without)


def _is_article(value: Object) -> bool:
    kind = value.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and _ARTICLE.search(name) for name in kinds)
