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
from service.kinds import (
    COMPARED,
    LISTED,
    VERB,
    WH,
    AnswerKind,
    asking_words,
    kinds_of,
    last_sentence,
)
from service.writers.words import content_terms
from service.writers.writer import Evidence

Kind = Literal["amount", "duration", "date", "name", "thing", "polarity"]
"""A thing is whatever else "what" or "which" asks for: only a reader can tell one in a sentence."""
Sort = Literal["person", "place", "other"]

# Fewer words of its own, and the question says too little to tell what a value belongs to.
MIN_TERMS = 2
# "How many goals in the season?" is true of anybody.
MIN_TERMS_UNNAMED = 4
# Longer questions put several conditions, and no one sentence answers them.
MAX_TERMS = 22
# Words that many questions have, whatever they are about.
_LIGHT = """
accord recent recently reportedly reported week day today month currently now latest apparently
approximately estimated allegedly said says announced name called happen take took place
"""
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
_THING = re.compile(r"(?:\w+ )?(?:what|which)\b", re.I)
_ALONE = frozenset({"who", "whom", "whose", "when", "where"})
MAX_OPENING = 4
_ENDS_OPENING = re.compile(
    rf"(?:{VERB}|took|take|takes|go|goes|went|come|came|comes|fell|falls?|lives?|works?|made|makes?"
    r"|says?|said|wants?|got|gets?|won|wins?|met|gave|led|leads|heads|ran|runs|lost|put|set|about"
    r"|of|in|on|for|at|from|to|by|with|after|during|since|per|it|he|she|they|\w+ed)",
    re.I,
)
_WHAT_IS = re.compile(
    r"\bwhat (?:is|are|was|were) (the (?:[\w-]+ ){0,2}?(?:numbers? of [\w-]+|percentage|population"
    r"|amount|price|costs?|size|share|total|rate|toll|age|temperature|height|length))\b",
    re.I,
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
    if COMPARED.search(whole) or _outlets_named(evidence) > 1:
        return None
    # "It rained for days. Which town was flooded?": what is asked stands last.
    question = last_sentence(whole)
    kinds = kinds_of(question)
    kind = _kind(kinds, _opening(question))
    opening = _asking(question, kinds, kind)
    if kind is None or (kind != "polarity" and LISTED.search(question)):
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
        sort=_sort(kinds),
        specific=specific,
    )


def _about(kind: Kind, opening: str) -> str:
    if kind == "polarity":
        return "whether it is so"
    if kind in ("name", "thing") and opening == "what":
        return "the name" if kind == "name" else "what it is"
    return opening[:1].lower() + opening[1:]


def _opening(question: str) -> str:
    """Return the words that ask, up to the verb: "how many dockers", "the price"."""
    whole = _WHAT_IS.search(question)
    if whole:
        return whole[1]
    found = WH.search(question)
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


def _kind(kinds: tuple[AnswerKind, ...], opening: str) -> Kind | None:
    for kind in kinds:
        if kind == "polarity":
            return kind
        if opening and kind in ("duration", "amount", "date"):
            return kind
        if opening and kind in _SORTS:
            return "name"
    return "thing" if not kinds and _THING.match(opening) else None


def _sort(kinds: tuple[AnswerKind, ...]) -> Sort:
    return next((_SORTS[kind] for kind in kinds if kind in _SORTS), "other")


def _asking(question: str, kinds: tuple[AnswerKind, ...], kind: Kind | None) -> str:
    """Return the words that ask; those for a name end with the sort of name."""
    opening = _opening(question)
    sorts = (one for one in kinds if one in _SORTS) if kind == "name" else ()
    named = next((asking_words(question, one) for one in sorts), "")
    return named if named.casefold() in opening.casefold() and named else opening


_SORTS: Mapping[AnswerKind, Sort] = {"place": "place", "organisation": "other", "person": "person"}


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
