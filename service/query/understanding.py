"""What a question asks: of which outlets and days, in which parts, and whether for the latest."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ingest.index.lexical import terms
from service.domain import Aspect, Order
from service.facts.names import missing_names
from service.query.outlets import OutletMention, OutletNames
from service.query.parts import Part, blanked, parts, topic_terms
from service.query.periods import Period, periods

_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|currently|as of (?:now|today)|so far|at last count"
    r"|these days|right now)\b",
    re.I,
)
_FIRST = re.compile(
    r"\b(?:earliest|initially|originally|at first"
    r"|first (?:reports?|articles?|stor(?:y|ies)|announce\w*|mention\w*|report\w*|sa(?:y|ys|id))"
    r"|(?:report|announc|mention|publish)\w* (?:\w+ ){0,3}first(?!\s+\w)"
    r"|(?:who|which outlet) (?:was )?first)\b",
    re.I,
)


@dataclass(frozen=True)
class Understanding:
    """What was read out of a question; offsets count in its text.

    Attributes:
        text: The question, standing alone.
        terms: Its words as they are indexed, without outlets' names and those of every question.
        parts: Its clauses; () when it has but one.
        part_outlets: For each part the outlets whose article it speaks of; a part that names none
            goes with the part before it, else with the one after it.
        mentions: Where it names outlets, those that the index does not have among them.
        periods: The days that it speaks of.
        order: Whether it asks for the latest or the first of something.
        people: Names in it that are no outlets', as written.
    """

    text: str
    terms: tuple[str, ...]
    parts: tuple[Part, ...]
    part_outlets: tuple[frozenset[str], ...]
    mentions: tuple[OutletMention, ...]
    periods: tuple[Period, ...]
    order: Order | None
    people: tuple[str, ...]

    @property
    def all_terms(self) -> list[str]:
        """Every word of the question as it is indexed, each once."""
        return list(dict.fromkeys(terms(self.text)))

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets of the index that it names, each once, in order."""
        named = (outlet for mention in self.mentions for outlet in mention.outlets)
        return tuple(dict.fromkeys(named))

    @property
    def unknown_outlets(self) -> tuple[str, ...]:
        """The outlets that it names and the index does not have, as written."""
        missing = (self.text[m.start : m.end] for m in self.mentions if not m.outlets)
        return tuple(dict.fromkeys(missing))


@dataclass(frozen=True)
class Query:
    """A question as it is searched for.

    Attributes:
        asked: What was understood of it.
        embed: Makes `vectors`; called once, and not before they are needed.
    """

    asked: Understanding
    embed: Callable[[], NDArray[np.float32]]

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Of the whole question and each of its parts, unit length, (1 + parts, dimension)."""
        return self.embed()


def understand(
    text: str, outlets: OutletNames, today: date, disregard: Collection[Aspect] = ()
) -> Understanding:
    """Read a question.

    Args:
        text: The question, standing alone.
        outlets: Finds those of the index.
        today: What "last week" counts from.
        disregard: What shall not be read out of it.
    """
    mentions = () if "outlets" in disregard else tuple(outlets.find(text))
    names = [text[mention.start : mention.end] for mention in mentions]
    days = () if "days" in disregard else tuple(periods(text, today, names))
    named = [(mention.start, mention.end) for mention in mentions]
    dated = [(day.start, day.end) for day in days]
    found = () if "parts" in disregard else tuple(parts(text, [*named, *dated], named))
    clauses = found if len(found) > 1 else ()
    return Understanding(
        text=text,
        terms=tuple(topic_terms(blanked(text, ((m.start, m.end) for m in mentions if m.outlets)))),
        parts=clauses,
        part_outlets=_spread(_named(clauses, mentions)),
        mentions=mentions,
        periods=days,
        order=None if "order" in disregard else _order(text),
        people=_people(text, [*names, *(text[day.start : day.end] for day in days)]),
    )


def _named(parts: Sequence[Part], mentions: Collection[OutletMention]) -> list[frozenset[str]]:
    """Return the outlets that each part names; what stands between two parts opens the second."""
    named: list[set[str]] = [set() for _ in parts]
    for mention in mentions if parts else ():
        n = next((n for n, part in enumerate(parts) if mention.start < part.end), len(parts) - 1)
        named[n].update(mention.outlets)
    return [frozenset(own) for own in named]


def _people(text: str, taken: Collection[str]) -> tuple[str, ...]:
    if text.isupper():
        return ()
    names = dict.fromkeys(missing_names(text, frozenset()))
    return tuple(name for name in names if not _is_in(name, taken))


def _spread(named: list[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Let each part without an outlet take that of the part before it, else of the next one."""
    forward: list[frozenset[str]] = []
    for own in named:
        forward.append(own or (forward[-1] if forward else own))
    first = next((own for own in forward if own), frozenset())
    return tuple(own or first for own in forward)


def _order(text: str) -> Order | None:
    if _LATEST.search(text):
        return "latest"
    return "first" if _FIRST.search(text) else None


def _is_in(name: str, outlets: Collection[str]) -> bool:
    return any(name.casefold() in outlet.casefold() for outlet in outlets)
