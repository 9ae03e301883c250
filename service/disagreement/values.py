"""Values in a sentence: amounts, lengths of time, days and names, in one form each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache

from ingest.index.lexical import terms
from service.disagreement.asking import Asked
from service.disagreement.naming import Known, names_in
from service.disagreement.value import STANCE, Value
from service.facts.quantities import DATE, NUMBER, day_of, numbers_in
from service.writers.words import joining_terms

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_UNIT = re.compile(r"[ -]([^\W\d_][\w’'-]*)(?: ([^\W\d_][\w’'-]*))?(?: ([^\W\d_][\w’'-]*))?")
_CURRENCY = re.compile(r"(?:US|A|C)?([$€£¥₹])\s?$")
_MONEY = "dollars euros pounds yen crowns roubles rubles rupees yuan francs"
_NEUTRAL = "people persons"
_OF_AGE = "old age median"
_OF_PEOPLE = """
dead died killed injured missing wounded hurt people persons victims casualties fatalities lives
deaths population inhabitants residents toll
"""
_MEASURES = """
metres meters kilometres kilometers centimetres centimeters millimetres millimeters miles feet foot
inches yards tonnes tons kilograms kilos pounds litres liters gallons barrels hectares acres square
degrees knots mph kph watts megawatts gigawatts points m km mm cm kg
"""
_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|some|roughly|approximately|estimated|an estimated)"
    r" (?:US|A|C)?[$€£¥₹]?$",
    re.I,
)
_AT_LEAST = re.compile(
    r"\b(?:more than|at least|over|upwards of|no fewer than|above) (?:US|A|C)?[$€£¥₹]?$", re.I
)
_PART = re.compile(
    r"\b(?:including|another|additional|further|other|of (?:them|these|those|whom|which)|among them"
    r"|between|from|age|aged|up|down|version|page|section|chapter|article|no\.?|number|route"
    r"|the first|first|(?<!to )last|next|than the|not|not by|not at) (?:US|A|C)?[$€£¥₹]?$",
    re.I,
)
_PART_AFTER = re.compile(
    r"(?: to | ?[–-] ?)\d|\s?(?:more|fewer|less|higher|lower|others?"
    r"|of (?:them|these|those|whom|which)|additional"
    r"|further|-year-old| year-old"
    r"|(?:am|pm|a\.m|p\.m)\b|:\d)",
    re.I,
)
_PER = re.compile(
    r"[^.,;]{0,24}?\b(?:a|an|per|each|every) (hour|day|night|week|month|year|game"
    r"|person|head|barrel)\b"
    r"|[^.,;]{0,16}?\b(daily|weekly|monthly|yearly|annually)\b",
    re.I,
)
# "At six", "by seven": of the clock, where no noun follows.
_TIMED = re.compile(r"\b(?:at|by|before|after|until|till|since|to) (?:about |around )?$", re.I)
MAX_THING_WORDS = 6
_TOLD_ON = re.compile(r"\b(?:told|said|says) (?:\w+ ){0,2}?(?:in|on|last) (?:early |late )?$", re.I)
# "Postponed from 4 May to 9 June": the first is no longer true.
_PUT_OFF = re.compile(
    r"\b(?:postponed|moved|delayed|put off|put back|brought forward|rescheduled|changed"
    r"|pushed back)\b[^.]{0,40}\bfrom $",
    re.I,
)
_SPAN = {"day": Decimal(1), "week": Decimal(7), "month": Decimal(30), "year": Decimal(360)}
_CLOCK = {"second": Decimal(1), "minut": Decimal(60), "hour": Decimal(3600)}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = re.compile(rf"\b(?P<month>{_MONTHS})\b(?:,? (?:of )?(?P<year>[12]\d{{3}}))?")
_YEAR = re.compile(r"(?<![\d.,$€£-])\b(1[5-9]\d\d|20\d\d)\b(?![,.]\d|[%\w-])")
_BEFORE_YEAR = re.compile(
    r"\b(?:in|since|by|from|of|until|till|during|for|to|and|the|before|after|early|late|mid"
    rf"|{_MONTHS}) $"
)


def value_at(sentence: str, start: int, end: int, asked: Asked, known: Known) -> tuple[Value, ...]:
    """Return the values of the asked kind that words of a sentence hold, which a reader told."""
    if asked.kind == "thing":
        return _thing(sentence[start:end], start, known)
    found = values_in(sentence, asked, known)
    if asked.kind == "amount" and not any(_overlaps(value, start, end) for value in found):
        # What is counted the reader knows better than the noun that follows.
        found = [
            replace(v, unit=v.unit if v.unit == "%" or v.unit.startswith("money ") else "")
            for v in _amounts(sentence)
            if v.unit not in ("time", "clock")
        ]
    return tuple(value for value in found if _overlaps(value, start, end))


def _overlaps(value: Value, start: int, end: int) -> bool:
    return value.at < end and value.at + len(value.written) > start


def _thing(written: str, at: int, known: Known) -> tuple[Value, ...]:
    said = [word.casefold() for word in _WORD.findall(written)]
    own = tuple(
        word for word in said if word not in known.asked and not joining_terms() >= set(terms(word))
    )
    return (Value(written, at, names=own),) if own and len(said) <= MAX_THING_WORDS else ()


def values_in(sentence: str, asked: Asked, known: Known) -> list[Value]:
    """Return the values of the asked kind in a sentence, in order."""
    if asked.kind == "thing":
        return []
    if asked.kind == "date":
        return sorted(_dates(sentence), key=lambda value: value.at)
    if asked.kind == "name":
        return names_in(sentence, asked.sort, known)
    if asked.kind == "duration":
        return [v for v in _amounts(sentence) if v.unit in ("time", "clock")]
    said = frozenset(terms(sentence))
    counted = (
        _counted(value, asked, said)
        for value in _amounts(sentence)
        # A 12-yard pass is no twelve yards.
        if not sentence.startswith("-", value.at + len(value.written))
    )
    return [value for value in counted if value]


# A passage is read for its best sentence and again for what else it says.
@lru_cache(maxsize=2048)
def _amounts(sentence: str) -> tuple[Value, ...]:
    return tuple(_every_amount(sentence))


def _every_amount(sentence: str) -> Iterator[Value]:
    taken = [found.span() for found in DATE.finditer(sentence)]
    taken += [found.span() for found in _MONTH.finditer(sentence)]
    for found in NUMBER.finditer(sentence):
        start, end = found.span()
        if any(s < end and start < e for s, e in taken) or found[0].casefold() == "one":
            continue
        before, after = sentence[max(0, start - 24) : start], sentence[end:]
        if _YEAR.fullmatch(found[0]) and _is_year(before, after):
            continue
        if (
            _PART.search(before)
            or _PART_AFTER.match(after)
            or found[0].casefold().endswith(("st", "nd", "rd", "th"))
        ):
            continue
        yield _amount(found, before, after)


def _is_year(before: str, after: str) -> bool:
    counts = after[:1] == " " and after[1:2].isalpha() and not _BEFORE_YEAR.search(before)
    return not counts and not _CURRENCY.search(before)


def _amount(found: re.Match[str], before: str, after: str) -> Value:
    number = max(Decimal(form) for form in numbers_in(found[0]) if not form.endswith("%"))
    plain = Value(
        written=found[0].strip(),
        at=found.start(),
        number=number,
        per=_per(after),
        about=bool(_ABOUT.search(before)),
        at_least=bool(_AT_LEAST.search(before)),
        timed=bool(_TIMED.search(before)),
    )
    following = _UNIT.match(after)
    nouns = [terms(word)[:1] for word in following.groups() if word] if following else []
    first = nouns[0][0] if nouns and nouns[0] else ""
    with_noun = found[0] + (after[: following.end(1)] if following else "")
    currency = _CURRENCY.search(before)
    if found["percent"] or first == "percentag":
        return replace(plain, unit="%")
    if currency:
        sign, at = currency[0], found.start() - len(currency[0])
        return replace(plain, unit=f"money {currency[1]}", written=sign + plain.written, at=at)
    if first in _stems(_MONEY):
        return replace(plain, unit=f"money {first}", written=with_noun)
    for unit, lengths in (("time", _SPAN), ("clock", _CLOCK)):
        if first in lengths:
            return replace(plain, unit=unit, written=with_noun, number=number * lengths[first])
    return replace(plain, unit=" ".join(noun[0] for noun in nouns if noun))


@cache
def _stems(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def _per(after: str) -> str:
    found = _PER.match(after)
    return terms(found[1] or found[2])[0].removesuffix("ly") if found else ""


def _counted(value: Value, asked: Asked, said: AbstractSet[str]) -> Value | None:
    """Return an amount with the unit that was asked for, None when it counts something else."""
    if asked.about.endswith("how often"):
        return replace(value, unit="often") if value.per else None
    many = "how many" in asked.about
    if value.unit == "%" or value.unit.startswith("money "):
        return None if many else value
    if value.unit in ("time", "clock"):
        return value if asked.noun & _stems(_OF_AGE) else None
    return _count(value, asked, said)


def _count(value: Value, asked: Asked, said: AbstractSet[str]) -> Value | None:
    many = "how many" in asked.about
    nouns = value.unit.split()
    if asked.noun & set(nouns):
        return replace(value, unit=min(asked.noun & set(nouns)))
    if nouns and nouns[0] in _stems(_MEASURES):
        return None if many else replace(value, unit=nouns[0])
    wanted = asked.noun | (_stems(_OF_PEOPLE) if asked.noun & _stems(_OF_PEOPLE) else frozenset())
    bare = bool(nouns) and nouns[0] in _stems(_NEUTRAL) | joining_terms()
    if wanted & set(nouns) or (many and bare and wanted & said and not value.timed):
        return replace(value, unit=min(asked.noun, default=""))
    return None


def _dates(sentence: str) -> Iterator[Value]:
    for value in _every_date(sentence):
        before = sentence[max(0, value.at - 60) : value.at]
        if not _TOLD_ON.search(before) and not _PUT_OFF.search(before):
            yield value


def _every_date(sentence: str) -> Iterator[Value]:
    spans: list[tuple[int, int]] = []
    for found in DATE.finditer(sentence):
        day = day_of(found)
        spans.append(found.span())
        yield Value(found[0], found.start(), day=(day.year or 0, day.month, day.day))
    for found in _MONTH.finditer(sentence):
        if not _within(found.span(), spans) and (
            found["month"] != "May" or found["year"] or _in(sentence, found.start())
        ):
            spans.append(found.span())
            month = 1 + _MONTHS.split("|").index(found["month"])
            yield Value(found[0], found.start(), day=(int(found["year"] or 0), month, 0))
    for found in _YEAR.finditer(sentence):
        if not _within(found.span(), spans):
            yield Value(found[0], found.start(), day=(int(found[0]), 0, 0))


def _in(sentence: str, at: int) -> bool:
    return bool(re.search(r"\b(?:in|since|until|by|of|early|late|mid) $", sentence[:at], re.I))


def _within(span: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)


_DENIES = re.compile(
    r"\b(?:not|never|no|nobody|none|without|neither|denie[sd]|deny|denying|rejected|refused|failed)\b"
    r"|n['’]t\b",
    re.I,
)


def stance(sentence: str) -> Value:
    """Return a sentence as what it says to a question for yes or no."""
    denials = len(_DENIES.findall(sentence))
    return Value(sentence.strip(), 0, STANCE, Decimal(1 if denials % 2 else 2))
