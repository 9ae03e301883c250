"""Web pages: the article out of its page, and what the page says about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read.decode import decode, path_text

if TYPE_CHECKING:
    from trafilatura.settings import Document

# An element's style in lower case and without white space.
_STYLE = "translate(@style, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ \t\n\r', 'abcdefghijklmnopqrstuvwxyz')"
_HIDDEN = [
    "//*[@hidden]",
    "//*[@aria-hidden='true' or @aria-hidden='TRUE']",
    "//template|//noscript",
    *(
        f"//*[contains(concat({_STYLE}, ';'), '{declaration}')]"
        for declaration in (
            "display:none",
            "visibility:hidden",
            "font-size:0;",
            "font-size:0px",
            "font-size:0pt",
            "font-size:0em",
            "font-size:0%",
            "opacity:0;",
        )
    ),
]
"""What a reader of the page does not see, so that no instruction hides there."""
_DATE_NAMES = (
    *(
        "article:published_time",
        "og:published_time",
        "datepublished",
        "publication_date",
        "pubdate",
    ),
    *("publishdate", "publish-date", "publish_date", "parsely-pub-date", "sailthru.date"),
    *("dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "date"),
)
"""Names under which pages state when they first appeared, the surest first."""


def read_html(path: Path) -> Iterator[RawArticle]:
    """Yield the one article of a page.

    Raises:
        ArticleError: The file is not text, or no article is found in the page.
        OSError: The file cannot be read.
    """
    yield from html_article(decode(path.read_bytes()), path)


def html_article(page: str, path: Path) -> Iterator[RawArticle]:
    """Yield the article in the page `page`, read from `path`.

    Raises:
        ArticleError: No article is found in the page.
    """
    from trafilatura import load_html

    tree = load_html(page)
    document = _extract(page) if tree is not None else None
    if document is None or not (document.text or "").strip():
        raise ArticleError("has no article text that can be found; save the article as .txt")
    yield RawArticle(
        text=document.text or "",
        origin=path_text(path),
        title=document.title,
        outlet=document.sitename,
        author=(document.author or "").replace("; ", ", ") or None,
        published=_published(tree),
        url=document.url,
        section=", ".join(document.categories or []) or None,
        language=_first(tree, ("/html/@lang", "//meta[@property='og:locale']/@content")),
    )


def _extract(page: str) -> Document | None:
    """Favour precision; short pages that give nothing so are read once more with recall."""
    from trafilatura import bare_extraction

    for precise in (True, False):
        found = bare_extraction(
            page,
            include_comments=False,
            favor_precision=precise,
            favor_recall=not precise,
            with_metadata=True,
            prune_xpath=_HIDDEN,
        )
        if found is not None and not isinstance(found, dict) and found.text:
            return found
    return None


def _published(tree: Any) -> str | None:
    """Return the date that the page states.

    Not trafilatura's: it keeps the day only, and where nothing is stated it takes a date from the
    text or the footer.
    """
    stated = {_name(meta): str(meta.get("content")).strip() for meta in tree.xpath("//*[@content]")}
    found = next((stated[name] for name in _DATE_NAMES if stated.get(name)), None)
    times = set(tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime"))
    times = times or set(tree.xpath("//article//time/@datetime"))
    return found or _json_ld_date(tree) or (str(times.pop()) if len(times) == 1 else None)


def _name(meta: Any) -> str:
    return str(meta.get("property") or meta.get("name") or meta.get("itemprop")).lower()


def _first(tree: Any, paths: tuple[str, ...]) -> str | None:
    values = (str(value).strip() for path in paths for value in tree.xpath(path))
    return next((value for value in values if value), None)


def _json_ld_date(tree: Any) -> str | None:
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            found = _find(json.loads(str(script)), "datePublished")
        except (ValueError, RecursionError):
            continue
        if found:
            return found
    return None


def _find(value: object, name: str) -> str | None:
    """Return the first text under `name` in the objects and lists of `value`."""
    if isinstance(value, dict):
        if isinstance(value.get(name), str):
            return str(value[name])
        value = list(value.values())
    if isinstance(value, list):
        return next(filter(None, (_find(item, name) for item in value)), None)
    return None
