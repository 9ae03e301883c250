"""Web pages: the article out of its page, and what the page says about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read.decode import decode
from ingest.read.markup import text_of_html
from ingest.read.page_facts import PageFacts, without_outlet
from ingest.read.source import Source
from ingest.read.visible import remove_hidden
from ingest.read.xml_tree import beginning

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_START = re.compile(r"<(?:!doctype html|html|head)\b", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_HEAD_BYTES = 4096
_MUCH_LESS = 0.6
_MIN_BLOCKS = 3
_JOINERS = {"\u2e3a": "\u200c", "\u2e3b": "\u200d"}
"""Dashes of two and three ems, which no news has, for what must pass through trafilatura."""
_GUARDED = str.maketrans(_JOINERS)


def recognises(head: str) -> bool:
    """Tell whether a file begins as a page does."""
    return bool(_START.match(beginning(head)))


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
    if tree is None:  # a piece of a page, or nothing
        return RawArticle(_found(text_of_html(page)), source.origin, url=source.url)
    facts = PageFacts(tree, source.url)
    remove_hidden(tree)
    _flatten_layout(tree)
    _guard_joiners(tree, page)
    document = _extract(tree)
    text = _found(_text(document, facts))
    outlet = facts.outlet or (document.sitename if document else None)
    title = facts.title or (
        document.title.translate(_GUARDED) if document and document.title else None
    )
    return RawArticle(
        text=text,
        origin=source.origin,
        title=without_outlet(title, outlet) if title else None,
        outlet=outlet,
        author=facts.author or _author(document),
        # Not trafilatura's date: it keeps the day only, and where nothing is stated it takes a date
        # from the text or the footer.
        published=facts.published,
        url=facts.url,
        section=facts.section or _categories(document),
        language=facts.language,
    )


def _found(text: str) -> str:
    if not text:
        raise ArticleError("has no article text that can be found; save the article as .txt")
    return text


def _extract(tree: HtmlElement) -> Document | None:
    """Favour precision; short pages that give nothing so are read once more with recall."""
    from trafilatura import bare_extraction

    for precise in (True, False):
        found = bare_extraction(
            deepcopy(tree),
            include_comments=False,
            favor_precision=precise,
            favor_recall=not precise,
            with_metadata=True,
        )
        if found is not None and not isinstance(found, dict) and found.text:
            return found
    return None


def _flatten_layout(tree: HtmlElement) -> None:
    """Make blocks of tables that hold whole columns of a page, as old pages are laid out."""
    for table in list(tree.iter("table")):
        cells = [cell for cell in table.iter("td") if _is_column(cell)]
        if cells:
            for part in table.iter("table", "tbody", "thead", "tr", "td", "th"):
                part.tag = "div"


def _is_column(cell: HtmlElement) -> bool:
    return len(list(cell.iter("p", "h1", "h2", "h3", "div", "table"))) >= _MIN_BLOCKS


def _guard_joiners(tree: HtmlElement, page: str) -> None:
    """Put marks in place of the joiners inside Persian words, which trafilatura takes out."""
    if page.isascii() or not any(joiner in page for joiner in _JOINERS.values()):
        return
    guard = str.maketrans({joiner: mark for mark, joiner in _JOINERS.items()})
    for element in tree.iter():
        element.text = element.text and element.text.translate(guard)
        element.tail = element.tail and element.tail.translate(guard)


def _text(document: Document | None, facts: PageFacts) -> str:
    """Take what the page shows, unless it repeats much more of the article for machines."""
    shown = ((document and document.text) or "").translate(_GUARDED).strip()
    repeated = facts.article.body
    return repeated if len(shown) < _MUCH_LESS * len(repeated) else shown


def _author(document: Document | None) -> str | None:
    return ((document and document.author) or "").replace("; ", ", ") or None


def _categories(document: Document | None) -> str | None:
    return ", ".join((document and document.categories) or []) or None
