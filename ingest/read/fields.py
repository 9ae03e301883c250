"""The field names under which articles come, and what their values may look like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read.markup import has_blocks, text_of_html
from ingest.read.source import Source

BODY = ("body", "text", "content", "article")
_NAMES = {
    "title": ("title", "headline"),
    "outlet": ("outlet", "source", "publisher", "site"),
    "author": ("author", "authors", "byline"),
    "published": ("published_at", "date", "published", "pub_date"),
    "url": ("url", "link"),
    "section": ("category", "section"),
    "language": ("language", "lang"),
    "place": ("place", "location"),
}


def key(name: str) -> str:
    """Return `name` so that `published_at`, `PublishedAt` and `Published At` are one."""
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


KNOWN = frozenset(key(name) for names in _NAMES.values() for name in names)


def raw_article(
    fields: Mapping[str, object], text: str, source: Source, record: str = ""
) -> RawArticle:
    """Return the article that `fields` describe; names that mean nothing here are left out.

    One that states no address has the one that the whole source came from, if any.
    """
    by_key = {key(name): value for name, value in fields.items()}

    def value(field: str) -> str | None:
        found = (_text(by_key.get(key(name))) for name in _NAMES[field])
        return next((text for text in found if text), None)

    return RawArticle(
        text=text,
        origin=source.origin,
        record=record,
        title=value("title"),
        outlet=value("outlet"),
        author=value("author"),
        published=value("published"),
        url=value("url") or (None if record else source.url),
        section=value("section"),
        language=value("language"),
        place=value("place"),
    )


def kind(value: object) -> str:
    """Return what JSON calls a value, with its article."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean"}
    return names.get(type(value), "null" if value is None else "a number")


def has_body(fields: Mapping[str, object]) -> bool:
    """Tell whether a record has a text under one of the names of a body."""
    return any(isinstance(value, str) for name, value in fields.items() if key(name) in BODY)


def body(fields: Mapping[str, object]) -> str:
    """Return the body of a record, as paragraphs where it is marked up.

    Raises:
        ArticleError: There is none, or it is not a text.
    """
    by_key = {key(name): value for name, value in fields.items()}
    values = [by_key[name] for name in BODY if by_key.get(name) is not None]
    text = next((value for value in values if isinstance(value, str) and value.strip()), None)
    if text is not None:
        return _paragraphs(text)
    wrong = next((value for value in values if not isinstance(value, str)), None)
    if wrong is not None:
        raise ArticleError(f"has a body that is not a text but {kind(wrong)}; write it as text")
    if named := [name for name in fields if key(name) in BODY]:
        raise ArticleError(f"has an empty body: there is no text under {_list(named)}")
    raise ArticleError(f"has no body: looked for {_list(BODY)}; it has {_list(fields) or 'none'}")


def _paragraphs(text: str) -> str:
    if not has_blocks(text):
        return text
    found = text_of_html(text)
    if not found:
        raise ArticleError("has a body of tags without text; put the text of the article in it")
    return found


def _text(value: object, depth: int = 3) -> str | None:
    """Return a value as people write it: a text, a number, an object with a name, or several."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping) and depth:
        return _text(value.get("name"), depth - 1)
    if isinstance(value, list) and depth:
        return ", ".join(filter(None, (_text(item, depth - 1) for item in value))) or None
    return None


def _list(names: Iterable[str]) -> str:
    return ", ".join(repr(name[:40]) for name in islice(names, 12))
