"""Days that a text names as seen from its day of publication."""

from __future__ import annotations

from datetime import date

import pytest

from service.facts.calendar import days_told, near_days, words_of_days
from service.facts.quantities import Day

# A Wednesday.
DAY = date(2025, 12, 17)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on Tuesday", {Day(2025, 12, 16), Day(2025, 12, 23)}),
        ("on Wednesday", {Day(2025, 12, 17), Day(2025, 12, 24)}),
        ("yesterday", {Day(2025, 12, 16)}),
        ("today", {Day(2025, 12, 17)}),
        ("tomorrow", {Day(2025, 12, 18)}),
        ("last month", {Day(2025, 11, 0)}),
        ("next month", {Day(2026, 1, 0)}),
        ("last year", {Day(2024, 0, 0)}),
        ("in spring", set()),
    ],
)
def test_a_day_is_told_from_the_day_of_publication(text: str, days: set[Day]) -> None:
    assert days_told(text, DAY) == days


def test_without_a_day_of_publication_nothing_is_told() -> None:
    assert days_told("on Tuesday", None) == near_days("yesterday", None) == frozenset()


@pytest.mark.parametrize("end", [date.min, date.max])
def test_there_are_no_days_before_the_first_and_after_the_last(end: date) -> None:
    assert days_told("yesterday, today, tomorrow, on Monday, last month, next year", end)
    assert len(near_days("yesterday and tomorrow", end)) == 1


def test_days_with_a_year_have_a_weekday() -> None:
    days = [Day(2025, 12, 17), Day(None, 12, 18), Day(2025, 2, 31)]

    assert words_of_days(days) == {"wednesday"}
