"""Publication dates as people and programs write them; never a guess.

A date that can be read in two ways is kept only as far as both agree ("03/04/2024" is a day of
2024), and one without a year stays without.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from ingest.domain import Basis, Precision, PublicationDate

_EARLIEST_YEAR = 1700
_FAR_FUTURE = timedelta(days=366)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?\b"
_YEAR = r"(\d{4})\b"
_NAMED = (
    (re.compile(rf"\b{MONTH} ?{_DAY},? {_YEAR}", re.I), "mdy"),
    (re.compile(rf"\b{_DAY}[ -](?:of )?{MONTH},?[ -]{_YEAR}", re.I), "dmy"),
    (re.compile(rf"\b{MONTH},? {_YEAR}", re.I), "my"),
)
_FULL = (
    *(pattern for pattern, _ in _NAMED[:2]),
    re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?"),
)
_ANY_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_YEARLESS = re.compile(rf"\b(?:{MONTH} ?{_DAY}|{_DAY} (?:of )?{MONTH})(?!,? ?\d)", re.I)
_NUMBERS = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_RUN_TOGETHER = re.compile(r"\d{12}(?:\d\d)?")
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d+)?")
_MILLISECONDS_FROM = 10**11
_CLOCK = re.compile(
    r"\b(\d{1,2})(?:[:.](\d\d)(?::(\d\d))?)? ?(?:([ap])\.?m\b\.?)?"
    r" ?\(?(Z|[+-]\d\d:?\d\d|[A-Za-z]{2,5}\b)?\)?",
    re.I,
)
_ZONES = {
    **{"utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7},
    **{"mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3},
    **{"msk": 3, "trt": 3, "gst": 4, "irst": 3.5, "jst": 9, "kst": 9},
}
_BESIDE_A_DATE = re.compile(
    r"(?:\W|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:at|on|date|first|last|published|updated|posted|modified|created)\b)*",
    re.I,
)
_IN_A_NAME = (
    re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d\d)\2(\d\d)(?!\d)"),
    re.compile(r"(?:^|/)(\d{4})(/)(\d\d)/(\d\d)/[^/]*$"),
)

_MAX_DATE_CHARS = 200


def parse(value: str, basis: Basis = "metadata") -> PublicationDate | None:
    """Return the date that `value` states, times in UTC, or None when it states none for sure.

    A time without a zone is taken as UTC; midnight sharp stands for the day.
    """
    if len(value) > _MAX_DATE_CHARS:
        return None
    text = " ".join(value.split())
    for attempt in (_run_together, _epoch, _numbers, _iso, _named, _other_language):
        found = attempt(text)
        if found is not None:
            return replace(found, basis=basis) if _is_plausible(found) else None
    return None


def month_day_in(text: str) -> PublicationDate | None:
    """Return the day and month that `text` names with no year beside them, or None."""
    match = _YEARLESS.search(text)
    if not match:
        return None
    month, day = (match[1], match[2]) if match[1] else (match[4], match[3])
    # 2024 was a leap year: of a day without a year, 29 February is one.
    found = _date(2024, _MONTHS.index(month[:3].lower()) + 1, int(day))
    if found is None or found.at is None:
        return None
    return PublicationDate(None, "month_day", "text", f"{found.at:--%m-%d}")


def settled(day: PublicationDate, text: str) -> PublicationDate:
    """Return `day`, which lacks its year, with the one that the text has beside that day.

    It stays without when the text names that day of several years or of none, or any later year:
    then it may tell of an anniversary.
    """
    dates = (find(match[0]) for pattern in _FULL for match in pattern.finditer(text))
    same = {d.at.date(): d for d in dates if d and d.at and f"{d.at:--%m-%d}" == day.month_day}
    latest = max(map(int, _ANY_YEAR.findall(text)), default=0)
    return same.popitem()[1] if len(same) == 1 and max(same).year == latest else day


def find(text: str) -> PublicationDate | None:
    """Return the first full date, day or finer, that stands somewhere in a short text."""
    found = _named(text)
    if found is None or found.precision not in ("day", "minute"):
        match = next(filter(None, (pattern.search(text) for pattern in _FULL)), None)
        found = parse(match[0]) if match else None
    return replace(found, basis="text") if found and _is_plausible(found) else None


def in_file_name(path: str) -> PublicationDate | None:
    """Return the date in a file's name, or in the year, month and day folders right above it."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    for pattern, text in zip(_IN_A_NAME, (stem, path), strict=True):
        match = pattern.search(text)
        # Eight digits inside a longer word are a hash or a number, not a day.
        if match and (match[2] or not re.search(r"[^\W_]", _around(text, match))):
            found = _date(int(match[1]), int(match[3]), int(match[4]))
            if found and _is_plausible(found):
                return replace(found, basis="filename")
    return None


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]


def _is_plausible(date: PublicationDate) -> bool:
    latest = datetime.now(UTC) + _FAR_FUTURE
    return date.at is not None and date.at.year >= _EARLIEST_YEAR and date.at <= latest


