"""The parts of a question that a follow-up leaves out: who, about what, where, when, which outlet.

English questions have few shapes, and news questions fewer; what is not recognised is left out
rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from service.facts.names import missing_names
from service.query.periods import periods

Outlets = Callable[[str], list[str]]
"""Takes a text and returns the names of the outlets in it, as they stand there."""

_AUXILIARY = r"(?:did|does|do|has|have|had|will|would|can|could|should|might|must)"
# The base and the participle of what people and offices do in the news.
_VERB = (
    r"(?:say|said|tell|told|do|done|mean|announce|add|accept|accuse|admit|agree|approve|argue|ask"
    r"|attack|ban|become|begin|believe|blame|block|build|buy|call|cancel|cause|change|claim|close"
    r"|comment|confirm|criticise|criticize|decide|declare|demand|deny|describe|discuss|end|expect"
    r"|explain|face|fall|find|get|give|go|happen|have|impose|introduce|invest|join|keep|kill|launch"
    r"|lead|leave|lose|make|meet|mention|move|need|offer|open|order|pay|plan|promise|propose"
    r"|publish|put|react|receive|reject|release|reply|report|resign|respond|return|reveal|sell"
    r"|send|sign|speak|start|stop|strike|suggest|support|take|talk|think|threaten|travel|urge|visit"
    r"|vote|want|warn|win|withdraw|work|write|see|set|hold|cost|raise|reach|sink|hit)(?:e?d|ed)?"
)
_SUBJECT = re.compile(
    rf"\b{_AUXILIARY} (?P<subject>(?:[\w.’'-]+ ){{1,7}}?)(?:not |ever |already )?{_VERB}\b", re.I
)
_WHO_IS = re.compile(r"\bwho (?:is|was|are|were) (?P<subject>[\w.’' -]+?)\s*(?:[?,]|$)", re.I)
_PRONOUN = re.compile(
    r"(?:he|she|it|they|him|her|them|his|hers|its|their|this|that|these|those|there|you|we|i)\b",
    re.I,
)
_STOP = (
    r"(?=\s*(?:over\s*)?(?:[,;:?!.]|$)|\s+(?:according|when|who|which|that|while|because|if|during|after|before"
    r"|since|until|mention|say|says|claim|report|discuss|describe|suggest|argue|name|quote"
    r"|and (?:what|who|when|where|why|how))\b)"
)
_TOPIC = re.compile(rf"\b(?P<link>about|regarding|concerning) (?P<topic>[^\W\d_].*?){_STOP}", re.I)
# "The sanctions on Norland" are one thing; what is said on Norland is about Norland.
_SAID_ON = re.compile(
    r"\b(?:say|said|that|it|comment|speak|think|agree|disagree|decide|vote|report|reported|reports"
    r"|article|articles"
    r"|story|news|position|view|views|stance|statement|interview|talk) "
    rf"(?P<link>on|over) (?P<topic>[^\W\d_].*?){_STOP}",
    re.I,
)
_ON = re.compile(rf"\b(?P<link>on|over) (?P<topic>[^\W\d_].*?){_STOP}", re.I)
_THING = re.compile(
    r"\b(?:(?P<link>on|in|at|aboard|during|against|from|with|for) )?"
    r"(?P<topic>(?:the|an?) [^\W\d_].*?)"
    rf"(?:{_STOP}|(?=\s(?:is|are|was|were|has|have|had|will|did)\b))",
    re.I,
)
_PLACE = re.compile(r"\b(?:in|at|near|inside|outside|across) (?:the )?$", re.I)
_NAME = r"[^\W\d_a-z][\w.&’'-]*"
_SOURCE = re.compile(rf"\b(?i:according to) (?P<outlet>(?:[Tt]he )?{_NAME}(?: {_NAME}){{0,4}})")
_CAPITAL = re.compile(r"[^\W\d_a-z]|(?:al|bin|de|der|von|van)\b")
_THE = re.compile(r"\b[Tt]he $")
_IN = re.compile(r",? *\b(?:in|on|at|during|for|of|from) (?:the )?$", re.I)
_ABBREVIATED = re.compile(r"\b(?:[A-Z]\.){2,}")
_JOINED = re.compile(r" (?:of|of the|for|de|al|bin|von|van|&) |-", re.I)
# "Mara Lund" is a person, unless one of these is among the words.
_OF_NO_PERSON = """
agency assembly authority bank black board city club commission committee company congress costa
council court cup department east forces fund group hong house inc institute las league los
ministry nations new news north office parliament party post puerto red republic river san saudi
sea senate south sri states street strip tel times treaty union united university west white world
"""
_NO_PERSON = frozenset(_OF_NO_PERSON.split())
# What a request may begin with, in front of a name.
_REQUESTS = "compare describe explain find i list name show summarise summarize"
_NOT_A_NAME = frozenset(_REQUESTS.split())
_ROLE = re.compile(
    r"\b(?:president|minister|chancellor|spokes\w+|chief|ceo|secretary|ambassador|leader|mayor"
    r"|governor|king|queen|pope|captain|general|senator|judge|coach|director|founder|envoy)\b",
    re.I,
)
_LOOK_BACK = 30
_MAX_TOPIC_WORDS = 9
# Only where a period stands is asked, not which one it is.
_ANY_DAY = date(2024, 7, 1)


@dataclass(frozen=True)
class Phrase:
    """A stretch of a question.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        text: The stretch.
        link: The preposition in front of it, "" for none.
    """

    start: int
    end: int
    text: str
    link: str = ""

    def __str__(self) -> str:
        return f"{self.link} {self.text}".strip()


@dataclass(frozen=True)
class Mentions:
    """What a question names.

    Attributes:
        names: In order, outlets and days left out.
        subject: Who or what does something in it.
        person: Whom "he" or "she" may mean.
        topic: What is asked about.
        place: A name after "in" or "at".
        outlets: Each with its article, "the Meridian Wire".
        period: A stretch of days with its preposition, "in 2024".
    """

    names: tuple[Phrase, ...]
    subject: Phrase | None
    person: Phrase | None
    topic: Phrase | None
    place: Phrase | None
    outlets: tuple[Phrase, ...]
    period: Phrase | None

    @property
    def source(self) -> str:
        """Whose reports are asked for, to be put at the end of a question; "" for anybody's."""
        known = " and ".join(outlet.text for outlet in self.outlets)
        return f", according to {known}" if known else ""


