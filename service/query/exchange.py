"""The question before, asked of something else: "And Norland?", "In 2024?", "Why?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.query.phrases import (
    Mentions,
    Outlets,
    Phrase,
    is_person,
    mentions_in,
    outlets_in,
    period_in,
)

BARE = re.compile(
    r"(?:since when|until when|by whom|with whom|to whom|who|whom|what|when|where|why|why not|how"
    r"|how so|how many|how much|how often|how long|what else|who else|where else|which ones?"
    r"|which)",
    re.I,
)
_LINKED = re.compile(
    r"(?:(?P<link>about|on|over|regarding|concerning|in|at|near|by|from|with|for|against|to|of"
    r"|between) )?(?P<what>.+)",
    re.I | re.DOTALL,
)
ABOUT = frozenset({"about", "on", "over", "regarding", "concerning"})
_IN = frozenset({"in", "at", "near"})
# What can take the place of "what" or of nothing in front of "did she say".
_OF_MANNER = frozenset({"when", "where", "why", "how", "why not", "since when", "until when"})
_ASKED = re.compile(
    r"(?:(?P<wh>what|when|where|why|how|who|whom|which) )?(?P<aux>did|does|do|has|have|had|will"
    r"|would|can|could|should|is|are|was|were) (?P<rest>.+)",
    re.I | re.DOTALL,
)
_BE = frozenset({"is", "are", "was", "were"})
_A_SUBJECT = re.compile(r"(?:the|an?|his|her|its|their|this|that|these|those) |[A-Z]")
_NO_OBJECT = re.compile(
    r" [a-z]+(?= (?:about|regarding|concerning|on|in|at|to|during|after|before|over)\b|[,?]|$)"
)
_SOURCE_LINK = re.compile(r",? *\b(?:according to|as reported by|by|in|from|per)? *$", re.I)
_ARTICLE_ITSELF = re.compile(
    r"(?:the )?(?:ones?|that|those|articles?|reports?|stor(?:y|ies))", re.I
)
_AS_TO = ", as to "
# Where the last words say whose report is asked for.
_ACCORDING = re.compile(r",? *\baccording to [^,?!]*[\s?!.…]*$", re.I)
_FUNCTION_WORD = re.compile(
    r"(?:About|After|According|At|Before|Between|By|During|For|From|In|Last|Near|Next|On|Over|Since"
    r"|The(?= [a-z])|This|To|Today|Until|With|Yesterday)\b"
)
_DATE_ALONE = re.compile(
    r"(?:\d|Q[1-4]\b|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)(?!.*\bago\b)",
    re.I,
)
_WITH_A_DAY = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\b|day\b", re.I)
_END = re.compile(r"[\s?!.…]*$")


@dataclass(frozen=True)
class Before:
    """What was asked before.

    Attributes:
        text: The last question, standing alone.
        mentions: What it names.
        person: The last person named, in it or before it; "" for none.
        surnames: Last words of the persons that the conversation has named in full.
    """

    text: str
    mentions: Mentions
    person: str = ""
    surnames: frozenset[str] = frozenset()


def linked(core: str) -> bool:
    """Tell whether a text begins with a preposition."""
    found = _LINKED.fullmatch(core)
    return bool(found and found["link"])


def exchanged(core: str, before: Before, outlets: Outlets) -> str:
    """Return the question before with the outlet, the days, the name or the topic of the new one.

    Args:
        core: The new question without "and" in front and its question mark.
        before: What was asked before.
        outlets: Finds the outlets that a text names.
    """
    if _FUNCTION_WORD.match(core):
        core = core[0].lower() + core[1:]
    text, rest = before.text, core
    outlet = next(iter(outlets_in(core, outlets)), None)
    if outlet:
        old = before.mentions.outlets[-1] if before.mentions.outlets else None
        text = _in_place_of(text, old, outlet.text, f", according to {outlet.text}")
        rest = _SOURCE_LINK.sub("", core[: outlet.start]) + core[outlet.end :]
    period = period_in(rest)
    if period:
        words = _dated(period.text)
        text = _in_place_of(text, period_in(text), words, f" {words}")
        rest = rest[: period.start] + rest[period.end :]
    rest = rest.strip(" ,")
    rest = "" if _ARTICLE_ITSELF.fullmatch(rest) else rest
    return _of_another(text, rest, before, outlets) if rest else text


def _dated(words: str) -> str:
    """Return days with a preposition, which "what about 8 October?" leaves out."""
    if not _DATE_ALONE.match(words):
        return words
    return f"{'on' if _WITH_A_DAY.search(words) else 'in'} {words}"


def _in_place_of(text: str, old: Phrase | None, new: str, appendix: str) -> str:
    if old is None:
        return appended(text, appendix)
    new = new[0].upper() + new[1:] if old.start == 0 else new
    return text[: old.start] + new + text[old.end :]


def _of_another(text: str, rest: str, before: Before, outlets: Outlets) -> str:
    """Exchange the topic, the place or the name that is most like the new one."""
    found = _LINKED.fullmatch(rest)
    link, what = ((found["link"] or "").casefold(), found["what"]) if found else ("", rest)
    mentions = mentions_in(text, outlets)
    if link in ABOUT:
        old = mentions.topic if mentions.topic and mentions.topic.link in ABOUT else None
    elif link in _IN:
        old = mentions.place
    elif link:
        old = _after(text, link)
    else:
        old = _with_article(text, _like(what, mentions, before))
    return _in_place_of(text, old, what, f" {rest}" if link else f", concerning {rest}")


def _after(text: str, link: str) -> Phrase | None:
    """Return the name or thing that stands after a preposition."""
    found = re.search(rf"\b{link} (?P<what>(?:the )?[^\W\d_a-z][\w’-]*(?: [A-Z][\w’-]*)*)", text)
    return Phrase(*found.span("what"), found["what"], link) if found else None


def _with_article(text: str, name: Phrase | None) -> Phrase | None:
    """Return a name together with the "the" in front of it."""
    if name is None or text[max(0, name.start - len("the ")) : name.start].casefold() != "the ":
        return name
    return Phrase(name.start - len("the "), name.end, text[name.start - len("the ") : name.end])


def _like(what: str, mentions: Mentions, before: Before) -> Phrase | None:
    names = [name for name in mentions.names if name.text.casefold() not in what.casefold()]
    bare = what.removeprefix("the ").removeprefix("The ")
    if not bare[:1].isupper():
        return mentions.topic or mentions.subject
    wants_person = is_person(bare) or bare.split()[-1] in before.surnames
    if wants_person and mentions.person:
        return mentions.person
    alike = [name for name in names if is_person(name.text) == wants_person]
    return next(iter(alike or names), None) or mentions.subject or mentions.topic


def asked_otherwise(core: str, before: Before) -> str:
    """Return the question before with another question word: "Why?" after "Did it sink?"."""
    asked = _ASKED.match(before.text)
    if asked and _takes(core, asked, before.mentions.subject):
        rest = asked["rest"]
        if (asked["wh"] or "").casefold() in ("what", "who", "whom", "which"):
            rest = _with_object(rest, before.mentions.subject)
        return f"{_capital(core)} {asked['aux'].casefold()} {rest}"
    return appended(f"{_capital(core)}?", about(before.mentions) or as_to(before))


def _takes(core: str, asked: re.Match[str], subject: Phrase | None) -> bool:
    if core.casefold() not in _OF_MANNER:
        return False
    wh, rest = (asked["wh"] or "").casefold(), asked["rest"]
    begins = bool(_A_SUBJECT.match(rest)) or bool(subject and rest.startswith(subject.text))
    is_open = wh not in ("what", "who", "whom", "which") or asked["aux"].casefold() not in _BE
    return begins and is_open


def _with_object(rest: str, subject: Phrase | None) -> str:
    """Give a verb that has lost its "what" a "that": "say that about the strike"."""
    if not subject or not rest.startswith(subject.text):
        return rest
    verb = _NO_OBJECT.match(rest, len(subject.text))
    return f"{rest[: verb.end()]} that{rest[verb.end() :]}" if verb else rest


def about(mentions: Mentions) -> str:
    """Return what a question is about, to be put at the end of another: ", concerning Lund"."""
    things = [part for part in (mentions.subject, mentions.topic) if part] or mentions.names[:2]
    what = f", concerning {' and '.join(part.text for part in things)}" if things else ""
    inside = mentions.place and any(mentions.place.text in part.text for part in things)
    place = f" {mentions.place}" if mentions.place and not inside else ""
    period = f" {mentions.period.text}" if mentions.period else ""
    return what + place + period + mentions.source if what or place else ""


def as_to(before: Before) -> str:
    """Return the whole question before, to be put at the end of another: ", as to who sank"."""
    asked = _END.sub("", before.text).rpartition(_AS_TO)[2]
    return f"{_AS_TO}{asked[:1].lower()}{asked[1:]}"


def appended(text: str, phrase: str) -> str:
    """Return a question with a phrase at its end, in front of "according to ..."."""
    end = _END.search(text)
    at = end.start() if end else len(text)
    source = None if "according to" in phrase else _ACCORDING.search(text, 1)
    if source:
        at = source.start()
    return f"{text[:at]}{phrase}{text[at:]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
