"""What a sentence needs to be understood alone: whom "he" stands for, who speaks, what came before.

Every word is the article's: a name in brackets stands in the article, and so does the sentence
before, which is shown where no name can be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.speech.attribution import meant_by, speaker_of
from service.writers.extractive.candidates import candidate_at, instructed
from service.writers.extractive.selection import Chosen, citation_of

_LINK = r"(?:(?:But|And|So|Yet|Then|However|Instead|Meanwhile|Still|Also|Now|Later),? )?"
_PERSON = re.compile(rf"^{_LINK}(?P<pronoun>he|she)\b(?!['’])", re.I)
_ROLES = """
minister president chancellor secretary senator governor mayor judge general director chairman
spokesman spokeswoman spokesperson official coach manager suspect victim man woman couple pair
company group firm team club party agency court bank union government bill law deal plan move
decision ruling report study project attack incident crash vessel ship strike vote announcement
player striker singer actor author pilot driver captain two three former latter pair
"""
_POINTING = re.compile(
    rf"^[“\"‘']?{_LINK}(?:they|it|this|that|these|those|his|her|its|their|both|such|he|she"
    rf"|the (?:\w+ ){{0,1}}(?:{'|'.join(_ROLES.split())}))\b",
    re.I,
)
_IMPERSONAL = re.compile(
    r"^[“\"‘']?it (?:is|was|will be|has been|had been|would be|remains|remained)"
    r" (?:(?:not|now|still|also) )?(?:\w+ )?(?:that|to|who|whether|unclear|clear|unknown)\b",
    re.I,
)
_SAYING = re.compile(r"\b(?:said|says|told|tells|added|wrote|warned|according)\b", re.I)
_QUOTED = re.compile(r"^[“\"]|[”\"]\W*$")


MAX_BEFORE = 2


@dataclass(frozen=True)
class Shown:
    """A sentence as it is shown.

    Attributes:
        name: Whom the pronoun that opens it stands for, to be set behind it; None without one.
        name_at: Where in the sentence that is.
        speaker: Who says it, to be set before a quotation that does not tell; None without one.
    """

    chosen: Chosen
    name: str | None = None
    name_at: int = 0
    speaker: str | None = None


def in_context(chosen: Sequence[Chosen]) -> list[Shown]:
    """Return the sentences with what they need, in the order given.

    A sentence that is only there for the next one stands right before it.
    """
    taken = {one.candidate.place for one in chosen}
    shown: list[Shown] = []
    for one in chosen:
        told = _told(one)
        if not (told.name or told.speaker) and _points_back(one):
            before = [other for other in _before(one) if other.candidate.place not in taken]
            taken.update(other.candidate.place for other in before)
            shown += map(Shown, before)
        shown.append(told)
    return shown


def _told(one: Chosen) -> Shown:
    """Return a sentence with the name of whoever it leaves unnamed."""
    passage, at = one.candidate.passage, one.candidate.at
    sentence = one.candidate.sentence
    opening = _PERSON.match(sentence.text)
    if opening:
        before = [s.text for s in passage.sentences[:at]]
        name = meant_by(opening["pronoun"].lower(), before)
        if _is_name(name, sentence.text):
            return Shown(one, name=name, name_at=opening.end())
    elif _QUOTED.search(sentence.text):
        speaker = speaker_of(sentence.text, [citation_of(one.candidate)], [passage])
        if _is_name(speaker, sentence.text) and not _SAYING.search(_unquoted(sentence.text)):
            return Shown(one, speaker=speaker)
    return Shown(one)


def _is_name(name: str | None, sentence: str) -> bool:
    """Tell whether a name adds something; a number in it would read as a marker."""
    return (
        bool(name)
        and str(name)[0].isupper()
        and not _has_digit(str(name))
        and (str(name).split()[-1] not in sentence)
    )


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _unquoted(sentence: str) -> str:
    return re.sub(r"[“\"][^”\"]*[”\"]?", " ", sentence)


def names_nobody(one: Chosen) -> bool:
    """Tell whether a sentence is about a "he" or "she" whom it does not name."""
    return bool(_PERSON.match(one.candidate.sentence.text))


def _points_back(one: Chosen) -> bool:
    text = one.candidate.sentence.text
    if _QUOTED.match(text):
        # What "it" is in somebody's words, who speaks knows; who speaks must be told.
        return not _SAYING.search(_unquoted(text))
    return bool(_POINTING.match(text)) and not _IMPERSONAL.match(text)


def _before(one: Chosen) -> list[Chosen]:
    """Return the sentences before, back to the nearest that needs none itself; few at most."""
    passage, hidden = one.candidate.passage, instructed(one.candidate.passage)
    found: list[Chosen] = []
    for at in range(one.candidate.at - 1, max(-1, one.candidate.at - 1 - MAX_BEFORE), -1):
        if at in hidden:
            break
        found.insert(0, Chosen(candidate_at(passage, at)))
        if not _points_back(found[0]):
            return found
    return []