def mentions_in(text: str, outlets: Outlets) -> Mentions:
    """Return what a question names."""
    sources, period = outlets_in(text, outlets), period_in(text)
    taken = [*sources, *([period] if period else [])]
    names = tuple(name for name in names_in(text) if not any(_overlap(name, t) for t in taken))
    subject = _subject(text, taken)
    place = next((linked for name in names if (linked := _linked(text, name, _PLACE))), None)
    return Mentions(
        names=names,
        subject=subject,
        person=_person(text, names, subject),
        topic=_topic(text, [*taken, *([subject] if subject else [])]),
        place=place,
        outlets=sources,
        period=period,
    )


def names_in(text: str) -> list[Phrase]:
    """Return the names of a text in order; "Bank of Norland" is one."""
    found: list[Phrase] = []
    for start, end in sorted([*_runs(text), *(m.span() for m in _ABBREVIATED.finditer(text))]):
        if found and _JOINED.fullmatch(text[found[-1].end : start]):
            start = found.pop().start
        if start < end and not (found and start < found[-1].end):
            found.append(Phrase(start, end, text[start:end]))
    return found


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words of one name follow each other."""
    at = 0
    for run in missing_names(text, frozenset()):
        start = text.index(run, at)
        at = start + len(run)
        opener, blank, _ = run.partition(" ")
        skipped = len(opener) + len(blank) if opener.casefold() in _NOT_A_NAME else 0
        yield start + skipped, at


def is_person(name: str) -> bool:
    """Tell whether a name has the form of a person's: two words or more, no office or country."""
    words = name.casefold().split()
    if not words[1:] or "of" in words or _NO_PERSON.intersection(words):
        return False
    return all(_CAPITAL.match(word) for word in name.split()) and not _ROLE.fullmatch(words[-1])


def is_human(subject: str) -> bool:
    """Tell whether words are the name or the office of a person."""
    return is_person(subject) or bool(_ROLE.search(subject))


def outlets_in(text: str, outlets: Outlets) -> tuple[Phrase, ...]:
    """Return the outlets that a text names in order, or whoever follows "according to"."""
    found: list[Phrase] = []
    for at, name in sorted((text.find(name), name) for name in outlets(text) if name):
        article = _THE.search(text, max(0, at - _LOOK_BACK), at)
        start, end = article.start() if article else at, at + len(name)
        if at >= 0 and (not found or found[-1].end <= start):
            found.append(Phrase(start, end, text[start:end]))
    source = None if found else _SOURCE.search(text)
    return (Phrase(*source.span("outlet"), source["outlet"]),) if source else tuple(found)


def period_in(text: str) -> Phrase | None:
    """Return the first stretch of days that a text names."""
    found = next(iter(periods(text, _ANY_DAY)), None)
    if found is None:
        return None
    link = _IN.search(text, max(0, found.start - _LOOK_BACK), found.start)
    start = link.start() if link else found.start
    words = text[start : found.end].lstrip(" ,")
    return Phrase(found.end - len(words), found.end, words)


def _subject(text: str, taken: list[Phrase]) -> Phrase | None:
    found = _SUBJECT.search(text) or _WHO_IS.search(text)
    if not found or _PRONOUN.match(found["subject"]):
        return None
    words = found["subject"].strip()
    subject = Phrase(found.start("subject"), found.start("subject") + len(words), words)
    return None if any(_overlap(subject, part) for part in taken) else subject


def _person(text: str, names: tuple[Phrase, ...], subject: Phrase | None) -> Phrase | None:
    if subject and (is_human(subject.text) or not subject.text.startswith(("the ", "The "))):
        return subject
    persons = [n for n in names if is_person(n.text) and not _linked(text, n, _PLACE)]
    return persons[-1] if persons else None


def _topic(text: str, taken: list[Phrase]) -> Phrase | None:
    """Return what follows "about", or else the first thing with an article."""
    free = text
    for part in taken:
        free = f"{free[: part.start]}{',' * (part.end - part.start)}{free[part.end :]}"
    for pattern in (_TOPIC, _SAID_ON, _THING, _ON):
        for found in pattern.finditer(free):
            words = re.sub(r"^(The|An?) ", lambda article: article[0].lower(), found["topic"])
            words = words.rstrip(" (")
            if not _PRONOUN.fullmatch(words) and len(words.split()) <= _MAX_TOPIC_WORDS:
                start = found.start("topic")
                link = found.groupdict().get("link") or ""
                return Phrase(start, start + len(words), words, link)
    return None


def _linked(text: str, name: Phrase, before: re.Pattern[str]) -> Phrase | None:
    """Return a name with its preposition, when that is one of these."""
    found = before.search(text, max(0, name.start - _LOOK_BACK), name.start)
    if not found:
        return None
    link, _, article = found[0].strip().partition(" ")
    start = name.start - (len(article) + 1 if article else 0)
    return Phrase(start, name.end, text[start : name.end], link)


def _overlap(one: Phrase, other: Phrase) -> bool:
    return one.start < other.end and other.start < one.end
