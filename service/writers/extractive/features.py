"""What tells whether a sentence answers a question: a few numbers that can be explained."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from service.facts.names import missing_names, words
from service.kinds import can_be, kinds_of
from service.speech.attribution import speaker_of
from service.writers.extractive.selection import Found, citation_of

_SCALE = 10.0
"""Logits of spans reach about so far from those of no answer."""


@dataclass(frozen=True)
class Features:
    """One sentence beside the others that were read.

    Attributes:
        span: The score of its span, bounded to -1..1.
        lead: How far that is above the best of all other sentences, bounded likewise.
        cosine: To the question.
        own: The share of the question's words, the rarer the more, that it holds.
        near: The share that its passage holds.
        best: Its score without the reader over the best one's.
        kind: Whether the sentence has the kind of answer that is asked for, 1 or 0.
        span_kind: Whether the span has it.
        agreement: In how many other stories the reader finds the same words, 0 to 1 from none to
            two.
        speaker: Whether it is said by somebody whom the question names, where it asks for words.
    """

    span: float
    lead: float
    cosine: float
    own: float
    near: float
    best: float
    kind: float
    span_kind: float
    agreement: float
    speaker: float

    def values(self) -> tuple[float, ...]:
        """Return them in order."""
        return astuple(self)


def features(question: str, found: Sequence[Found]) -> list[Features]:
    """Return the features of each sentence that was read for a question."""
    asked = _Asked(question)
    top = max((one.candidate.score for one in found), default=0.0) or 1.0
    stories = _stories(found)
    scores = sorted((one.span.score for one in found), reverse=True)
    return [
        Features(
            span=_bounded(one.span.score),
            lead=_bounded(one.span.score - _rival(one.span.score, scores)),
            cosine=one.candidate.cosine,
            own=one.candidate.own,
            near=one.candidate.near,
            best=one.candidate.score / top,
            kind=float(one.candidate.fits),
            span_kind=float(can_be(one.text, asked.kinds)),
            agreement=min(2, len(stories.get(one.folded, set()) - {_story(one)})) / 2,
            speaker=float(asked.speaks(one)),
        )
        for one in found
    ]


class _Asked:
    """A question and what it names."""

    def __init__(self, question: str) -> None:
        self.kinds = kinds_of(question)
        self._names = missing_names(question, frozenset())

    def speaks(self, one: Found) -> bool:
        """Tell whether a sentence is said by somebody who is named, where words are asked for."""
        if "quotation" not in self.kinds:
            return False
        candidate = one.candidate
        citation = citation_of(candidate)
        speaker = speaker_of(candidate.sentence.text, [citation], [candidate.passage])
        named = {name.casefold() for name in self._names}
        return bool(speaker) and not named.isdisjoint(words(speaker or ""))


def _rival(score: float, scores: Sequence[float]) -> float:
    """Return the best of the other scores, which are given best first."""
    if score < scores[0] or len(scores) == 1:
        return scores[0]
    return scores[1]


def _story(one: Found) -> str:
    return one.candidate.passage.source.story_id


def _bounded(logits: float) -> float:
    return math.tanh(logits / _SCALE)


def _stories(found: Sequence[Found]) -> Mapping[str, set[str]]:
    """Return in which stories each answer stands; below zero an answer is no answer."""
    stories: dict[str, set[str]] = {}
    for one in found:
        if one.span.score > 0 and one.folded:
            stories.setdefault(one.folded, set()).add(one.candidate.passage.source.story_id)
    return stories
