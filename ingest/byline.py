"""The dateline at the top of a story, and who says they published it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.clean import Cleaned
from ingest.dates import MONTH, find, month_day_in, settled
from ingest.domain import PublicationDate
from ingest.furniture import is_outlet

_DASH = r"(?:\s*[\u2013\u2014]|\s+-{1,2}|\s*--)\s+"
_NAME = r"[^\W\d_][\w.&'\u2019-]*(?: [^\W\d_][\w.&'\u2019-]*){0,3}"
_DATE = rf"(?:{MONTH} ?\d{{1,2}}(?:,? ?\d{{4}})?|\d{{1,2}} {MONTH}(?: \d{{4}})?|\d{{4}}-\d\d-\d\d)"
_DATELINE = re.compile(
    rf"(?P<place>{_NAME})?(?:/{_NAME})*(?:, ?(?!{_DATE})[^\W\d_][\w. ]{{1,25}}?)?"
    rf"(?:,? (?P<date>{_DATE}))?(?: ?\((?P<inside>[^()]{{2,40}})\))?"
    rf"(?:,? (?P<later>{_DATE}))?{_DASH}",
    re.IGNORECASE,  # for the months; places in capitals are told by `_is_place`
)
_LEADING_OUTLET = re.compile(rf"({_NAME}): ")
_SELF_REPORT = re.compile(
    r"\b([A-Z][\w-]{1,60}\.[A-Za-z]{2,4}) (?:reports|has learned|writes|said)\b"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_ZONE = r"(?-i:Z|[A-Z]{2,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?|(?:[A-Z]\w{2,15} )?(?:local )?time)"
_HOUR = rf"\d{{1,2}}(?:[:.]\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?| ?[ap]\.?m\b\.?)(?: ?\(?{_ZONE}\)?)?"
_FULL_DATE = (
    rf"(?:{MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?,? ?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{MONTH},?[ -]\d{{4}}|\d{{4}}-\d\d-\d\d)"
)
_WHEN = (
    rf"{_WEEKDAY}(?:{_HOUR},? (?:on )?{_WEEKDAY})?{_FULL_DATE}"
    rf"(?:(?:T|,? (?:at |[-\u2013\u2014|] ?)?){_HOUR})?"
)
_SAID_TO_BE = r"(?: ?: ?| )(?:on |at )?"
_AN_UPDATE = rf"(?:last )?(?:updated|modified){_SAID_TO_BE}{_WHEN}"
_PUBLISHED = re.compile(
    rf"\W*(?:(?:first )?(?:published|posted)|date(?:d|line)?){_SAID_TO_BE}(?P<when>{_WHEN})"
    rf"(?:\W+{_AN_UPDATE})?\W*",
    re.I,
)
_UPDATED = re.compile(rf"\W*(?P<when>{_AN_UPDATE})\W*", re.I)
_BETWEEN = r" ?[|\u00b7\u2022,\u2013\u2014-] ?"
_BESIDE = r"[^|\u00b7\u2022]{2,60}?"
_DATE_ALONE = re.compile(
    rf"\W*(?:(?P<before>{_BESIDE}){_BETWEEN})??(?P<when>{_WHEN})"
    rf"(?:{_BETWEEN}(?P<after>{_BESIDE}))?\W*",
    re.I,
)
_READING_TIME = re.compile(r"\d+ min(?:ute)?s?(?: read)?", re.I)
_INSIDE_NAMES = frozenset(("and", "&", "of", "the", "de", "la", "da", "van", "von", "bin", "al"))
_MAX_NAME_WORDS = 6
_MAX_OUTLET_WORDS = 4
_SHORT_CITY = re.compile(
    "ABUJA|ACCRA|ADEN|AMMAN|ARAK|BAKU|BASRA|BERN|BONN|BUSAN|CAIRO|DAKAR|DAVOS|DELHI|DERRY|DHAKA"
    "|DOHA|DUBAI|ERBIL|GAZA|HAIFA|HAMA|HANOI|HOMS|IDLIB|KABUL|KAZAN|KYIV|KIEV|LAGOS|LEEDS|LHASA|LIMA"
    "|LVIV|LYON|MACAU|MALE|MECCA|MIAMI|MILAN|MINSK|MOSUL|OMSK|OSAKA|OSLO|PARIS|PERTH|PUNE|QOM|QUITO"
    "|RABAT|RASHT|RIGA|ROME|SANAA|SARI|SEOUL|SOCHI|SOFIA|TOKYO|TUNIS|TURIN|VADUZ|YAZD"
)
_MIN_PLACE_CHARS = 6
_TOP_CHARS = 300
_MAX_DATED_LINE_CHARS = 80


@dataclass(frozen=True)
class Dateline:
    """What stands before the dash at the top of a story.

    Attributes:
        end: Where the story goes on, in the paragraph it opens.
        date: As written; often without a year.
    """

    end: int
    place: str | None = None
    outlet: str | None = None
    date: str | None = None


def dateline(paragraph: str) -> Dateline | None:
    """Return the dateline that opens a paragraph ("TEHRAN, Dec. 17 (Xinhua) --"), if one does."""
    match = _DATELINE.match(paragraph)
    if not match or not match[0].strip():
        return None
    name, inside, date = match["place"], match["inside"], match["date"] or match["later"]
    if inside and (find(inside) or month_day_in(inside)):
        return _with_date_in_brackets(match.end(), name, inside)
    if date or (name and _is_place(name)) or (inside and (not name or is_outlet(inside))):
        return Dateline(match.end(), place_name(name), inside and _agency(inside), date)
    return None


def _with_date_in_brackets(end: int, name: str | None, date: str) -> Dateline | None:
    """Read "TEHRAN (Feb 25) –" as a place and "IRNA (Feb 25) –" as an agency."""
    if not name:
        return None
    if name.upper() == name and not _is_place(name):
        return Dateline(end, outlet=name, date=date)
    return Dateline(end, place_name(name), date=date)


def story_start(paragraph: str) -> int:
    """Return where the story begins behind a dateline or the outlet's name."""
    top = dateline(paragraph)
    if top:
        return top.end
    leading = _leading_outlet(paragraph)
    return leading.end() if leading else 0


