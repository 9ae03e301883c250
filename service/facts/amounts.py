"""Amounts with what they are amounts of: is the number of a claim in a text, with its unit?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from service.facts.quantities import ISO_DAY, NUMBER, forms_of, scaled_value
from service.facts.reading import stem_of
from service.writers.words import joining_terms

_CURRENCY_BEFORE = re.compile(r"(?:([$€£¥])|\b(USD?|EUR|GBP))[ ]?$")
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"} | {
    "US": "dollar", "USD": "dollar", "EUR": "euro", "GBP": "pound",
}  # fmt: skip
_WORD_AFTER = re.compile(r"[ -]([^\W\d_]+)(?:[ -]([^\W\d_]+))?(?:[ -]([^\W\d_]+))?")
# Each line is one unit; a number with one unit is not the same number with another.
_UNITS = """
dollar dollars usd;euro euros eur;pound pounds sterling;yen;crown crowns;rouble roubles ruble rubles
rial rials;franc francs;percent
km kilometre kilometres kilometer kilometers;m metre metres meter meters;mile miles;foot feet
cm centimetre centimetres centimeter centimeters
mm millimetre millimetres millimeter millimeters;inch inches;knot knots
tonne tonnes ton tons t;kg kilogram kilograms kilo kilos;litre litres liter liters;barrel barrels
second seconds;minute minutes;hour hours;day days;week weeks;month months;year years;decade decades
century centuries;degree degrees;acre acres;hectare hectares
"""
_UNIT_OF = {
    word: line.split()[0] for line in _UNITS.replace("\n", ";").split(";") for word in line.split()
}
# Months, days and hours that a longer time is.
_DURATIONS = {"year": ("month", 12), "week": ("day", 7), "decade": ("year", 10)}
_LESS = re.compile(
    r"\b(?:nearly|almost|close to|just under|just short of|a little under|under|less than"
    r"|fewer than|up to|not quite|below)\W{1,3}$", re.I,
)  # fmt: skip
_MORE = re.compile(
    r"\b(?:over|more than|just over|above|at least|upwards of|a little over|well over)\W{1,3}$",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:about|around|some|roughly|approximately|circa|an estimated|close to)\W{1,3}$", re.I
)
_LOOK_BACK = 24
_MAX_ROUNDED = 300
_LESS_BY, _MORE_BY, _ABOUT_BY = Decimal("0.9"), Decimal("1.25"), Decimal("0.05")
_WORDED = {"dozen": "12", "half": "50%", "twice": "2", "double": "2", "doubled": "2"}


class Amount(NamedTuple):
    """A number of a text.

    Attributes:
        written: As it stands there.
        forms: How it may be written elsewhere.
        unit: Its currency or measure, None without one that is known.
        noun: The stems of up to three words after it.
    """

    written: str
    start: int
    forms: frozenset[str]
    value: Decimal
    percent: bool
    unit: str | None
    nouns: tuple[str, ...]


@lru_cache(maxsize=512)
def amounts_in(text: str) -> tuple[Amount, ...]:
    """Return the numbers of a text in order."""
    blanked = ISO_DAY.sub(lambda m: m[1] + " " * (len(m[0]) - len(m[1])), text)
    return tuple(_amount(found, blanked) for found in NUMBER.finditer(blanked))


def _amount(found: re.Match[str], text: str) -> Amount:
    after = _WORD_AFTER.match(text, found.end())
    words = [w.casefold() for w in after.groups() if w] if after else []
    percent = bool(found["percent"])
    unit = "percent" if percent else next((_UNIT_OF[w] for w in words[:1] if w in _UNIT_OF), None)
    sign = _CURRENCY_BEFORE.search(text, max(0, found.start() - 4), found.start())
    if sign:
        unit = _SIGNS[sign[1] or sign[2]]
    return Amount(
        written=found[0].strip(),
        start=found.start(),
        forms=frozenset(forms_of(found)),
        value=scaled_value(found),
        percent=percent,
        unit=unit,
        nouns=tuple(stem_of(word) for word in words),
    )


def missing_amounts(claim: str, texts: Sequence[str], numbers: frozenset[str]) -> list[str]:
    """Return the numbers of a claim that no text has with the same unit, as written.

    "One" is more often a pronoun than a number and is not looked for.

    Args:
        claim: One sentence without its days and quotations.
        texts: What it may rest on.
        numbers: Of these texts, and what else is known, as `numbers_in` returns them.
    """
    held = _Held.of([amount for text in texts for amount in amounts_in(text)])
    wanted = [a for a in amounts_in(claim) if a.written.casefold() != "one"]
    return [a.written for a in wanted if not _is_held(a, claim, held, numbers)]


@dataclass(frozen=True)
class _Held:
    """The amounts of the texts.

    Attributes:
        by_form: Each once, by every way to write it.
        counted: The values that each noun is counted with.
        times: Units and values, with times in a small unit.
        several: Distinct ones, at most _MAX_ROUNDED.
    """

    by_form: dict[str, list[Amount]]
    counted: dict[str, set[Decimal]]
    times: set[tuple[str, Decimal]]
    several: list[Amount]

    @classmethod
    def of(cls, amounts: Sequence[Amount]) -> _Held:
        each = {(a.value, a.percent, a.unit, a.nouns): a for a in amounts}
        by_form: dict[str, list[Amount]] = defaultdict(list)
        counted: dict[str, set[Decimal]] = defaultdict(set)
        for a in each.values():
            for form in a.forms | {f"{a.value.normalize():f}"}:
                by_form[form].append(a)
            for noun in a.nouns[:1]:
                counted[noun].add(a.value)
        times = {_in_small(a) for a in each.values() if a.unit}
        return cls(by_form, counted, times, list(each.values())[:_MAX_ROUNDED])


def _is_held(wanted: Amount, claim: str, held: _Held, numbers: frozenset[str]) -> bool:
    if wanted.forms & numbers:
        same = [a for form in wanted.forms for a in held.by_form.get(form, ())]
        return not same or any(_same_unit(wanted, a, held) for a in same)
    if wanted.unit and _in_small(wanted) in held.times:
        return True
    return _is_rounded(wanted, claim, held)


def _same_unit(wanted: Amount, found: Amount, held: _Held) -> bool:
    if wanted.percent != found.percent and found.percent:
        return False
    if wanted.unit and found.unit:
        return wanted.unit == found.unit
    if not wanted.nouns or not found.nouns or wanted.unit or found.unit:
        return True
    # "13 ships" is not "13 sailors" where the text counts ships apart.
    noun = wanted.nouns[0]
    if found.nouns[0] in joining_terms():
        return True
    return noun in found.nouns or not held.counted.get(noun, set()) - {wanted.value}


def _in_small(amount: Amount) -> tuple[str, Decimal]:
    """Return a time in a smaller unit: two years are 24 months."""
    unit, value = amount.unit or "", amount.value
    while unit in _DURATIONS:
        unit, factor = _DURATIONS[unit]
        value *= factor
    return unit, value


def _is_rounded(wanted: Amount, claim: str, held: _Held) -> bool:
    bounds = _bounds(wanted, claim[max(0, wanted.start - _LOOK_BACK) : wanted.start])
    low, high = bounds if bounds else (Decimal(1), Decimal(0))
    return bounds is not None and any(
        low <= a.value <= high
        and a.percent == wanted.percent
        and (not a.unit or not wanted.unit or a.unit == wanted.unit)
        for a in held.several
    )


def _bounds(wanted: Amount, before: str) -> tuple[Decimal, Decimal] | None:
    value = wanted.value
    before = _CURRENCY_BEFORE.sub("", before)
    if _LESS.search(before):
        return value * _LESS_BY, value
    if _MORE.search(before):
        return value, value * _MORE_BY
    if _ABOUT.search(before):
        return value * (1 - _ABOUT_BY), value * (1 + _ABOUT_BY)
    return None


def worded(text: str) -> Iterator[str]:
    """Yield the numbers that a text says in other words: a dozen, half, twice."""
    for word in re.findall(r"[^\W\d_]+", text.casefold()):
        if word in _WORDED:
            yield _WORDED[word]
