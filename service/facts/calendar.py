"""Days that a text names without their date: "on Monday", "yesterday", "last month"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta

from service.facts.quantities import Day

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RELATIVE = re.compile(
    r"\b(?:(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?P<near>today|tonight|yesterday|tomorrow|a day earlier|the day before))\b", re.I,
)  # fmt: skip
_NEAR = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_LAST = re.compile(r"\b(last|next) (year|month)\b", re.I)


def days_told(text: str, published: date | None) -> frozenset[Day]:
    """Return the days that a text speaks of, as seen from the day on which it was published.

    A weekday is the last one up to the day of publication, or the next one after it.
    """
    return frozenset() if published is None else frozenset(_seen_from(published, text))


def _seen_from(published: date, text: str) -> Iterable[Day]:
    for found in _RELATIVE.finditer(text):
        if found["near"]:
            yield from _days_from(published, _step(found))
            continue
        wanted = _WEEKDAYS.index(found[0].casefold())
        back = (published.weekday() - wanted) % 7
        yield from _days_from(published, -back, 7 - back)
    for found in _LAST.finditer(text):
        step = 1 if found[1].casefold() == "next" else -1
        # The day cannot be named in a claim: only year and month count.
        if found[2].casefold() == "year":
            yield Day(published.year + step, 0, 0)
        else:
            months = published.year * 12 + published.month - 1 + step
            yield Day(months // 12, months % 12 + 1, 0)


def near_days(text: str, published: date | None) -> frozenset[Day]:
    """Return the days that a text calls today, yesterday, tomorrow or a day earlier."""
    if published is None:
        return frozenset()
    steps = [_step(found) for found in _RELATIVE.finditer(text) if found["near"]]
    return frozenset(_days_from(published, *steps))


def _step(found: re.Match[str]) -> int:
    return _NEAR.get(found["near"].casefold(), -1)


def words_of_days(days: Iterable[Day]) -> frozenset[str]:
    """Return the weekdays of those days that have a year."""
    found = set()
    for day in days:
        try:
            found.add(_WEEKDAYS[date(day.year or 0, day.month, day.day).weekday()])
        except ValueError:
            continue
    return frozenset(found)


def _days_from(day: date, *steps: int) -> Iterator[Day]:
    """Yield the days so many days away, those that there are."""
    for step in steps:
        with suppress(OverflowError):
            other = day + timedelta(step)
            yield Day(other.year, other.month, other.day)
