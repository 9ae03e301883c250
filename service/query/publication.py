"""Whether a day in a question is one of publication: do its neighbours speak of an article?

Only words right beside the day count. A day of publication counts twice what an event's day does,
so a day that may as well be that of an event ("the report about the fire on 3 May") is not taken
for one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

Role = Literal["published", "mentioned"]

_LOOK_BACK = 90
_ARTICLE = (
    r"(?i:articles?|stor(?:y|ies)|pieces?|coverage|reports?|reporting|editions?|columns?|headlines?"
    r"|news|dispatch(?:es)?|editorials?|op-eds?|write-ups?)"
)
_SAID = r"(?i:reported|said|written|covered|published)"
_SAY = r"(?i:report|says?|write|cover|publish)(?i:s|es|ed)?|(?i:said|wrote|written)"
_CAPITALISED = r"[A-Z][\w.&’'-]*"
_BE = r"(?i:was|were|is|are|has|had|have|been|being)"
# What may stand between an article and its day: nothing that a day could belong to as well.
_LINK = (
    rf"(?:(?i:by|in|from) ['\"‘“]?(?:(?i:the) )?{_CAPITALISED}"
    rf"(?: (?:{_CAPITALISED}|and|of|[-–|])){{0,5}}['\"’”]?|{_BE}|\d\d?:\d\d"
    r"|(?i:published|dated|posted|printed|released|filed|issued|written|appear(?:ed|ing|s)?|from|of"
    r"|on|in|at|during|over|for|that|which|came|out|online|back|the))"
)
_TO_THE_DAY = rf"(?:,? {_LINK}(?!\w))*,? [('\"‘“]?$"
_BEFORE = re.compile(
    # The article of a day, or what is said of what has no other subject.
    rf"\b(?:{_ARTICLE}|the (?:one|other)|(?i:published)|(?i:what|it|as) (?:{_BE} )*{_SAID})"
    + _TO_THE_DAY
)
_REPORTER = re.compile(rf"{_CAPITALISED} (?i:reports?|reported){_TO_THE_DAY}")
# "Did the port report": a verb, whose subject may be anybody.
_REPORTS = re.compile(
    r"\b(?i:did|does|do)\b(?:(?!['’]s )[^,;:?.])*(?<!\bthe )(?<!\ba )(?<!\bthis )(?<!\bthat )"
    rf"(?i:\breport){_TO_THE_DAY}"
)
_AFTER = re.compile(rf"(?:['’]s?)?,?(?: (?i:the))?(?: {_CAPITALISED}){{0,4}} {_ARTICLE}\b")


def role_of(text: str, start: int, end: int, short: bool, outlets: Collection[str] = ()) -> Role:
    """Return the role of the days that stand at `start` to `end`.

    Args:
        text: A question.
        start: Where the days begin.
        end: Where they end.
        short: Whether they are a month or less. Companies "report" for a quarter.
        outlets: Names of outlets as they stand in the text.
    """
    # A word that is cut in two is none.
    near = max(0, start - _LOOK_BACK)
    before = text[near:start]
    before = before if near == 0 else before.partition(" ")[2]
    published = (
        (_BEFORE.search(before) and not _REPORTS.search(before))
        or (short and _REPORTER.search(before))
        or _AFTER.match(text, end)
        or _follows_an_outlet(before, outlets)
    )
    return "published" if published else "mentioned"


def _follows_an_outlet(before: str, outlets: Collection[str]) -> bool:
    named = [name for name in outlets if name and name in before]
    if not named:
        return False
    either = "|".join(re.escape(name) for name in named)
    pattern = rf"(?:{either})(?:['’]s|['\"’”])?(?: (?:{_SAY}|{_ARTICLE}))?{_TO_THE_DAY}"
    return bool(re.search(pattern, before))
