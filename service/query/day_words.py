"""Where a text names days: the forms that dates and periods have in English."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from service.query.days import COUNTS, READERS, Days

_FULL_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
_MONTH = rf"(?:{_FULL_MONTH}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
# Words of other meanings, unless written with a capital or beside a year.
_ALSO_WORDS = frozenset({"may", "march", "mar", "jan", "dec"})
_YEAR = r"(?:1[5-9]|20)\d\d(?![\w%]|[.,]\d)"
_FIRST_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_DAY = rf"{_FIRST_DAY}(?![\w%]|[.:]\d|,\d(?!\d{{3}}\b))"
_THROUGH = r"(?: ?[-–—] ?| to | and | through )"
_FROM_DAY = rf"(?:(?P<from>{_FIRST_DAY}){_THROUGH}(?:the )?)?"
_PART = r"(?:(?:the )?(?P<part>early|mid|late|beginning of|start of|end of)[ -](?:in )?(?:the )?)?"
_COUNT = rf"(?P<count>an?|\d{{1,3}}|{'|'.join(COUNTS)}|(?:a )?few|a couple of|several)"
_UNIT = r"(?P<unit>hour|day|week|month|year)"
_WEEKDAY = r"(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_FORMS = {
    "iso": r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])",
    "iso_month": r"(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])(?![\w-])",
    "digits": r"(?P<a>\d{1,2})(?P<mark>[/.])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4})(?![\w/])",
    "day_month": rf"(?:the )?{_FROM_DAY}(?P<d>{_FIRST_DAY})(?: of)?[ -](?P<month>{_MONTH})"
    rf"(?:(?:,? |-)(?P<y>{_YEAR}))?",
    "month_day": rf"(?P<month>{_MONTH}) (?:the )?{_FROM_DAY}(?P<d>{_DAY})"
    rf"(?:,? ?(?P<y>(?<=[ ,]){_YEAR}))?",
    "month_year": rf"{_PART}(?P<month>{_MONTH})(?:,? | of )(?P<y>{_YEAR})",
    "month": rf"{_PART}(?P<month>{_FULL_MONTH})",
    "quarter": r"(?:the )?(?:(?P<letter>[qh])(?P<n>[1-4])"
    r"|(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th) (?P<what>quarter|half))"
    rf"(?:,? | of )(?P<y>{_YEAR})",
    "season_year": rf"(?:the )?{_SEASON}(?: of)? (?P<y>{_YEAR})",
    "ago": rf"{_COUNT} {_UNIT}s? ago\b",
    "window": r"(?:the (?:past|last) |(?:past|last) (?=\d|[a-z ]+ [a-z]+s\b))"
    rf"(?:{_COUNT} )?{_UNIT}s?\b",
    "turned": r"(?P<turn>last|this|next|past) (?:(?P<unit>weekend|week|month|year|quarter"
    rf"|night|morning|afternoon|evening)\b|{_SEASON}\b|{_WEEKDAY}|(?P<month>{_FULL_MONTH}))",
    "word": r"(?P<word>(?:the )?day before yesterday|yesterday|today|tonight|tomorrow)\b",
    "weekday": _WEEKDAY,
    "decade": r"(?:the )?(?P<y>(?:1[5-9]|20)\d0)s\b",
    "year": rf"{_PART}(?P<y>{_YEAR})(?:[-/](?P<short>\d\d)(?![\w/-]))?",
}
_EACH = {kind: re.compile(form, re.I) for kind, form in _FORMS.items()}
_NAMED_GROUP = re.compile(r"\?P<(?!mark>)[a-z]+>")
_ANY = re.compile(
    # Not a part of a longer number or word, and no amount of money.
    r"(?<![\w$€£#@])(?<!\d[.,:/])(?<!\b\d\d-)(?=[0-9abdefhjlmnopqstwy])(?:"
    + "|".join(f"(?P<{kind}>{_NAMED_GROUP.sub('?:', _FORMS[kind])})" for kind in READERS)
    + ")",
    re.I,
)
# One look is enough for most questions.
_GATE = re.compile(
    r"[0-9]{4}|[0-9][/.][0-9]|yesterday|today|tonight|tomorrow|[nsride]day\b"
    r"|\b(?:ago|last|this|next|past|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.I,
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[ -]$")
_CAPITAL_AFTER = re.compile(r" [A-Z]")
# What may stand before a day, or before a month that has neither day nor year.
_BEFORE_A_DAY = frozenset(
    {"about", "after", "and", "around", "before", "between", "by", "during", "for", "from", "in"}
    | {"into", "late", "of", "on", "over", "since", "through", "throughout", "till", "to", "until"}
)
_BEFORE_MAY = _BEFORE_A_DAY - {"by", "for", "of"}
_LOOK_BACK = 30
# "2,000 people" is no year, nor is "2000 people".
_COUNTED = re.compile(
    r" (?:more |other )?(?:people|persons|soldiers|troops|deaths|victims|children|men|women|dollars"
    r"|euros|pounds|miles|km|kilomet\w+|met\w+|tons|tonnes|jobs|homes|houses|workers|employees"
    r"|years|days|hours|minutes|points|votes|seats|per ?cent|million|billion|times)\b"
)


@dataclass(frozen=True)
class Expression:
    """Words that name days.

    Attributes:
        start: Where they begin in the text.
        end: Where they end.
        kind: Which form they have.
        lacks_year: The year is not written, and the latest was taken.
    """

    start: int
    end: int
    kind: str
    days: Days
    lacks_year: bool = False

    def in_year(self, text: str, today: date, year: int) -> Expression:
        """Return the expression with a year that stands near it; as it is, when it has its own."""
        found = _EACH[self.kind].match(text, self.start) if self.lacks_year else None
        days = _read(self.kind, found, today, year) if found else None
        return replace(self, days=days, lacks_year=False) if days else self


def expressions(text: str, today: date) -> list[Expression]:
    """Return the expressions of a text in order; they do not overlap.

    Args:
        text: Of any length.
        today: What "yesterday" and a day without its year are counted back from.
    """
    if not _GATE.search(text):
        return []
    return [e for match in _ANY.finditer(text) if (e := _expression(text, match, today))]


def _expression(text: str, match: re.Match[str], today: date) -> Expression | None:
    kind = match.lastgroup or ""
    found = _EACH[kind].match(text, match.start())
    if not found or not _is_meant(found, kind):
        return None
    days = _read(kind, found, today, None)
    if days is None:
        return None
    lacks_year = kind in ("day_month", "month_day", "month") and not found.groupdict().get("y")
    return Expression(found.start(), found.end(), kind, days, lacks_year)


def _read(kind: str, found: re.Match[str], today: date, year: int | None) -> Days | None:
    # There is no 31 June, and no day before the year 1.
    try:
        return READERS[kind](found, today, year)
    except (ValueError, OverflowError):
        return None


def _is_meant(found: re.Match[str], kind: str) -> bool:
    """Tell days from names and words that are spelled like them."""
    parts = found.groupdict()
    if parts.get("y"):
        return kind != "year" or not _COUNTED.match(found.string, found.end())
    if kind in ("weekday", "word"):
        return not _is_in_a_name(found)
    name = (parts.get("month") or "").rstrip(".")
    also_word = name.casefold() in _ALSO_WORDS
    if also_word and not name[0].isupper():
        return False
    if kind == "month" and not parts["part"]:
        return _word_before(found).casefold() in (_BEFORE_MAY if also_word else _BEFORE_A_DAY)
    return not (parts.get("d") and _COUNTED.match(found.string, found.end()))


def _is_in_a_name(found: re.Match[str]) -> bool:
    """Tell "Black Friday", "Sunday Times" and "USA Today" from days."""
    before = _word_before(found)
    if not found[0][0].isupper() or before.casefold() in _BEFORE_A_DAY:
        return False
    return before[:1].isupper() or bool(_CAPITAL_AFTER.match(found.string, found.end()))


def _word_before(found: re.Match[str]) -> str:
    start = max(0, found.start() - _LOOK_BACK)
    before = _WORD_BEFORE.search(found.string, start, found.start())
    return before[1] if before else ""
