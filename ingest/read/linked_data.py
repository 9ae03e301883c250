"""What a page says about its article in JSON-LD, in the words of schema.org."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

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


def article_of(page: Element) -> Object:
    """Return the first article that a page describes, empty when it describes none."""
    found = page.xpath(_SCRIPTS)
    scripts = (
        [node for node in found if isinstance(node, Element)] if isinstance(found, list) else []
    )
    articles = (a for script in scripts for a in _articles(_parsed(script.text or ""), _MAX_DEPTH))
    return next(articles, {})


def text(value: object) -> str | None:
    """Return a value as a text: itself, the `name` or address of an object, or several of them."""
    if isinstance(value, str):
        return " ".join(value.split()) or None
    if isinstance(value, Mapping):
        named = (text(value.get(name)) for name in ("name", "@value", "url", "@id"))
        return next(filter(None, named), None)
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, map(text, value[:20])))) or None
    return None


def body(article: Object) -> str:
    """Return the text of an article in paragraphs, empty when the page does not repeat it there."""
    value = article.get("articleBody")
    if not isinstance(value, str):
        return ""
    return text_of_html(value) if is_markup(value) else value.strip()


def _parsed(script: str) -> object:
    bare = _WRAPPING.sub("", _WRAPPING.sub("", script))
    try:
        # Line breaks inside texts are no JSON, but pages have them.
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return None


def _articles(value: object, depth: int) -> Iterator[Object]:
    if isinstance(value, Mapping) and depth:
        if _is_article(value.get("@type")):
            yield value
        for inner in value.values():
            yield from _articles(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _articles(inner, depth - 1)


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and _ARTICLE.search(name) for name in kinds)
