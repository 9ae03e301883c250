"""Which of a page's many statements are about its own article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.domain import RawArticle
from ingest.read import read

OWN = "https://coast.example/ferry"
OTHER = "https://coast.example/bridge"
META = f'<meta property="og:title" content="Ferry aground"><link rel="canonical" href="{OWN}">'
BODY = "<p>A ferry with ninety people on board ran aground off the cape on Monday.</p>"
TEASER = {
    **{"@type": "NewsArticle", "headline": "Bridge opens", "url": OTHER},
    **{"datePublished": "2020-01-01", "author": {"name": "Bo Li"}},
}


def _read(path: Path, head: str, body: str = BODY) -> RawArticle:
    page = f"<html><head>{head}</head><body><article><h1>Ferry</h1>{body}</article></body></html>"
    (path / "a.html").write_text(page)
    [article] = read(path / "a.html")
    assert isinstance(article, RawArticle)
    return article


def _script(*data: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(d)}</script>' for d in data)


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "ItemList", "itemListElement": [{"item": TEASER}]},
        {"@type": "WebPage", "mentions": [TEASER]},
        {"@type": "WebPage", "hasPart": TEASER},
        {"@type": "WebPage", "isPartOf": TEASER},
        {"@type": "WebPage", "relatedLink": [TEASER]},
        [TEASER, {**TEASER, "url": OTHER + "2"}],
    ],
)
@pytest.mark.parametrize("head", [META, '<meta property="og:title" content="Ferry aground">'])
def test_an_article_that_a_page_only_lists_is_not_its_own(
    tmp_path: Path, data: object, head: str
) -> None:
    found = _read(tmp_path, head + _script(data))
    assert (found.title, found.published, found.author) == ("Ferry aground", None, None)
    assert found.url in (OWN, None)


@pytest.mark.parametrize(
    "own",
    [
        {"url": OWN},
        {"@id": "http://www.coast.example/ferry/#article"},
        {"mainEntityOfPage": {"@type": "WebPage", "@id": OWN, "name": "x"}},
        {"mainEntityOfPage": OWN},
    ],
)
def test_of_several_articles_the_one_with_the_address_of_the_page_is_taken(
    tmp_path: Path, own: dict[str, object]
) -> None:
    article = {"@type": "NewsArticle", "headline": "Ferry", "datePublished": "2024-03-05", **own}
    found = _read(tmp_path, META + _script(TEASER, {"@graph": [article]}))
    assert (found.title, found.published, found.url) == ("Ferry", "2024-03-05", OWN)


def test_what_a_page_is_about_is_its_own_article(tmp_path: Path) -> None:
    data = {"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "Ferry", "url": OWN}}
    found = _read(tmp_path, _script(data))
    assert (found.title, found.url) == ("Ferry", OWN)


def test_microdata_of_a_teaser_is_not_about_the_page(tmp_path: Path) -> None:
    teaser = (
        '<aside itemscope itemtype="https://schema.org/NewsArticle"><h3>Bridge opens</h3>'
        '<meta itemprop="headline" content="Bridge opens"><meta itemprop="author" content="Bo Li">'
        '<time itemprop="datePublished" datetime="2020-01-01"></time>'
        '<meta itemprop="datePublished" content="2020-01-01"></aside>'
    )
    head = f"<title>Ferry aground</title>{_script({'@type': 'Article', 'author': 'Ana Ruiz'})}"
    found = _read(tmp_path, head.replace("</head>", ""), f"</article>{teaser}<article>{BODY}")
    assert (found.published, found.author) == (None, "Ana Ruiz")
    assert found.title != "Bridge opens"


def test_microdata_of_the_article_with_the_heading_is_about_the_page(tmp_path: Path) -> None:
    own = '<div itemscope itemtype="https://schema.org/NewsArticle"><h1>Ferry</h1>'
    own += f'<meta itemprop="datePublished" content="2024-03-05">{BODY}</div>'
    assert _read(tmp_path, META, own).published == "2024-03-05"


@pytest.mark.parametrize("publisher", [{"@id": OWN + "#o"}, OWN + "#o", [{"@id": OWN + "#o"}]])
def test_an_outlet_given_by_its_place_in_the_graph_is_named(
    tmp_path: Path, publisher: object
) -> None:
    article = {"@type": "Article", "publisher": publisher, "author": [{"@id": "#p"}]}
    outlet = {"@type": "Organization", "@id": OWN + "#o", "name": "Coast Daily", "url": OWN}
    person = {"@type": "Person", "@id": "#p", "name": "Ana Ruiz"}
    found = _read(tmp_path, META + _script({"@graph": [article, outlet, person]}))
    assert (found.outlet, found.author) == ("Coast Daily", "Ana Ruiz")


def test_an_outlet_that_is_only_an_address_is_none(tmp_path: Path) -> None:
    script = _script({"@type": "Article", "publisher": {"@id": OWN}})
    meta = '<meta property="og:site_name" content="Coast Daily">'
    assert _read(tmp_path, META + meta + script).outlet == "Coast Daily"


@pytest.mark.parametrize("weak", ["date", "dc.date", "dcterms.created"])
def test_a_date_that_may_be_that_of_the_page_gives_way_to_json_ld(
    tmp_path: Path, weak: str
) -> None:
    meta = f'<meta name="{weak}" content="2026-07-01">'
    script = _script({"@type": "Article", "datePublished": "2024-03-05"})
    assert _read(tmp_path, META + meta + script).published == "2024-03-05"
    assert _read(tmp_path, META + meta).published == "2026-07-01"


def test_a_date_that_cannot_be_read_hides_none_that_can(tmp_path: Path) -> None:
    meta = '<meta property="article:published_time" content="{{ date }}">'
    script = _script({"@type": "Article", "datePublished": "2024-03-05"})
    assert _read(tmp_path, META + meta + script).published == "2024-03-05"
