"""What days an expression of English names: one reader for each form of `service.query.day_words`.

`dateparser` reads most of them too, in half a millisecond each, which is as much as a whole search
by words takes; and it chooses a year, or between day and month, where a text leaves it open.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

Size = Literal["day", "week", "month", "year", "other"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4}
COUNTS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_VAGUE_COUNTS = {"a": 1, "an": 1, "": 1, "a couple of": 2, "few": 3, "a few": 3, "several": 5}
_DAYS_OF = {"hour": 0, "day": 1, "week": 7}
_MONTHS_A_YEAR = 12
_HOURS_A_DAY = 24


class Days(NamedTuple):
    """The days that an expression names, first and last included."""

    first: date
    last: date
    size: Size


Reader = Callable[[re.Match[str], date, int | None], Days | None]
"""Takes a match of the form, today, and the year to take where none is written (None: the latest).

Returns None for what names no days for sure. Raises ValueError or OverflowError for a day that
there is not.
"""


def _day(day: date) -> Days:
    return Days(day, day, "day")


def _days(first: date, last: date) -> Days | None:
    return Days(first, last, "other") if first < last else None


def _week(day: date) -> Days:
    monday = day - timedelta(days=day.weekday())
    return Days(monday, monday + timedelta(days=6), "week")


def _months(year: int, month: int, count: int = 1) -> Days:
    """Return `count` whole months; the first is counted from the January of `year`, as 1."""
    first = _first_of(year, month)
    last = _first_of(year, month + count) - timedelta(days=1)
    return Days(first, last, "month" if count == 1 else "other")


def _first_of(year: int, month: int) -> date:
    return date(year + (month - 1) // _MONTHS_A_YEAR, (month - 1) % _MONTHS_A_YEAR + 1, 1)


def _years(year: int, count: int = 1) -> Days:
    last = date(year + count - 1, 12, 31)
    return Days(date(year, 1, 1), last, "year" if count == 1 else "other")


def _part_of(days: Days, part: str | None) -> Days:
    """Return the first, middle or last third of a month or year."""
    if not part:
        return days
    third = timedelta(days=((days.last - days.first).days + 1) // 3)
    early, late = days.first + third, days.last - third
    match part.casefold():
        case "mid":
            return Days(early, late, "other")
        case "late" | "end of":
            return Days(late + timedelta(days=1), days.last, "other")
        case _:
            return Days(days.first, early - timedelta(days=1), "other")


def _month_number(name: str) -> int:
    return 1 + _MONTHS.index(name[:3].casefold())


def _number(ordinal: str) -> int:
    return int(re.sub(r"\D", "", ordinal))


def _iso(found: re.Match[str], _today: date, _year: int | None) -> Days | None:
    return _day(date(int(found["y"]), int(found["m"]), int(found["d"])))


def _iso_month(found: re.Match[str], _today: date, _year: int | None) -> Days | None:
    # "2009-10" is a season.
    if int(found["m"]) == int(found["y"][2:]) + 1:
        return _years(int(found["y"]), 2)
    return _months(int(found["y"]), int(found["m"]))


def _digits(found: re.Match[str], _today: date, _year: int | None) -> Days | None:
    year, a, b = int(found["y"]), int(found["a"]), int(found["b"])
    # Written with points only where the day comes first.
    day_first = found["mark"] == "." or a > _MONTHS_A_YEAR
    if not day_first and b <= _MONTHS_A_YEAR and a != b:
        return None
    return _day(date(year, b, a) if day_first else date(year, a, b))


def _named_day(found: re.Match[str], today: date, year: int | None) -> Days | None:
    month, number = _month_number(found["month"]), _number(found["d"])
    written = int(found["y"]) if found["y"] else year
    last = date(written, month, number) if written else _latest(month, number, today)
    if not found["from"]:
        return _day(last)
    return _days(last.replace(day=_number(found["from"])), last)


def _latest(month: int, number: int, today: date) -> date:
    """Return the latest such day that is not after today."""
    # 29 February comes once in eight years at the least.
    for year in range(today.year, today.year - 9, -1):
        is_over = year < today.year or (month, number) <= (today.month, today.day)
        if is_over and 1 <= number <= monthrange(year, month)[1]:
            return date(year, month, number)
    raise ValueError(f"month {month} has no day {number}")


def _named_month(found: re.Match[str], today: date, year: int | None) -> Days | None:
    parts, month = found.groupdict(), _month_number(found["month"])
    begun = today.year - (month > today.month)
    return _part_of(_months(int(parts.get("y") or year or begun), month), parts.get("part"))


def _quarter(found: re.Match[str], _today: date, _year: int | None) -> Days | None:
    nth = found["n"] or _NTH.get(found["nth"].casefold()) or found["nth"][0]
    months = 3 if (found["letter"] or found["what"])[0] in "qQ" else 6
    number = int(nth)
    if number * months > _MONTHS_A_YEAR:
        return None
    return _months(int(found["y"]), months * (number - 1) + 1, months)


def _season(found: re.Match[str], _today: date, _year: int | None) -> Days | None:
    """Return a northern season; "winter 2023" may be either of two and is taken for both."""
    year, month = int(found["y"]), _SEASONS[found["season"].casefold()]
    if found["season"].casefold() == "winter":
        return _months(year - 1, month, 15)
    return _months(year, month, 3)


def _count(written: str | None) -> int:
    text = (written or "").casefold()
    if text in COUNTS:
        return 1 + COUNTS.index(text)
    return _VAGUE_COUNTS[text] if text in _VAGUE_COUNTS else int(text)


def _back(today: date, count: int, unit: str) -> date:
    if unit in _DAYS_OF:
        hours = count if unit == "hour" else 0
        return today - timedelta(days=count * _DAYS_OF[unit] + -(-hours // _HOURS_A_DAY))
    months = count * (_MONTHS_A_YEAR if unit == "year" else 1)
    first = _first_of(today.year, today.month - months)
    return first.replace(day=min(today.day, monthrange(first.year, first.month)[1]))


def _ago(found: re.Match[str], today: date, _year: int | None) -> Days | None:
    """Return the day, or the whole week, month or year that lies so far back."""
    unit = found["unit"].casefold()
    day = _back(today, _count(found["count"]), unit)
    match unit:
        case "week":
            return _week(day)
        case "month":
            return _months(day.year, day.month)
        case "year":
            return _years(day.year)
        case _:
            return _day(day)


def _window(found: re.Match[str], today: date, _year: int | None) -> Days | None:
    first = _back(today, _count(found["count"]), found["unit"].casefold())
    return Days(first, today, "other")


def _turned(found: re.Match[str], today: date, _year: int | None) -> Days | None:
    turn = {"this": 0, "next": 1}.get(found["turn"].casefold(), -1)
    if found["weekday"]:
        return _turned_weekday(found["weekday"], turn, today)
    if found["season"]:
        return _turned_season(found["season"].casefold(), turn, today)
    if found["month"]:
        month = _month_number(found["month"])
        over = today.year - (month >= today.month)
        return _months({0: today.year, 1: over + 1}.get(turn, over), month)
    return _turned_unit(found["unit"].casefold(), turn, today)


def _turned_unit(unit: str, turn: int, today: date) -> Days | None:
    match unit:
        case "week":
            return _week(today + timedelta(days=7 * turn))
        case "weekend":
            week = _week(today + timedelta(days=7 * turn))
            return Days(week.last - timedelta(days=1), week.last, "other")
        case "month":
            return _months(today.year, today.month + turn)
        case "quarter":
            return _months(today.year, today.month - (today.month - 1) % 3 + 3 * turn, 3)
        case "year":
            return _years(today.year + turn)
        case _:
            return _day(today + timedelta(days=turn))


def _turned_weekday(name: str, turn: int, today: date) -> Days | None:
    number = _WEEKDAYS.index(name[:3].casefold())
    if turn == 0:
        return _day(_week(today).first + timedelta(days=number))
    if turn > 0:
        return _day(today + timedelta(days=(number - today.weekday() - 1) % 7 + 1))
    return _day(today - timedelta(days=(today.weekday() - number - 1) % 7 + 1))


def _turned_season(name: str, turn: int, today: date) -> Days | None:
    this = _months(today.year, _SEASONS[name], 3)
    if turn == 0:
        return this
    year = today.year + (turn if turn > 0 else -(this.last >= today))
    return _months(year, _SEASONS[name], 3)


def _word(found: re.Match[str], today: date, _year: int | None) -> Days | None:
    word = found["word"].casefold()
    back = 2 if word.endswith("before yesterday") else {"yesterday": 1, "tomorrow": -1}.get(word, 0)
    return _day(today - timedelta(days=back))


def _weekday(found: re.Match[str], today: date, _year: int | None) -> Days | None:
    return _turned_weekday(found["weekday"], -1, today)


def _decade(found: re.Match[str], _today: date, _year: int | None) -> Days | None:
    return _years(int(found["y"]), 10)


def _bare_year(found: re.Match[str], _today: date, _hint: int | None) -> Days | None:
    year = int(found["y"])
    if not found["short"]:
        return _part_of(_years(year), found["part"])
    last = year - year % 100 + int(found["short"])
    return _years(year, last - year + 1) if last > year else _years(year)


READERS: Mapping[str, Reader] = {
    "iso": _iso,
    "iso_month": _iso_month,
    "digits": _digits,
    "day_month": _named_day,
    "month_day": _named_day,
    "month_year": _named_month,
    "month": _named_month,
    "quarter": _quarter,
    "season_year": _season,
    "ago": _ago,
    "window": _window,
    "turned": _turned,
    "word": _word,
    "weekday": _weekday,
    "decade": _decade,
    "year": _bare_year,
}
"""The reader of each form, in the order in which the forms are tried."""
