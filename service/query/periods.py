"""What days a question speaks of, and whether as days of publication or of what happened."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from service.query.day_words import Expression, expressions
from service.query.publication import Role, role_of

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_LOOK_BACK = 40
_BETWEEN = re.compile(r"\b(?:between|from) (?:the )?$", re.I)
_AND = re.compile(r",? and (?:the )?", re.I)
_TO = re.compile(r" ?[-–—] ?|,? (?:to|through|until|till) (?:the )?", re.I)
_BOUND = re.compile(
    r"\b(?:(?P<since>since|starting(?: on| in)?)|(?P<after>after|following)"
    r"|(?P<before>before|prior to|ahead of)|(?P<until>until|till|by|up to|through)) (?:the )?$",
    re.I,
)
_FROM = re.compile(r"\bfrom (?:the )?$", re.I)
_ONWARDS = re.compile(r" (?:onwards?\b|on(?=$|[^\w\s]))", re.I)
# A year before a noun says which one is meant: "the 2019 World Cup".
_IN_A_YEAR = re.compile(
    r"\b(?:in|during|throughout|within|since|from|until|till|by|before|after|between|and|to) $",
    re.I,
)
_NO_NOUN = re.compile(
    r" ?(?:$|[^\w\s'’-]|(?:about|according|after|against|and|are|as|at|before|but|by|did|do|does"
    r"|for|from|had|has|have|he|if|in|into|is|it|of|on|or|over|say|says|said|she|that|the|they|to"
    r"|was|were|when|where|which|while|who|why|will|with|would)\b)",
    re.I,
)


@dataclass(frozen=True)
class Period:
    """A stretch of days that a question names.

    Attributes:
        start: Where it begins in the text; "since", "before" and the like belong to it.
        end: Where it ends.
        first: The first day, None when it is open.
        last: The last day, None when it is open.
        role: `published` when it says from when the articles are, else `mentioned`.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    role: Role


class _Stretch(NamedTuple):
    start: int
    end: int
    first: date | None
    last: date | None


def periods(text: str, today: date, outlets: Collection[str] = ()) -> list[Period]:
    """Return the periods that a question names, in order; they do not overlap.

    A day without its year is the latest that is not after today. "Last week" is the calendar week
    before, from Monday. What is one day here and another there, as 10/07/2023, is left out.

    Args:
        text: A question.
        today: The day on which it is asked, or its `as_of`.
        outlets: Names of outlets as they stand in the text; a day right after one is a day of
            publication.
    """
    found: list[Period] = []
    for stretch, attribute in _stretches(text, today):
        if found and stretch.start < found[-1].end:
            continue
        short = bool(stretch.first and stretch.last and stretch.last - stretch.first < 5 * _WEEK)
        role: Role = "mentioned"
        if not attribute:
            role = role_of(text, stretch.start, stretch.end, short, outlets)
        found.append(Period(*stretch, role))
    return found


def _stretches(text: str, today: date) -> Iterator[tuple[_Stretch, bool]]:
    """Yield each stretch, and whether it only tells one thing from others of its name."""
    pending = expressions(text, today)[::-1]
    while pending:
        one = pending.pop()
        joined = _range(text, today, one, pending[-1]) if pending else None
        if joined:
            pending.pop()
            yield joined, False
            continue
        attribute = _is_attribute(text, one)
        single = _attribute(one) if attribute else _single(text, one)
        if single:
            yield single, attribute


def _is_attribute(text: str, one: Expression) -> bool:
    if one.kind != "year" or _IN_A_YEAR.search(text, max(0, one.start - _LOOK_BACK), one.start):
        return False
    return not _NO_NOUN.match(text, one.end)


def _attribute(one: Expression) -> _Stretch:
    return _Stretch(one.start, one.end, one.days.first, one.days.last)


def _single(text: str, one: Expression) -> _Stretch | None:
    """Return the days of one expression, opened by a "since" or "before" in front of it."""
    near = max(0, one.start - _LOOK_BACK)
    onwards = _ONWARDS.match(text, one.end)
    if onwards and (start := _FROM.search(text, near, one.start)):
        return _Stretch(start.start(), onwards.end(), one.days.first, None)
    bound = _BOUND.search(text, near, one.start)
    if not bound:
        return _attribute(one)
    try:
        first, last = _opened(bound.lastgroup, one)
    except OverflowError:
        return None
    return _Stretch(bound.start(), one.end, first, last)


class _Limits(NamedTuple):
    first: date | None
    last: date | None


def _opened(bound: str | None, one: Expression) -> _Limits:
    match bound:
        case "since":
            return _Limits(one.days.first, None)
        case "after":
            return _Limits(one.days.last + _DAY, None)
        case "before":
            return _Limits(None, one.days.first - _DAY)
        case _:
            return _Limits(None, one.days.last)


def _range(text: str, today: date, one: Expression, other: Expression) -> _Stretch | None:
    """Return the days from one expression to the next, when the words between say so."""
    opening = _BETWEEN.search(text, max(0, one.start - _LOOK_BACK), one.start)
    gap = text[one.end : other.start]
    if not (_TO.fullmatch(gap) or (opening and _AND.fullmatch(gap))):
        return None
    first, last = _in_order(text, today, one, other)
    start = opening.start() if opening else one.start
    return _Stretch(start, other.end, first, last) if first <= last else None


class _Ends(NamedTuple):
    first: date
    last: date


def _in_order(text: str, today: date, one: Expression, other: Expression) -> _Ends:
    """Return both ends; of "from November to March 2024" the first is in the year before."""
    from_year = other.days.first.year
    if one.lacks_year:
        near = one.in_year(text, today, from_year)
        late = near.days.first > other.days.last
        one = one.in_year(text, today, from_year - 1) if late else near
    elif other.lacks_year:
        near = other.in_year(text, today, one.days.first.year)
        early = near.days.last < one.days.first
        other = other.in_year(text, today, one.days.first.year + 1) if early else near
    first = one.days.first
    if one.kind == "weekday" and first > other.days.last:
        first -= _WEEK
    return _Ends(first, other.days.last)
