"""Numbers, percentages and dates in a text, in one form however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import NamedTuple

# fmt: off
_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = {
    "hundred": 2, "thousand": 3, "k": 3, "million": 6, "mn": 6, "m": 6,
    "billion": 9, "bn": 9, "b": 9, "trillion": 12, "tn": 12,
}
_MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
]
# fmt: on
_VALUES = {word: value for value, word in enumerate([*_UNITS, *_TEENS])} | {
    word: 20 + 10 * position for position, word in enumerate(_TENS)
}
ISO_DAY = re.compile(r"\b(\d{4})-[01]\d-[0-3]\d")

_PERCENT = r"(?P<percent>[ -]?(?:%|per ?cent\b|percentage\b))"
NUMBER = re.compile(
    r"(?:(?<![^\W_])(?<!\d\.)(?P<digits>\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,9})?|\d{1,18}(?:\.\d{1,9})?)"
    r"(?:st|nd|rd|th|s)?"
    rf"|\b(?:(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<unit>{'|'.join(_UNITS[1:])}))?"
    rf"|(?P<word>{'|'.join([*_TEENS, *_UNITS])})))"
    rf"(?:[ -]?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))}))?(?![^\W_])"
    rf"{_PERCENT}?",
    re.I,
)
_MONTH = (
    r"(?P<month{}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day{}>[0-3]?\d)(?:st|nd|rd|th)?"
DATE = re.compile(
    r"\b(?P<year0>\d{4})-(?P<month0>[01]\d)-(?P<day0>[0-3]\d)"
    rf"|\b{_DAY.format(1)} (?:of )?{_MONTH.format(1)}(?:,? (?P<year1>\d{{4}})\b)?"
    rf"|\b{_MONTH.format(2)} {_DAY.format(2)}(?![\w%]|[.,]\d)(?:,? (?P<year2>\d{{4}})\b)?"
)


class Day(NamedTuple):
    """A day of a month; `year` is None where the text leaves it out."""

    year: int | None
    month: int
    day: int


def day_of(found: re.Match[str]) -> Day:
    """Return the day that a match of DATE names."""
    kind = next(n for n in "012" if found[f"day{n}"])
    year, month = found[f"year{kind}"], found[f"month{kind}"]
    number = int(month) if month.isdecimal() else _month_number(month)
    return Day(int(year) if year else None, number, int(found[f"day{kind}"]))


def _month_number(name: str) -> int:
    return 1 + next(n for n, month in enumerate(_MONTHS) if month.startswith(name[:3].casefold()))


def days_in(text: str) -> set[Day]:
    """Return the days that a text names."""
    return {day_of(found) for found in DATE.finditer(text)}


def months_of(days: AbstractSet[Day]) -> set[str]:
    """Return the names of the months of some days, in lower case."""
    return {_MONTHS[day.month - 1] for day in days if 1 <= day.month <= len(_MONTHS)}


def missing_dates(claim: str, days: AbstractSet[Day], numbers: AbstractSet[str]) -> list[str]:
    """Return the days of a claim that are not among those of a text, as written.

    Args:
        claim: One sentence.
        days: Of the text.
        numbers: Of the text; the year of a day that leaves it out must be among them.
    """
    wanted = [(found[0], day_of(found)) for found in DATE.finditer(claim)]
    return [written for written, day in wanted if not any(_same(day, d, numbers) for d in days)]


def _same(wanted: Day, found: Day, numbers: AbstractSet[str]) -> bool:
    if (wanted.month, wanted.day) != (found.month, found.day):
        return False
    if wanted.year is None or wanted.year == found.year:
        return True
    return found.year is None and str(wanted.year) in numbers


def missing_numbers(claim: str, numbers: AbstractSet[str]) -> list[str]:
    """Return the numbers and percentages of a claim that are not a text's, as written.

    "One" is more often a pronoun than a number and is not looked for.
    """
    wanted = [found for found in NUMBER.finditer(claim) if found[0].casefold() != "one"]
    return [found[0].strip() for found in wanted if not forms_of(found) & numbers]


def small_number(word: str) -> str:
    """Return in digits a lower-case word that is a number; "" of another."""
    return str(_VALUES[word]) if word in _VALUES else word if word[:1].isdecimal() else ""


def with_plain_digits(text: str) -> str:
    """Return a text with digits of every script as 0 to 9; as long as before."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def numbers_in(text: str) -> set[str]:
    """Return the numbers of a text, with and without their scale and their percent sign."""
    found: set[str] = set()
    # Of a date written in digits, month and day would pass for any small number.
    for number in NUMBER.finditer(ISO_DAY.sub(r" \1 ", text)):
        found |= forms_of(number) | {_written(_value(number)), _written(scaled_value(number))}
    return found


def forms_of(found: re.Match[str]) -> set[str]:
    """Return how a match of NUMBER may be written in a text that has the same number."""
    if found["percent"]:
        return {f"{_written(scaled_value(found))}%"}
    # "5m" may be millions or metres.
    letter = len(found["scale"] or "") == 1
    return {_written(scaled_value(found)), *([_written(_value(found))] if letter else [])}


def _value(found: re.Match[str]) -> Decimal:
    if found["digits"]:
        return Decimal(found["digits"].replace(",", ""))
    words = (found["tens"], found["unit"], found["word"])
    return Decimal(sum(_VALUES[word.casefold()] for word in words if word))


def scaled_value(found: re.Match[str]) -> Decimal:
    """Return the value of a match of NUMBER, its scale counted in."""
    return _value(found).scaleb(_SCALES.get((found["scale"] or "").casefold(), 0))


def _written(value: Decimal) -> str:
    return f"{value.normalize():f}"
