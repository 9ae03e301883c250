"""What a page states about its article: JSON-LD, OpenGraph, and the meta names that sites use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urljoin

from lxml import etree

from ingest import dates
from ingest.read.linked_data import article_of, is_address

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
_DATE += ("dcterms.issued",)
# They may as well say when the page was made.
_ANY_DATE = ("dc.date.created", "dcterms.created", "dc.date", "date")
_SECTION = ("article:section", "parsely-section", "dc.subject", "section")
_LANGUAGE = ("og:locale", "dc.language", "dcterms.language", "citation_language", "language")
_TITLE_END = re.compile(r"(?:\s[-\u2013\u2014]|\s*(?:[|\u00b7»:]|::))\s*$")
_MARK_CHARS = 8
_SCOPE = "itemscope"


class PageFacts:
    """The statements of one page; each is None where the page makes none."""

    def __init__(self, page: Element, url: str | None) -> None:
        """Read the head of a page; `url` is the address it came from."""
        self._page = page
        self._url = url
        self._scope = _own_scope(page)
        self._meta = self._metas()
        own = {self._canonical, url} - {None}
        self.article = article_of(page, url, [address for address in own if address])

    @property
    def title(self) -> str | None:
        """The headline without the name of the outlet behind it."""
        stated = self.article.text("headline") or self._first(_TITLE)
        return stated and without_outlet(stated, self.outlet)

    @property
    def outlet(self) -> str | None:
        """The name of the publisher or site."""
        return self.article.text("publisher") or self._first(_OUTLET)

    @property
    def author(self) -> str | None:
        """Their names, parted by commas; profile addresses are no names."""
        linked = self.article.text("author")
        if linked:
            return linked
        lists = (self._meta.get(name, []) for name in _AUTHOR)
        names = ([value for value in values if not is_address(value)] for values in lists)
        return next((", ".join(dict.fromkeys(found)) for found in names if found), None)

    @property
    def published(self) -> str | None:
        """The date on which the article first appeared, as the page writes it."""
        marked = _attributes(self._times("//time[@itemprop='datePublished' or @pubdate]"))
        times = marked or _attributes(self._elements("//article//time"))
        only = times[:1] if len(set(times)) == 1 else []
        linked = self.article.text("datePublished")
        surest = [*self._all(_DATE), *([linked] if linked else [])]
        stated = [*surest, *(marked and only), *self._all(_ANY_DATE), *only]
        return next(filter(dates.parse, stated), None) or next(iter(stated), None)

    @property
    def url(self) -> str | None:
        """The address that the page calls its own."""
        return self._canonical or self._joined(self.article.address) or self._url

    @property
    def section(self) -> str | None:
        """The part of the paper."""
        return self.article.text("articleSection") or self._first(_SECTION)

    @property
    def language(self) -> str | None:
        """A language tag."""
        stated = _attributes(self._elements("/html"), "lang")
        return next(iter(stated), None) or self.article.text("inLanguage") or self._first(_LANGUAGE)

    @property
    def _canonical(self) -> str | None:
        links = _attributes(self._elements("//link[@rel='canonical']"), "href")
        return self._joined(next(iter([*links, *self._meta.get("og:url", [])]), None))

    def _joined(self, address: str | None) -> str | None:
        try:
            return urljoin(self._url or "", address) if address else None
        except ValueError:
            return None

    def _first(self, names: Iterable[str]) -> str | None:
        return next(iter(self._all(names)), None)

    def _all(self, names: Iterable[str]) -> list[str]:
        return [self._meta[name][0] for name in names if name in self._meta]

    def _metas(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for meta in self._page.iter(etree.Element):
            value = (meta.get("content") or "").strip()
            name = meta.get("property") or meta.get("name")
            if value and not name and self._is_own(meta):
                name = meta.get("itemprop")
            if value and name:
                found.setdefault(name.strip().lower(), []).append(value)
        return found

    def _times(self, path: str) -> list[Element]:
        return [time for time in self._elements(path) if self._is_own(time)]

    def _is_own(self, element: Element) -> bool:
        """Tell whether microdata speaks of the page's article, not of a teaser or a person."""
        around = (e for e in element.iterancestors() if e.get(_SCOPE) is not None)
        scope = next(around, None)
        return scope is None or scope is self._scope or scope.tag in ("html", "body")

    def _elements(self, path: str) -> list[Element]:
        found = self._page.xpath(path)
        return [e for e in found if isinstance(e, Element)] if isinstance(found, list) else []


def without_outlet(title: str, outlet: str | None) -> str:
    """Return a title without ` | Outlet` at its end."""
    if not outlet or not title.casefold().endswith(outlet.casefold()):
        return title
    rest = title[: -len(outlet)]
    mark = _TITLE_END.search(rest[-_MARK_CHARS:])
    bare = rest[: -len(mark[0])].strip() if mark else ""
    return bare or title


def _own_scope(page: Element) -> Element | None:
    """Return the one article in microdata that has the heading of the page in it, if it is one."""
    scopes = (e for e in page.iter(etree.Element) if e.get(_SCOPE) is not None)
    articles = (e for e in scopes if (e.get("itemtype") or "").endswith(("Article", "Posting")))
    headed = [e for e in articles if next(e.iter("h1"), None) is not None]
    return headed[0] if len(headed) == 1 else None


def _attributes(elements: Iterable[Element], name: str = "datetime") -> list[str]:
    values = ((element.get(name) or "").strip() for element in elements)
    return [value for value in values if value]
