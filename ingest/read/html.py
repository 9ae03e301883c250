"""Web pages: the article out of its page, and what the page says about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read.decode import decode
from ingest.read.source import Source

if TYPE_CHECKING:
    from trafilatura.settings import Document

_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head)\b", re.I | re.S
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_HEAD_BYTES = 4096
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


def recognises(head: str) -> bool:
    """Tell whether a file begins as a page does."""
    return bool(_START.match(head))


def read(source: Source) -> Iterator[RawArticle]:
    """Yield the article of a page.

    Raises:
        ArticleError: The file is not text, or no article is found in the page.
        OSError: The file cannot be read.
    """
    data = source.whole()
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    yield _article(decode(data, source.charset or (declared and declared[1].decode())), source)


def _article(page: str, source: Source) -> RawArticle:
    from trafilatura import load_html

    tree = load_html(page)
    document = _extract(page) if tree is not None else None
    if document is None or not (document.text or "").strip():
        raise ArticleError("has no article text that can be found; save the article as .txt")
    return RawArticle(
        text=document.text or "",
        origin=source.origin,
        title=document.title,
        outlet=document.sitename,
        author=(document.author or "").replace("; ", ", ") or None,
        published=_published(tree),
        url=document.url or source.url,
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
