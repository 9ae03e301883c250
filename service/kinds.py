"""The kinds of answer that a question asks for, and whether a text can be one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

AnswerKind = Literal[
    "polarity",
    "duration",
    "amount",
    "date",
    "place",
    "organisation",
    "person",
    "reason",
    "quotation",
]

VERB = r"is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must|shall"
WH = re.compile(
    r"(?:\b(?:by|at|for|in|on|to|from|of) )?\b(?:how|what|which|who|whom|whose|when|where)\b", re.I
)
COMPARED = re.compile(
    r"\b(?:higher or lower|more or less|larger or smaller|bigger or smaller|compared?|comparison"
    r"|versus|vs|differ\w*|agree|consistent\w*|same|both|whereas|while|respectively|changed?"
    r"|each|(?:bigger|larger|smaller|higher|lower|more \w+|dearer|cheaper) (?:\w+ )?than"
    r"|how much (?:more|less|dearer|cheaper|higher|lower)|which is the \w+er)\b"
    r"|\band,? (?:how|what|which|who|when|where)\b|\bbetween \w[^?]{0,40}\band\b[^?]{0,120}\bchang"
    r"|\bor that of\b",
    re.I,
)
LISTED = re.compile(
    r"\b(?:which|what) (?:\w+ ){0,2}(?:countries|companies|goods|fields|costs|cities|people|states"
    r"|teams|players|outlets|weekdays|days|years|others?|measures|reasons)\b"
    r"|\bwho are\b|\bname the\b",
    re.I,
)
_POLAR = re.compile(rf"^\s*(?:{VERB})(?:n['’]t)?\b", re.I)
# The words between "which" and the noun: no verb, as in "what did the company build".
_BETWEEN = rf"(?:(?!(?:{VERB}|\w+ed|happens|causes|makes|does)\b)[\w-]+ )"
_ASKED: Mapping[AnswerKind, re.Pattern[str]] = {
    "duration": re.compile(
        # "How long is the tunnel?" asks for metres.
        r"\bhow long\b(?!\s+ago)(?! (?:is|are|was|were) (?:the|an?|this|that|its|his|her)"
        r" (?!.*\b(?:last|tak|go|strike|war|stay|wait|delay|sentence|term|treaty|ban)\w*)"
        r"[\w -]{2,40}\W*$)|\bfor how (?:long|many (?:days|weeks|months|years))\b",
        re.I,
    ),
    "amount": re.compile(
        r"\b(?:by |at )?how (?:many|much|old|large|big|far|high|tall|often|deep|fast|wide|heavy)\b"
        rf"|\b(?:what|which) (?:(?:is|are|was|were) )?{_BETWEEN}{{0,3}}?"
        r"(?:numbers?|percent|percentage|population|amount|price"
        r"|costs?|size|share|part|total|rate|toll|median age|temperature|height|length)\b"
        r"|\bwhat (?:will|would|does|did) .{3,60}\bcost\b",
        re.I,
    ),
    "date": re.compile(
        r"^(?:(?!\b(?:how|what|which|who|whom|whose|where)\b).)*\bwhen\b"
        r"|\b(?:what|which|in what|in which) (?:year|month|day|date|weekday|decade|century)\b",
        re.I,
    ),
    "place": re.compile(
        rf"\bwhere\b|\b(?:what|which) {_BETWEEN}{{0,3}}(?:country|nation|state|city|town|village"
        r"|county|province|region|islands?|river|airport|park|valley|port|district|place)\b",
        re.I,
    ),
    "organisation": re.compile(
        rf"\b(?:what|which) {_BETWEEN}{{0,3}}(?:company|firm|automaker|carmaker|airline|bank|club"
        r"|team|party|organi[sz]ation|agency|institution|union|university|school|court|newspaper"
        r"|outlet|ship|vessel"
        r"|storm|hurricane|band|chain|brand|retailer|league|festival|film|movie|series|network)\b"
        r"|\bwhat is the name\b|\bwhat is .{1,40} called\b",
        re.I,
    ),
    "person": re.compile(
        rf"\b(?:who|whom|whose)\b|\b(?:what|which) {_BETWEEN}{{0,3}}(?:person|player|politician"
        r"|official"
        r"|minister|president|leader|celebrity|actor|actress|musician|singer|artist|author"
        r"|billionaire|figure"
        r"|star|candidate|republican|democrat|coach|manager)\b",
        re.I,
    ),
    "reason": re.compile(
        r"\bwhy\b|\bwhat (?:are|is|was|were) the reasons?\b|\bfor what reason", re.I
    ),
    "quotation": re.compile(
        r"\b(?:what|how) (?:did|does|do|has|have) .{2,60}\b(?:say|said|tell|told|comment|describe"
        r"|call|respond|react|warn|claim)\b",
        re.I,
    ),
}
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)][.!?]) (?=[A-Z])")
_NAME = re.compile(r"\b[^\W\d_a-z][\w’'-]+")
_NUMBER = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty"
    r"|fifty|hundred|thousand|million|billion|half|dozen|once|twice|quarter|no|none|nobody|zero)\b"
)
_TIME = (
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday"
    r"|tomorrow|century|spring|summer|autumn|winter|year|week|month|decade)s?\b"
)
_HELD: Mapping[AnswerKind, re.Pattern[str]] = {
    "duration": re.compile(
        rf"(?:{_NUMBER}|\ba\b|\bseveral\b|\bfew\b).*\b(?:second|minute|hour|day|night|week|month"
        r"|year|decade|centur)|\b(?:until|since|through)\b",
        re.I | re.S,
    ),
    "amount": re.compile(_NUMBER, re.I),
    "date": re.compile(rf"\d|{_TIME}", re.I),
    "place": _NAME,
    "organisation": _NAME,
    "person": _NAME,
    "reason": re.compile(
        r"\b(?:because|due to|after|since|as|so that|in order|to|amid|owing|reasons?|caused?|led"
        r"|over|for)\b",
        re.I,
    ),
    "quotation": re.compile(
        r"[\"“”«»]|\b(?:said|says|told|tells|added|wrote|warned|called|described|insisted|argued"
        r"|claimed|according to)\b",
        re.I,
    ),
}


def last_sentence(question: str) -> str:
    """Return the sentence that asks, where others tell before it what happened."""
    return _SENTENCE_END.split(" ".join(question.split()))[-1]


def kinds_of(question: str) -> tuple[AnswerKind, ...]:
    """Return what a question asks for, the most telling first; () for anything else.

    "Who sold how many ships?" asks for two.
    """
    asking = last_sentence(question)
    if _POLAR.search(asking):
        return ("polarity",)
    return tuple(kind for kind, pattern in _ASKED.items() if pattern.search(asking))


def asks_for_several(question: str) -> bool:
    """Tell whether a question asks for several things, or compares some."""
    asking = last_sentence(question)
    return bool(COMPARED.search(asking) or LISTED.search(asking))


def asking_words(question: str, kind: AnswerKind) -> str:
    """Return the words of a question that ask for a kind; "" when none do."""
    found = _ASKED[kind].search(question)
    return found[0] if found else ""


def can_be(text: str, kinds: tuple[AnswerKind, ...]) -> bool:
    """Tell whether a text has something of every kind."""
    return all(_HELD[kind].search(text) for kind in kinds if kind in _HELD)
