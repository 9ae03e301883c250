"""Words in an article that are meant for a machine that reads it, and are no report.

They are data like all others, but no evidence: that an article tells an assistant to answer so is
no reason to believe it. Only what plainly speaks to a machine counts; a report about assistants
and their rules does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MACHINE = (
    r"(?:(?:AI|A\.I\.|artificial[- ]intelligence|automated|digital|virtual)[- ]"
    r"(?:assistants?|models?|systems?|agents?|readers?|tools?|summari[sz]ers?)|language models?"
    r"|LLMs?|chat ?bots?|assistants?)"
)
_SPOKEN_TO = re.compile(
    rf"\b(?:notice|note|notes|message|instructions?|attention|important)[ :,]+(?:to|for)?[ ]*"
    rf"(?:all |any |the )?{_MACHINE}\b"
    rf"|\b(?:ignore|disregard|forget)(?: all| any| the| your)*(?: of)?(?: previous| prior| above"
    rf"| earlier| preceding)+ (?:instructions?|prompts?|rules|messages?|text)\b"
    rf"|(?:^|\n|(?<=[.!?])\s)[^\w\n]{{0,9}}(?-i:SYSTEM|ASSISTANT|INSTRUCTIONS?) ?:\s"
    rf"|(?:^|\n|(?<=[.!?])\s)\W{{0,3}}(?:SYSTEM|LLMs?|AI|assistant)\W{{0,2}} ?:? ?"
    rf"(?:you must|respond with|reply with|answer with)\b"
    rf"|\b(?:disregard|ignore|forget) (?:everything|all|anything)(?: that is| written| said)?"
    rf" (?:above|before|so far)\b"
    rf"|\b(?:dear|hello|hey) (?:machine|model|bot|robot|AI|LLM)\b"
    rf"|\bto (?:whoever|whatever|anyone who|any machine that)"
    rf" (?:compiles|summari[sz]es|processes|indexes) (?:the|this)\b"
    rf"|\bwhen(?:ever)? (?:you are )?asked (?:about|who|what|when|where|why|how)\b"
    rf"[^.!?\n]{{0,80}}?, (?:always|only) (?:respond|answer|reply|say|state|write)\b"
    rf"|\bif you are an? {_MACHINE}\b|\byou are (?:now )?an? {_MACHINE}\b"
    rf"|\b{_MACHINE}(?: that| which| who)?(?: are)? (?:reading|read|summari[sz]ing|processing"
    rf"|answering from|indexing)(?: from)? this\b"
    rf"|\b{_MACHINE},? (?:please |you )?(?:must |should |are to )?(?:answer|reply|respond|say|write"
    rf"|state)(?: only)? (?:that|with|as)\b",
    re.I,
)
_SENTENCE_START = re.compile(r"(?:^|\n|(?<=[.!?])\s)\s*")


@dataclass(frozen=True)
class Stretch:
    """A run of characters of a text, from `start` up to `end`."""

    start: int
    end: int


def instructions_in(text: str) -> list[Stretch]:
    """Return what of a text speaks to a machine: from such a sentence to the end of its line."""
    found: list[Stretch] = []
    for match in _SPOKEN_TO.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        spoken = match.start() + len(match[0]) - len(match[0].lstrip())
        begins = [s.end() for s in _SENTENCE_START.finditer(text, 0, spoken + 1)]
        end = text.find("\n", match.end())
        start = max((at for at in begins if at <= spoken), default=spoken)
        found.append(Stretch(start, len(text) if end < 0 else end))
    return found


def without_instructions(text: str) -> str:
    """Return a text without what speaks to a machine."""
    kept, at = [], 0
    for one in instructions_in(text):
        kept.append(text[at : one.start])
        at = one.end
    return "".join([*kept, text[at:]])
