"""Where sources of different stories contradict each other, and where one overtakes another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from service.disagreement.asking import Asked, Kind, asked
from service.disagreement.claims import LEAST_SURE, SURE, Claim, claims
from service.disagreement.positions import citations, day_of_claim, disagreement
from service.disagreement.value import STANCE, Value
from service.domain import Citation, Disagreement
from service.facts.names import missing_names
from service.published import day_of
from service.writers.words import joining_terms
from service.writers.writer import Evidence, Spotted

SAME_MATTER_COSINE = 0.45
SAME_MATTER_WORDS = 0.5
# Of the question's words, by rarity, both sentences must have so much.
SHARED: dict[Kind, float] = {
    "amount": 0.2,
    "duration": 0.3,
    "date": 0.3,
    "name": 0.3,
    "thing": 0.3,
    "polarity": 0.6,
}
# When the question names nobody and nothing, any event of the kind may be told of.
UNNAMED_SHARED = 0.5
NEAR_COPY_COSINE = 0.6
SAME_WORDS = 0.6
NEAR_BEST = 0.65
# Which of the names and days in a sentence is asked for, rules do not know: only near copies tell.
NEAR_COPIES: tuple[Kind, ...] = ("name", "thing", "date")
# Of NewsPolluted's 116 development questions 0.5 flags 20, 0.55 17 and 0.6 12; of 58 questions on
# the sample articles 3, 2 and none are flagged wrongly.
NEAR_NAMES_COSINE = 0.6
MAX_POSITIONS = 4
MAX_DAYS_APART = 250
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_PERIOD = re.compile(
    r"\b(?:first|second|third|fourth|last|this|next|previous)[ -](?:quarter|half|year|month|week"
    r"|season)\b|\b(?:Q[1-4]|H[12])\b",
    re.I,
)
_DATELINE = re.compile(r"^[^a-z]{3}[^–—]{0,60}? [–—-] ")
_SAID = r"(?:said|says|told|announced|reported|reports|wrote|estimates?|puts?|counts?|confirmed)"
_SPEAKER = re.compile(rf"^[^,]{{0,80}}?(?:,[^,]{{0,80}},)? {_SAID}\b")
_SPEAKER_AFTER = re.compile(
    rf",(?: [^,]*(?:,[^,]*){{0,3}}?)?\b{_SAID}\b.*$|\baccording to\b.*$", re.S
)
_OVERTAKES = re.compile(
    r"\b(?:(?:raised|rose|risen|climbed|lowered|cut|revised|corrected|changed|increased|updated"
    r"|postponed|delayed|moved|put off|brought forward)\b.{0,40}\b(?:to|from|until|down|up)\b"
    r"|correct(?:ion|ed|s)|revised?|no longer|has since|have since|had earlier|originally"
    r"|previously|instead of|now (?:stands|puts|expects?|says?|expected|costs?|at|be|to)"
    r"|and not|(?:fewer|more|less|higher|lower|later|earlier) than (?:\w+ ){0,2}(?:announced"
    r"|reported|thought|told|feared|planned|expected|said)"
    r"|(?:is|are|will|would|has|have) now|rescheduled|replaced|succeed(?:s|ed)"
    r"|new (?:date|figure|total|estimate))\b",
    re.I,
)


@dataclass(frozen=True)
class Disagreements:
    """What was found.

    Attributes:
        conflicts: What sources say differently.
        updates: Where a later report overtakes earlier ones.
        citations: The sentence that gives a source's value, by the source's number.
    """

    conflicts: tuple[Disagreement, ...] = ()
    updates: tuple[Disagreement, ...] = ()
    citations: Mapping[int, Citation] = field(default_factory=dict)


def find_disagreements(evidence: Evidence, spotted: Sequence[Spotted] = ()) -> Disagreements:
    """Return where sources of different stories give different values for what is asked.

    Args:
        evidence: The sources.
        spotted: What a reader takes for the answer in some of them.
    """
    wanted = asked(evidence)
    if wanted is None:
        return Disagreements()
    found = _firm(claims(evidence, wanted, spotted))
    sides = _sides(found, _contradict)
    ordered = _latest_first(sides or _sides(found, _overtakes))
    if ordered and _may_change(ordered, wanted):
        return Disagreements(updates=(disagreement(ordered, wanted),), citations=citations(ordered))
    if sides:
        return Disagreements(conflicts=(disagreement(sides, wanted),), citations=citations(sides))
    return Disagreements()


def _firm(found: Sequence[Claim]) -> list[Claim]:
    """Leave out claims that fit the question much worse than the best one does."""
    best = max((claim.score for claim in found), default=0.0)
    return [claim for claim in found if claim.score >= NEAR_BEST * best or claim.sure]


def _sides(
    found: Sequence[Claim], against: Callable[[Claim, Claim], bool]
) -> tuple[tuple[Claim, ...], ...]:
    """Group claims by value and keep those that another one is against; () when none is."""
    pairs = [(a, b) for a, b in combinations(found, 2) if against(a, b)]
    groups: list[list[Claim]] = []
    for claim in found:
        if not any(claim is a or claim is b for a, b in pairs):
            continue
        for group in groups:
            if _agree(claim, group[0]):
                group.append(claim)
                break
        else:
            groups.append([claim])
    # A round number goes with two exact ones that do not go with each other: no two sides.
    return tuple(map(tuple, groups[:MAX_POSITIONS])) if len(groups) > 1 else ()


def _agree(one: Claim, other: Claim) -> bool:
    return one.value.comparable(other.value) and one.value.same(other.value)


def _contradict(one: Claim, other: Claim) -> bool:
    """Tell whether two sources give values for one thing that cannot both be right."""
    return (
        _differ(one, other)
        and not _one_outlet(one, other)
        and not _says(one, other.value)
        and not _says(other, one.value)
    )


def _overtakes(one: Claim, other: Claim) -> bool:
    """Tell whether they do so and the later one, and it alone, tells of the earlier value."""
    earlier, later = sorted((one, other), key=lambda claim: day_of_claim(claim) or "")
    return _differ(one, other) and not _says(earlier, later.value)


def _differ(one: Claim, other: Claim) -> bool:
    return (
        not _one_story(one, other)
        and _tells(one, other)
        and one.value.comparable(other.value)
        and not one.value.same(other.value)
        and _one_matter(one, other)
        and not _other_period(one, other)
        and not _years_apart(one, other)
        and not _other_subject(one, other)
    )


def _tells(one: Claim, other: Claim) -> bool:
    """Tell whether kind, words or a reader make sure that the values are what is asked for."""
    if one.asked.kind not in NEAR_COPIES:
        return True
    by_words = one.asked.kind != "thing" and _near_copies(one, other)
    return by_words or _sure(one, other)


def _one_outlet(one: Claim, other: Claim) -> bool:
    """Tell whether one outlet says both: it corrects itself, or speaks of two things."""
    outlet = one.passage.source.outlet
    return outlet is not None and outlet == other.passage.source.outlet


def _one_story(one: Claim, other: Claim) -> bool:
    a, b = one.passage.source, other.passage.source
    return (
        a.article_id == b.article_id
        or a.story_id == b.story_id
        or a.article_id in b.also_in
        or b.article_id in a.also_in
    )


def _says(claim: Claim, value: Value) -> bool:
    """Tell whether the passage of a claim gives a value somewhere."""
    if value.unit == STANCE:
        return False
    if value.names:
        return any(name in claim.words_around for name in value.names)
    return any(v.comparable(value) and v.same(value) for v in claim.said_around)


def _one_matter(one: Claim, other: Claim) -> bool:
    """Tell whether two sentences speak of the same thing, which is what is asked about."""
    if _sure(one, other) and one.asked.kind in NEAR_COPIES:
        return True
    if not _alike(one, other):
        return False
    least = SHARED[one.asked.kind]
    if not one.asked.specific and _cosine(one, other) < NEAR_COPY_COSINE:
        least = UNNAMED_SHARED
    return one.shared_with(other) >= least


def _sure(one: Claim, other: Claim) -> bool:
    """Tell whether a reader takes each value for the answer of its source, sure of one of them."""
    less, more = sorted((one.sure, other.sure))
    # "Timber" and "wooden planks" may be one thing; two names or numbers seldom are.
    exact = one.asked.kind != "thing" or (one.value.is_exact and other.value.is_exact)
    return exact and less >= LEAST_SURE and more >= SURE


def _alike(one: Claim, other: Claim) -> bool:
    if one.asked.kind == "polarity":
        # Whether one denies what the other says, only sentences of the same words can tell.
        mine, theirs = _telling(one), _telling(other)
        return len(mine & theirs) >= SAME_WORDS * max(len(mine), len(theirs))
    return _cosine(one, other) >= SAME_MATTER_COSINE or _overlap(one, other) >= SAME_MATTER_WORDS


def _near_copies(one: Claim, other: Claim) -> bool:
    return _cosine(one, other) >= NEAR_NAMES_COSINE or _overlap(one, other) >= SAME_WORDS


def _overlap(one: Claim, other: Claim) -> float:
    """Return the share of the shorter sentence's words that the other one has."""
    mine, theirs = _telling(one), _telling(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _telling(claim: Claim) -> frozenset[str]:
    return frozenset(claim.terms - joining_terms())


def _cosine(one: Claim, other: Claim) -> float:
    return float(one.sentence.vector @ other.sentence.vector)


def _other_period(one: Claim, other: Claim) -> bool:
    if one.asked.kind == "date":
        return False
    a, b = one.sentence.text, other.sentence.text
    for pattern in (_YEAR, _PERIOD):
        mine = {found.casefold() for found in pattern.findall(a)}
        theirs = {found.casefold() for found in pattern.findall(b)}
        if mine and theirs and not mine & theirs:
            return True
    return False


def _years_apart(one: Claim, other: Claim) -> bool:
    """Tell whether two reports are of different years' events, such as a yearly race."""
    days = [day_of(claim.passage.source) for claim in (one, other)]
    if one.asked.kind not in ("amount", "duration", "name", "thing") or None in days:
        return False
    first, second = (day for day in days if day is not None)
    return abs((first - second).days) > MAX_DAYS_APART


def _other_subject(one: Claim, other: Claim) -> bool:
    """Tell whether each sentence is about somebody that the other's passage does not name.

    Who says it does not matter: "according to the mayor" and "according to the farmers".
    """
    if one.asked.kind in ("name", "thing"):
        return False
    mine = _unattributed(one.sentence.text)
    theirs = _unattributed(other.sentence.text)
    return bool(
        missing_names(mine, other.words_around | one.known.asked)
        and missing_names(theirs, one.words_around | other.known.asked)
    )


def _unattributed(sentence: str) -> str:
    for pattern in (_DATELINE, _SPEAKER, _SPEAKER_AFTER):
        sentence = pattern.sub("", sentence)
    return sentence


def _latest_first(sides: Sequence[tuple[Claim, ...]]) -> tuple[tuple[Claim, ...], ...]:
    """Return the sides with the latest first, when all of it came after the others; else ()."""
    spans = [[day_of_claim(claim) for claim in side] for side in sides]
    days = [[day for day in span if day] for span in spans]
    if not days or [len(span) for span in spans] != [len(span) for span in days]:
        return ()
    order = sorted(range(len(sides)), key=lambda n: max(days[n]), reverse=True)
    if any(max(days[n]) >= min(days[order[0]]) for n in order[1:]):
        return ()
    return tuple(sides[n] for n in order)


def _may_change(sides: Sequence[tuple[Claim, ...]], wanted: Asked) -> bool:
    said = (claim.sentence.text for claim in sides[0])
    return wanted.changing or any(_OVERTAKES.search(text) for text in said)
