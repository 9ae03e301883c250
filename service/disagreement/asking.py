"""What kind of value a question asks for, if it asks for just one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ingest.index.lexical import terms
from service.facts.names import missing_names
from service.writers.words import content_terms
from service.writers.writer import Evidence

Kind = Literal["amount", "duration", "date", "name", "polarity"]
Sort = Literal["person", "place", "other"]

# Fewer words of its own, and the question says too little to tell what a value belongs to.
MIN_TERMS = 2
# "How many goals in the season?" is true of anybody.
MIN_TERMS_UNNAMED = 4
# Longer questions put several conditions, and no one sentence answers them.
MAX_TERMS = 22
_VERB = r"is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must|shall"
_SEVERAL = re.compile(
    r"\b(?:higher or lower|more or less|larger or smaller|bigger or smaller|compared?|comparison"
    r"|versus|vs|differ\w*|agree|consistent\w*|same|both|whereas|while|respectively|changed?"
    r"|each|both|(?:bigger|larger|smaller|higher|lower|more \w+|dearer|cheaper) (?:\w+ )?than"
    r"|how much (?:more|less|dearer|cheaper|higher|lower)|which is the \w+er)\b"
    r"|\band,? (?:how|what|which|who|when|where)\b|\bbetween \w[^?]{0,40}\band\b[^?]{0,120}\bchang"
    r"|\bor that of\b",
    re.I,
)
_LIST = re.compile(
    r"\b(?:which|what) (?:\w+ ){0,2}(?:countries|companies|goods|fields|costs|cities|people|states"
    r"|teams|players|outlets|weekdays|days|years|others?|measures|reasons)\b"
    r"|\bwho are\b|\bname the\b",
    re.I,
)
_LONG = re.compile(
    r"\bhow long\b(?!\s+ago)|\bfor how (?:long|many (?:days|weeks|months|years))\b", re.I
)
_AMOUNT = re.compile(
    r"\b(?:by |at )?how (?:many|much|old|large|big|far|high|tall|often|deep|fast|wide|heavy)\b"
    r"|\b(?:what|which)\b(?: \w+){0,3}? (?:numbers?|percent|percentage|population|amount|price"
    r"|costs?|size|share|part|total|rate|toll|median age|temperature|height|length)\b"
    r"|\bwhat (?:will|would|does|did) .{3,60}\bcost\b",
    re.I,
)
_WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which|in what|in which) (?:year|month|day|date|weekday)\b", re.I
)
_PLACE = re.compile(
    r"\bwhere\b|\b(?:what|which) (?:[\w-]+ ){0,3}(?:country|nation|state|city|town|village"
    r"|county|province|region|islands?|river|airport|park|valley|port|district|place)\b",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:who|whom|whose)\b|\b(?:what|which) (?:[\w-]+ ){0,3}(?:person|player|politician|official"
    r"|minister|president|leader|celebrity|actor|actress|musician|singer|artist|author|billionaire|figure"
    r"|star|candidate|republican|democrat|coach|manager)\b",
    re.I,
)
_GROUP = re.compile(
    r"\b(?:what|which) (?:[\w-]+ ){0,3}(?:company|firm|automaker|carmaker|airline|bank|club"
    r"|team|party|organi[sz]ation|agency|institution|union|university|school|court|newspaper|outlet|ship|vessel"
    r"|storm|hurricane|band|chain|brand|retailer|league|festival|film|movie|series|network)\b"
    r"|\bwhat is the name\b|\bwhat is .{1,40} called\b",
    re.I,
)
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)][.!?]) (?=[A-Z])")
# Words that many questions have, whatever they are about.
_LIGHT = """
accord recent recently reportedly reported week day today month currently now latest apparently
approximately estimated allegedly said says announced name called happen take took place
"""
_POLAR = re.compile(rf"^\s*(?:{_VERB})(?:n['’]t)?\b", re.I)
_CHANGING = re.compile(
    r"\b(?:kill(?:ed|s)?|dead|died|deaths?|die|toll|injured|hurt|wounded|missing|arrested|detained|displaced"
    r"|homeless|evacuated|infected|cases|victims|prices?|costs?|rates?|inflation|unemployment"
    r"|population|worth|index|polls?|holds?|held|so far|now|currently|latest|expect\w*|aboard)\b",
    re.I,
)
_OFFICE = re.compile(
    r"\b(?:who|which \w+) (?:(?:now|currently) )?(?:leads?|heads?|runs?|owns?|chairs?|coaches"
    r"|manages?|governs?|holds? the|is (?:the |now )?(?:(?:new|current|acting|prime"
    r"|interim) )?(?:president"
    r"|minister|mayor|governor|chancellor|ceo|chief|chair\w*|head|leader|coach|captain|owner"
    r"|director|editor|manager|secretary|speaker|champion))\b",
    re.I,
)
_ALONE = frozenset({"who", "whom", "whose", "when", "where"})
MAX_OPENING = 4
_ENDS_OPENING = re.compile(
    rf"(?:{_VERB}|took|take|takes|go|goes|went|come|came|comes|fell|falls?|lives?|works?|made|makes?"
    r"|says?|said|wants?|got|gets?|won|wins?|met|gave|led|leads|heads|ran|runs|lost|put|set|about"
    r"|of|in|on|for|at|from|to|by|with|after|during|since|per|it|he|she|they|\w+ed)",
    re.I,
)
_WHAT_IS = re.compile(
    r"\bwhat (?:is|are|was|were) (the (?:[\w-]+ ){0,2}?(?:numbers? of [\w-]+|percentage|population"
    r"|amount|price|costs?|size|share|total|rate|toll|age|temperature|height|length))\b",
    re.I,
)
_WH = re.compile(
    r"(?:\b(?:by|at|for|in|on|to|from|of) )?\b(?:how|what|which|who|whom|whose|when|where)\b", re.I
)


@dataclass(frozen=True)
class Asked:
    """One value that is asked for.

    Attributes:
        about: The words that ask, as they stand in a sentence.
        noun: What is counted or which sort of name is wanted, as indexed.
        weights: The words that say what the question is about, the rarer the more.
        changing: Whether a later report may give another value and both be right.
        sort: Of names.
        specific: Whether the question names somebody or something.
    """

    kind: Kind
    about: str
    noun: frozenset[str]
    weights: Mapping[str, float]
    changing: bool
    sort: Sort = "other"
    specific: bool = False


def asked(evidence: Evidence) -> Asked | None:
    """Return what a question asks for, or None when it is several things or no such value."""
    whole = " ".join(evidence.question.split())
    if _SEVERAL.search(whole) or _outlets_named(evidence) > 1:
        return None
    # "It rained for days. Which town was flooded?": what is asked stands last.
    question = last_sentence(whole)
    kind = _kind(question, _opening(question))
    opening = _asking(question, kind)
    if kind is None or (kind != "polarity" and _LIST.search(question)):
        return None
    noun = frozenset(content_terms(opening))
    weights = _weights(whole, evidence.rarity, noun if kind == "name" else frozenset())
    specific = bool(missing_names(whole, frozenset()))
    if not (MIN_TERMS if specific else MIN_TERMS_UNNAMED) <= len(weights) <= MAX_TERMS:
        return None
    changing = _CHANGING if kind == "amount" else _OFFICE
    return Asked(
        kind=kind,
        about=_about(kind, opening),
        noun=noun,
        weights=weights,
        changing=kind in ("amount", "name") and bool(changing.search(question)),
        sort=_sort(question) or "other",
        specific=specific,
    )


def _about(kind: Kind, opening: str) -> str:
    if kind == "polarity":
        return "whether it is so"
    if kind == "name" and opening == "what":
        return "the name"
    return opening[:1].lower() + opening[1:]


def last_sentence(question: str) -> str:
    """Return the sentence that asks, where others tell before it what happened."""
    return _SENTENCE_END.split(" ".join(question.split()))[-1]


def _opening(question: str) -> str:
    """Return the words that ask, up to the verb: "how many dockers", "the price"."""
    whole = _WHAT_IS.search(question)
    if whole:
        return whole[1]
    found = _WH.search(question)
    if found is None:
        return ""
    words = question[found.start() : found.end()].casefold().split()
    if words[-1] in _ALONE:
        return " ".join(words)
    for word in question[found.end() :].rstrip("?!. ").split()[:MAX_OPENING]:
        if _ENDS_OPENING.fullmatch(word):
            break
        words.append(word.rstrip(","))
        if word.endswith(","):
            break
    return " ".join(words)


def _kind(question: str, opening: str) -> Kind | None:
    if _POLAR.search(question):
        return "polarity"
    fitting = (kind for pattern, kind in _KINDS if opening and pattern.search(question))
    return next(fitting, "name" if opening and _sort(question) else None)


def _sort(question: str) -> Sort | None:
    return next((sort for pattern, sort in _OF_NAMES if pattern.search(question)), None)


def _asking(question: str, kind: Kind | None) -> str:
    """Return the words that ask; those for a name end with the sort of name."""
    opening = _opening(question)
    found = (pattern.search(question) for pattern, _ in _OF_NAMES) if kind == "name" else ()
    named = next((match[0] for match in found if match), "")
    return named if named.casefold() in opening.casefold() and named else opening


_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_LONG, "duration"),
    (_AMOUNT, "amount"),
    (_WHEN, "date"),
)
_OF_NAMES: tuple[tuple[re.Pattern[str], Sort], ...] = (
    (_PLACE, "place"),
    (_GROUP, "other"),
    (_PERSON, "person"),
)


def _weights(
    question: str, rarity: Mapping[str, float], without: AbstractSet[str]
) -> dict[str, float]:
    # A word that no article has is as rare as the rarest.
    most = max(rarity.values(), default=1.0)
    said = [t for t in content_terms(question) if t not in without and t not in _light()]
    return {term: rarity.get(term, most) for term in said}


@cache
def _light() -> frozenset[str]:
    return frozenset(terms(_LIGHT))


def _outlets_named(evidence: Evidence) -> int:
    question = f" {' '.join(terms(evidence.question))} "
    outlets = {passage.source.outlet for passage in evidence.passages} - {None}
    return sum(f" {' '.join(terms(outlet or ''))} " in question for outlet in outlets)
