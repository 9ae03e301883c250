"""What a page states about its article: JSON-LD, OpenGraph, and the meta names that sites use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urljoin, urlsplit

from lxml import etree

from ingest.read import linked_data

Element = etree._Element

# Of each, the surest first.
_TITLE: tuple[str, ...] = (
    "og:title",
    "citation_title",
    "parsely-title",
    "dc.title",
    "dcterms.title",
)
_TITLE += ("sailthru.title", "twitter:title", "headline")
_OUTLET: tuple[str, ...] = (
    "og:site_name",
    "citation_publisher",
    "citation_journal_title",
    "dc.publisher",
)
_OUTLET += ("dcterms.publisher", "publisher", "application-name")
_AUTHOR: tuple[str, ...] = (
    "citation_author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
)
_AUTHOR += ("author", "article:author", "byl")
_DATE: tuple[str, ...] = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publication_date",
)
_DATE += ("pubdate", "publishdate", "publish-date", "publish_date", "parsely-pub-date")
_DATE += ("sailthru.date", "citation_publication_date", "citation_date", "dc.date.issued")
_DATE += ("dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "date")
_SECTION = ("article:section", "parsely-section", "dc.subject", "section")
_LANGUAGE = ("og:locale", "dc.language", "dcterms.language", "citation_language", "language")
_TITLE_END = re.compile(r"(?:\s[-\u2013\u2014]|\s*(?:[|\u00b7»:]|::))\s*$")
_MARK_CHARS = 8


class PageFacts:
    """The statements of one page; each is None where the page makes none."""

    def __init__(self, page: Element, url: str | None) -> None:
        """Read the head of a page; `url` is the address it came from."""
        self._page = page
        self._url = url
        self._meta = _metas(page)
        self.article = linked_data.article_of(page)

    @property
    def title(self) -> str | None:
        """The headline without the name of the outlet behind it."""
        stated = self._linked("headline") or self._first(_TITLE)
        return stated and without_outlet(stated, self.outlet)

    @property
    def outlet(self) -> str | None:
        """The name of the publisher or site."""
        return self._linked("publisher") or self._first(_OUTLET)

    @property
    def author(self) -> str | None:
        """Their names, parted by commas; profile addresses are no names."""
        linked = self._linked("author")
        if linked and not _is_address(linked):
            return linked
        lists = (self._meta.get(name, []) for name in _AUTHOR)
        names = ([value for value in values if not _is_address(value)] for values in lists)
        return next((", ".join(dict.fromkeys(found)) for found in names if found), None)

    @property
    def published(self) -> str | None:
        """The date on which the article first appeared, as the page writes it."""
        times = _attributes(
            self._page, "//time[@itemprop='datePublished' or @pubdate]/@datetime"
        ) or _attributes(self._page, "//article//time/@datetime")
        only = next(iter(set(times))) if len(set(times)) == 1 else None
        return self._first(_DATE) or self._linked("datePublished") or only

    @property
    def url(self) -> str | None:
        """The address that the page calls its own."""
        links = _attributes(self._page, "//link[@rel='canonical']/@href")
        stated = [*links, *self._meta.get("og:url", [])]
        linked = self._linked("url") or self._linked("mainEntityOfPage")
        found = next(filter(None, [*stated, linked]), None)
        return urljoin(self._url or "", found) if found else self._url

    @property
    def section(self) -> str | None:
        """The part of the paper."""
        return self._linked("articleSection") or self._first(_SECTION)

    @property
    def language(self) -> str | None:
        """A language tag."""
        stated = _attributes(self._page, "/html/@lang")
        return next(iter(stated), None) or self._linked("inLanguage") or self._first(_LANGUAGE)

    def _first(self, names: Iterable[str]) -> str | None:
        return next((self._meta[name][0] for name in names if name in self._meta), None)

    def _linked(self, name: str) -> str | None:
        return linked_data.text(self.article.get(name))


def without_outlet(title: str, outlet: str | None) -> str:
    """Return a title without ` | Outlet` at its end."""
    if not outlet or not title.casefold().endswith(outlet.casefold()):
        return title
    rest = title[: -len(outlet)]
    mark = _TITLE_END.search(rest[-_MARK_CHARS:])
    bare = rest[: -len(mark[0])].strip() if mark else ""
    return bare or title


def _metas(page: Element) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in page.iter(etree.Element):
        value = (meta.get("content") or "").strip()
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if value and name:
            found.setdefault(name.strip().lower(), []).append(value)
    return found


def _attributes(page: Element, path: str) -> list[str]:
    found = page.xpath(path)
    return (
        [str(value).strip() for value in found if str(value).strip()]
        if isinstance(found, list)
        else []
    )


def _is_address(value: str) -> bool:
    return urlsplit(value).scheme in ("http", "https")
