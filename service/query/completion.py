"""A question that points at the one before, with the names in it that it points at."""

from __future__ import annotations

import re

from service.query.exchange import ABOUT, Before, appended, as_to
from service.query.phrases import Mentions, Outlets, is_human, mentions_in
from service.query.pointing import Pointer, pointers

MAX_CHARS = 600
"""A question that is made of several has at most this many characters."""

_SAY = re.compile(
    r"\b(?:say|said|says|tell|told|do|did|done|mention|announce|claim|mean|reported|report) $", re.I
)
_PLURAL = re.compile(
    r"\w+ (?:[\w’'-]+ ){0,2}?\w+(?<!s)s(?=$| (?:on|of|in|for|against|between|with|from|at|to)\b)"
)
_ASKS_WHEN = re.compile(r"\bwhen\b|\b(?:what|which) (?:day|date|year|month)\b", re.I)
_NEAR = 20


def filled(text: str, before: Before, outlets: Outlets) -> str:
    """Put names where a question points, and at its end what else it leaves out."""
    # The first "he" gets the name; a later one then means the same.
    first = {pointer.points: pointer for pointer in reversed(pointers(text))}
    whole = text
    # From the end, so that places stay right; of two words that would get one name the first does.
    meant = {pointer: _meant(text, pointer, before) for pointer in first.values()}
    order = sorted(meant, key=lambda pointer: pointer.start)
    taken = [meant[pointer] for pointer in order]
    for n, pointer in reversed(list(enumerate(order))):
        if taken[n] not in taken[:n]:
            whole = _named(whole, pointer, taken[n])
    phrases = _left_out(whole, mentions_in(whole, outlets), before.mentions)
    period = f" {before.mentions.period.text}" if before.mentions.period else ""
    if first and whole == text and not set(phrases).difference([before.mentions.source, period]):
        phrases = [as_to(before)]
    for phrase in phrases:
        longer = appended(whole, phrase)
        whole = longer if len(longer) <= MAX_CHARS else whole
    return whole[:1].upper() + whole[1:]


def _named(text: str, pointer: Pointer, name: str) -> str:
    """Put a name in the place of a word that points; "" where nobody knows which."""
    if not name:
        return text
    if pointer.possessive:
        name += "’" if name.endswith("s") else "’s"
    return text[: pointer.start] + name + text[pointer.end :]


def _meant(text: str, pointer: Pointer, before: Before) -> str:
    subject, topic, place = before.mentions.subject, before.mentions.topic, before.mentions.place
    thing = subject if subject and not is_human(subject.text) else None
    match pointer.points:
        case "person":
            return before.person
        case "group":
            thing = topic if topic and _PLURAL.match(topic.text) else thing
        case "place":
            return str(place) if place else ""
        case "thing" if _SAY.search(text, max(0, pointer.start - _NEAR), pointer.start):
            return "that" if topic and topic.link else ""
        case "thing":
            thing = topic or thing
        case "other":
            return ""
    return thing.text if thing else ""


def _left_out(text: str, own: Mentions, before: Mentions) -> list[str]:
    """Return what the question before names and this one does not, as phrases to put at its end."""
    new = [name for name in own.names if all(name.text != n.text for n in before.names)]
    has_topic = own.topic is not None and own.topic.link in ABOUT
    subject = own.subject.text if own.subject else ""
    goes_on = all(name.text in subject for name in new)
    phrases: list[str] = []
    if goes_on and not has_topic:
        phrases += _matter(text, own, before)
    if goes_on and not has_topic and before.period and not own.period:
        phrases += [] if _ASKS_WHEN.search(text) else [f" {before.period.text}"]
    if before.source and not own.outlets:
        phrases.append(before.source)
    return phrases


def _matter(text: str, own: Mentions, before: Mentions) -> list[str]:
    """Return the topic, the place and, when no name is left, the name that was asked about."""
    topic, place, subject = before.topic, before.place, before.subject
    within = " ".join(part.text for part in (topic, place, subject) if part)
    others = [subject, *(name for name in before.names if name.text not in within)]
    # A thing that is still pointed at may be any of them.
    points = any(pointer.points == "thing" for pointer in pointers(text))
    names = [name.text for name in others if name and name.text not in text]
    concerning = names[:1] if points or not own.names else []
    phrases: list[str] = []
    if topic and not (own.topic and own.topic.text in topic.text) and topic.text not in text:
        if topic.link and topic.link not in ("concerning", "regarding") and not own.topic:
            phrases.append(f" {topic}")
        else:
            concerning.append(topic.text)
    if place and place.text not in " ".join([text, *phrases, *concerning]) and not own.place:
        phrases.append(f" {place}")
    return [*phrases, *([f", concerning {' and '.join(concerning)}"] if concerning else [])]
