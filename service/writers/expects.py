"""The kind of answer that a question asks for, and whether a sentence can hold one."""

from __future__ import annotations

import re
from collections.abc import Callable

_AMOUNT_ASKED = re.compile(
    r"\bhow (many|much|old|long|large|big|far|high|tall|often)\b|\b(what|which)\b.{0,25}"
    r"\b(number|percent|percentage|population|amount|price|cost|size|share|total|rate)\b",
    re.I,
)
_AMOUNT = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty|hundred|thousand|million|billion|half|dozen|once|twice|quarter)\b",
    re.I,
)
_TIME_ASKED = re.compile(
    r"^\s*(and )?when\b|\b(what|which) (year|month|day|date|century|decade)\b", re.I
)
_TIME = re.compile(
    r"\d|\b(january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday"
    r"|tomorrow|century|spring|summer|autumn|winter|year|week|month|decade)s?\b",
    re.I,
)
_PERSON_ASKED = re.compile(r"\b(who|whom|whose)\b", re.I)
_NAME = re.compile(r"\b[^\W\d_a-z][\w’'-]+")


_KINDS = ((_AMOUNT_ASKED, _AMOUNT), (_TIME_ASKED, _TIME), (_PERSON_ASKED, _NAME))


def answers(question: str) -> Callable[[str], bool]:
    """Return a test of sentences: has it the amount, time or name that the question asks for?"""
    wanted = [has for asked, has in _KINDS if asked.search(question)]
    return lambda sentence: all(has.search(sentence) for has in wanted)
