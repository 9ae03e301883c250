from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain import Filters
from ingest.index.catalog import ArticleKey
from ingest.index.filtering import ArticleTable

DAY = st.dates(date(2025, 1, 1), date(2025, 1, 12))
OUTLET = st.sampled_from(["Post", "POST", "Straße", "strasse", "Lantern"])


def key(
    name: str = "a",
    outlet: str | None = "Post",
    first: date | None = None,
    last: date | None = None,
) -> ArticleKey:
    days = [day.toordinal() if day else None for day in (first, last or first)]
    return ArticleKey(name, outlet, days[0], days[1], name, 3)


@st.composite
def keys(draw: st.DrawFn) -> list[ArticleKey]:
    made = []
    for n in range(draw(st.integers(0, 8))):
        days = draw(st.none() | st.lists(DAY, min_size=2, max_size=2))
        first, last = sorted(days) if days else (None, None)
        made.append(key(f"a{n}", draw(st.none() | OUTLET), first, last))
    return made


def lets(filters: Filters, one: ArticleKey) -> bool:
    return ArticleTable([one]).lets(filters, one.article_id)


FILTERS = st.builds(
    Filters,
    outlets=st.lists(OUTLET, max_size=2).map(tuple),
    published_after=st.none() | DAY,
    published_before=st.none() | DAY,
    as_of=st.none() | DAY,
    undated=st.booleans(),
)


def expected(filters: Filters, one: ArticleKey) -> bool:
    """Say it once more, a filter at a time."""
    names = {name.casefold() for name in filters.outlets}
    if names and (one.outlet is None or one.outlet.casefold() not in names):
        return False
    if one.first_day is None or one.last_day is None:
        return filters.undated or not filters.asks_for_days
    if filters.undated:
        return False
    after, last = filters.published_after, filters.last_day
    return not (
        (after and one.first_day < after.toordinal()) or (last and one.last_day > last.toordinal())
    )


@given(keys(), FILTERS)
def test_filters_let_through_what_the_rule_says(of: list[ArticleKey], filters: Filters) -> None:
    table = ArticleTable(of)
    mask = table.counting(filters)

    kept = [one for one in of if expected(filters, one)]
    assert table.ids(mask) == [one.article_id for one in kept]
    assert table.passages(mask) == 3 * len(kept)
    assert [one for one in of if table.lets(filters, one.article_id)] == kept


@pytest.mark.parametrize(
    ("filters", "counts"),
    [
        (Filters(published_after=date(2025, 12, 1)), True),
        (Filters(published_after=date(2025, 12, 2)), False),
        (Filters(published_before=date(2025, 12, 31)), True),
        (Filters(published_before=date(2025, 12, 30)), False),
        (Filters(as_of=date(2025, 12, 30), published_before=date(2026, 1, 1)), False),
        (Filters(undated=True), False),
    ],
)
def test_a_month_counts_when_all_of_it_lies_inside(filters: Filters, counts: bool) -> None:
    assert lets(filters, key(first=date(2025, 12, 1), last=date(2025, 12, 31))) is counts


@pytest.mark.parametrize(
    ("filters", "counts"),
    [
        (Filters(), True),
        (Filters(undated=True), True),
        (Filters(undated=True, as_of=date(2025, 1, 1)), True),
        (Filters(published_after=date.min), False),
        (Filters(published_before=date.max), False),
        (Filters(as_of=date.max), False),
    ],
)
def test_an_undated_article_counts_only_when_no_day_is_asked_for(
    filters: Filters, counts: bool
) -> None:
    assert lets(filters, key()) is counts