def outlet_in(cleaned: Cleaned, top: Dateline | None) -> str | None:
    """Return the outlet that an article names as its own, or None."""
    if top and top.outlet:
        return top.outlet
    leading = _leading_outlet(cleaned.text)
    if leading:
        return leading[1]
    signed = next((d.line for d in cleaned.dropped if d.rule == "signature"), None)
    if signed:
        return signed.strip(" -()[]|")
    said = _SELF_REPORT.search(cleaned.text)
    return said[1] if said else None


def date_in(cleaned: Cleaned, top: Dateline | None) -> PublicationDate | None:
    """Return the date that the page or the dateline gives, the latter perhaps without a year."""
    toolbar = _first_date(d.line for d in cleaned.dropped if d.rule == "toolbar")
    if toolbar:
        return toolbar
    stated = _first_date(_dates_stated(_top(cleaned.text)))
    if stated:
        return stated
    if top and top.date:
        day = month_day_in(top.date)
        return find(top.date) or (day and settled(day, cleaned.text))
    return None


def _leading_outlet(text: str) -> re.Match[str] | None:
    match = _LEADING_OUTLET.match(text)
    return match if match and is_outlet(match[1]) else None


def _first_date(lines: Iterable[str]) -> PublicationDate | None:
    return next(filter(None, map(find, lines)), None)


def _top(text: str) -> list[str]:
    """Return the short lines that begin near the top, whole: half a line may look like a date."""
    end = text.find("\n", _TOP_CHARS)
    lines = text[: end if end >= 0 else None].split("\n")
    return [line for line in lines if 0 < len(line) <= _MAX_DATED_LINE_CHARS]


def _dates_stated(lines: list[str]) -> list[str]:
    """Return the dates of lines that say nothing else, the first publication before an update."""
    kinds = (_PUBLISHED, _DATE_ALONE, _UPDATED)
    matches = filter(None, (kind.fullmatch(line) for kind in kinds for line in lines))
    return [match["when"] for match in matches if _is_alone(match)]


def _is_alone(match: re.Match[str]) -> bool:
    """Tell whether only an author or an outlet stands beside a date, and not a headline."""
    beside = (text for side, text in match.groupdict().items() if side != "when" and text)
    return all(map(_is_credit, beside))


def _is_credit(text: str) -> bool:
    *_, name = re.split(r"\bby:? ", text, maxsplit=1, flags=re.IGNORECASE)
    words = name.split()
    named = bool(words) and all(w[0].isupper() or w in _INSIDE_NAMES for w in words)
    if name != text:
        return text.lower().startswith("by") and named and len(words) <= _MAX_NAME_WORDS
    outlet = named and is_outlet(name) and len(words) <= _MAX_OUTLET_WORDS
    return outlet or bool(_READING_TIME.fullmatch(text))


def _is_place(name: str) -> bool:
    """Tell a city in capitals from an agency's initials; short ones only by name."""
    if name.upper() != name:
        return False
    return len(name) >= _MIN_PLACE_CHARS or bool(_SHORT_CITY.fullmatch(name))


def _agency(inside: str) -> str | None:
    """Take what stands in brackets as an agency when it is written as a name."""
    return inside if re.fullmatch(r"(?:[A-Z][\w.&-]*(?: |$))+", inside) else None


def place_name(name: str | None) -> str | None:
    """Return a place as it is written in a sentence: datelines have it in capitals."""
    if not name:
        return None
    if name.upper() != name:
        return name
    return re.sub(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?", lambda word: word[0].capitalize(), name)