def _date(year: int, month: int | None = None, day: int | None = None) -> PublicationDate | None:
    precision: Precision = "day" if day else "month" if month else "year"
    try:
        return PublicationDate(datetime(year, month or 1, day or 1, tzinfo=UTC), precision)
    except ValueError:
        return None


def _moment(at: datetime) -> PublicationDate | None:
    """Feeds write midnight when they know the day only: the day of the zone they write it in."""
    if (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0):
        return _date(at.year, at.month, at.day)
    try:
        aware = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return PublicationDate(aware.replace(second=0, microsecond=0), "minute")


def _run_together(text: str) -> PublicationDate | None:
    """Read "202401011200" as a day and a time: as milliseconds it would be one of 1976."""
    if not _RUN_TOGETHER.fullmatch(text):
        return None
    try:
        found = _moment(datetime.strptime(text.ljust(14, "0") + "+0000", "%Y%m%d%H%M%S%z"))
    except ValueError:
        return None
    return found if found and _is_plausible(found) else None


def _epoch(text: str) -> PublicationDate | None:
    match = _EPOCH.fullmatch(text)
    if not match:
        return None
    seconds = int(match[1])
    if seconds >= _MILLISECONDS_FROM:
        seconds //= 1000
    return _moment(datetime.fromtimestamp(seconds, UTC))


def _numbers(text: str) -> PublicationDate | None:
    day, _, rest = text.partition(" ")
    found = _all_digits(day.rstrip(","))
    return _at_time(found, rest) if rest else found


def _all_digits(text: str) -> PublicationDate | None:
    match = _COMPACT.fullmatch(text)
    if match:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    match = _NUMBERS.fullmatch(text)
    if match:
        return _date(int(match[1]), int(match[3] or 0), int(match[4] or 0))
    match = _YEAR_LAST.fullmatch(text)
    return _year_last(match) if match else None


def _year_last(match: re.Match[str]) -> PublicationDate | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if match[2] == ".":  # written with points only where the day comes first
        return day_first
    if day_first and month_first and day_first != month_first:
        return _date(year, second) if first == second else _date(year)
    return day_first or month_first


def _iso(text: str) -> PublicationDate | None:
    text = re.sub(r" ?(?:UTC|GMT|Z)$", "+00:00", text, flags=re.I)
    text = re.sub(r" ([+-]\d\d:?\d\d)$", r"\1", text)
    if not re.match(r"\d{4}-?\d\d-?\d\d[T ]\d", text):
        return None
    try:
        return _moment(datetime.fromisoformat(text))
    except ValueError:
        return None


def _named(text: str) -> PublicationDate | None:
    for pattern, order in _NAMED:
        match = pattern.search(text)
        if match:
            parts = dict(zip(order, match.groups(), strict=True))
            month = _MONTHS.index(parts["m"][:3].lower()) + 1
            found = _date(int(parts["y"]), month, int(parts.get("d", 0)))
            return _at_time(found, f"{text[: match.start()]} | {text[match.end() :]}")
    return None


def _at_time(day: PublicationDate | None, rest: str) -> PublicationDate | None:
    """Add the time that stands beside a date; anything else there means it is not a date."""
    clock = next((m for m in _CLOCK.finditer(rest) if m[2] or m[4]), None)
    around = rest[: clock.start()] + rest[clock.end() :] if clock else rest
    if day is None or day.at is None or not _BESIDE_A_DATE.fullmatch(around):
        return None
    if clock is None or day.precision != "day":
        return day
    zone = _zone(clock[5])
    hour = int(clock[1]) % 12 + 12 * (clock[4].lower() == "p") if clock[4] else int(clock[1])
    try:
        at = day.at.replace(hour=hour, minute=int(clock[2] or 0), second=int(clock[3] or 0))
    except ValueError:
        return day
    return day if zone is None else _moment(at.replace(tzinfo=zone))


def _zone(name: str | None) -> timezone | None:
    """Return the zone of a name or offset, UTC for none, None for a name that is not known."""
    if not name:
        return UTC
    if name[0] in "+-":
        minutes = int(name[1:3]) * 60 + int(name[-2:])
        offset = timedelta(minutes=-minutes if name[0] == "-" else minutes)
        return timezone(offset) if abs(offset) < timedelta(days=1) else None
    hours = _ZONES.get(name.lower())
    return None if hours is None else timezone(timedelta(hours=hours))


def _other_language(text: str) -> PublicationDate | None:
    # dateparser would choose between day and month where both are numbers.
    if re.search(r"\d[/.-]\d", text) or not re.search(r"[^\W\d_]{3}.*\d{4}", text):
        return None
    if any(pattern.search(text) for pattern, _ in _NAMED):  # English, and no date: "31 June 2024"
        return None
    import dateparser

    found = dateparser.parse(
        text,
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "STRICT_PARSING": True,
            "TO_TIMEZONE": "UTC",
            "RETURN_AS_TIMEZONE_AWARE": True,
            "TIMEZONE": "UTC",
        },
    )
    return _moment(found) if found else None
