from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain import Article, Filters
from ingest.index.catalog import ArticleKey
from ingest.index.reader import IndexReader
from ingest.index.rows import Revision, StoredArticle
from service import browse
from service.domain import Coverage
from service.errors import ArticleNotFound, InvalidQuestion
from service.holdings import OutletCount


class FakeReader:
    """Knows of each article what the catalog's keys say."""

    number = 7
    manifest = SimpleNamespace(passages=23, embedder=SimpleNamespace(name="fake"))

    def __init__(self, keys: Sequence[ArticleKey]) -> None:
        self.articles_by_id = {key.article_id: key for key in keys}
        self.stories = {key.story_id: [key.article_id] for key in keys}
        self.outlets = Counter(key.outlet for key in keys if key.outlet)
        firsts = [date.fromordinal(key.first_day) for key in keys if key.first_day]
        lasts = [date.fromordinal(key.last_day) for key in keys if key.last_day]
        self.days = (min(firsts, default=None), max(lasts, default=None))

    def article(self, article_id: str) -> StoredArticle | None:
        return self.articles([article_id]).get(article_id)

    def articles(self, ids: Sequence[str]) -> dict[str, StoredArticle]:
        keys = [self.articles_by_id[one] for one in ids if one in self.articles_by_id]
        return {key.article_id: _stored(key) for key in keys}

    def revisions(self, article_id: str) -> list[Revision]:
        return [Revision(article_id, "2025-12-18T09:00:00.000+00:00", "2025-12-17", None)]

    def also_in(self, article_id: str, _filters: Filters) -> list[str]:
        return [f"copy of {article_id}"]


def _stored(key: ArticleKey) -> StoredArticle:
    article = Article(key.article_id, "Ships came.", "Harbour", "/a.txt", "f", outlet=key.outlet)
    return StoredArticle(article, key.story_id, key.passages)


def key(
    article_id: str, outlet: str | None = "Ledger", days: tuple[date, date] | None = None
) -> ArticleKey:
    first, last = (day.toordinal() for day in days) if days else (None, None)
    return ArticleKey(article_id, outlet, first, last, f"s{article_id}", 2)


def reader(*keys: ArticleKey) -> IndexReader:
    return cast(IndexReader, FakeReader(keys))


def pages(of: IndexReader, limit: int, outlet: str | None = None) -> list[list[str]]:
    """Follow the cursors to the end, which a page for each article would reach."""
    found: list[list[str]] = []
    cursor = None
    for _ in range(len(of.articles_by_id) + 1):
        page = browse.article_page(of, limit, cursor, outlet)
        found.append([one.article_id for one in page.articles])
        cursor = page.next
        if cursor is None:
            break
    return found


@given(st.integers(0, 25), st.integers(1, 10))
def test_the_pages_joined_are_all_articles_once_and_in_order(count: int, limit: int) -> None:
    ids = [f"{n:04x}" for n in range(count)]

    found = pages(reader(*map(key, ids)), limit)

    assert [one for page in found for one in page] == ids
    assert all(len(page) == limit for page in found[:-1])
    assert count == 0 or 1 <= len(found[-1]) <= limit


def test_the_last_page_names_no_next_even_when_it_is_full() -> None:
    page = browse.article_page(reader(key("a1"), key("b2")), 2, None, None)

    assert (len(page.articles), page.total, page.next) == (2, 2, None)


@pytest.mark.parametrize("asked", ["Evening Post", "EVENING POST", "evening post"])
def test_an_outlet_is_found_however_its_name_is_written(asked: str) -> None:
    of = reader(key("a1"), key("b2", "Evening Post"), key("c3", None), key("d4", "evening post"))

    assert pages(of, 1, asked) == [["b2"], ["d4"]]
    assert browse.article_page(of, 1, None, asked).total == 2


def test_an_outlet_that_no_article_has_gives_an_empty_page() -> None:
    page = browse.article_page(reader(key("a1"), key("c3", None)), 5, None, "Nobody")

    assert (page.articles, page.total, page.next) == ([], 0, None)


def test_a_page_goes_on_after_an_article_that_was_removed_meanwhile() -> None:
    page = browse.article_page(reader(key("a1"), key("c3")), 5, "b2", None)

    assert ([one.article_id for one in page.articles], page.total) == (["c3"], 2)


@pytest.mark.parametrize("cursor", ["", " ", "../a1", "a1 ", "a-1", "é1", "\u0661"])
def test_a_cursor_that_was_never_given_out_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidQuestion) as caught:
        browse.article_page(reader(key("a1")), 5, cursor, None)

    assert caught.value.code == "invalid_cursor"


def test_coverage_goes_from_the_first_day_to_the_last_and_counts_the_undated() -> None:
    month = (date(2025, 12, 1), date(2025, 12, 31))
    day = (date(2025, 12, 17), date(2025, 12, 17))

    found = browse.coverage(reader(key("a1", days=day), key("b2"), key("c3", days=month)))

    assert found == Coverage(first="2025-12-01", last="2025-12-31", articles=3)


@pytest.mark.parametrize("keys", [(), (key("a1"), key("b2"))])
def test_an_index_without_dates_covers_no_period(keys: tuple[ArticleKey, ...]) -> None:
    assert browse.coverage(reader(*keys)) == Coverage(first=None, last=None, articles=len(keys))


def test_outlets_are_counted_the_largest_first_and_equal_ones_by_name() -> None:
    names = ["Post", "Ledger", None, "Courier", "Ledger"]
    of = reader(*[key(f"a{n}", name) for n, name in enumerate(names)])

    counted = browse.stats(of, "extractive", []).outlets

    assert counted == [
        OutletCount(name="Ledger", articles=2),
        OutletCount(name="Courier", articles=1),
        OutletCount(name="Post", articles=1),
    ]


def test_stats_tell_what_is_there_and_what_serves_it() -> None:
    day = (date(2025, 3, 4), date(2025, 3, 4))

    found = browse.stats(reader(key("a1", days=day), key("b2")), "openai", ["Who?"])

    assert (found.articles, found.stories, found.passages) == (2, 2, 23)
    assert (found.first, found.last) == ("2025-03-04", "2025-03-04")
    assert (found.generation, found.embedder, found.writer) == (7, "fake", "openai")
    assert found.examples == ["Who?"]


def test_an_article_comes_with_its_text_and_its_copies() -> None:
    found = browse.article(reader(key("a1", None)), "a1")

    assert (found.article_id, found.outlet, found.text) == ("a1", None, "Ships came.")
    assert (found.story_id, found.passages, found.also_in) == ("sa1", 2, ["copy of a1"])
    [update] = found.updated
    assert (update.earlier_published_at, update.published_at) == ("2025-12-17", None)


def test_an_id_that_no_article_has_is_told_and_cut() -> None:
    with pytest.raises(ArticleNotFound, match=r"no article has the id 'x{64}'$"):
        browse.article(reader(key("a1")), "x" * 1000)
