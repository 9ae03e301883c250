"""Ways of choosing sentences: ours, and two to compare it with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from service.reader.reading import Reader
from service.writers.extractive.candidates import Candidate, rank
from service.writers.extractive.plain import PlainSelector
from service.writers.extractive.reading import choose, judge
from service.writers.extractive.selection import Chosen
from service.writers.writer import Evidence

FIRST = 3
"""Sentences that the simplest way shows."""


@dataclass(frozen=True)
class Choice:
    """What a way of choosing makes of a question.

    Attributes:
        chosen: The sentences of the answer, best first, with their confidence; whatever that is,
            an answer is given.
        judged: All sentences that were read, the likeliest first; None where nothing reads.
    """

    chosen: Sequence[Chosen]
    judged: Sequence[Chosen] | None = None


Way = Callable[[Evidence], Choice]


def ways(reader: Reader) -> Mapping[str, Way]:
    """Return the ways by name."""
    return {
        "first": _first,
        "plain": _plain,
        "reader": lambda evidence: _read(evidence, reader),
    }


def _first(evidence: Evidence) -> Choice:
    """Return the first sentences of the first passage, as sure as the passage is near."""
    if not evidence.passages:
        return Choice(())
    passage = evidence.passages[0]
    sure = passage.source.score
    places = range(min(FIRST, len(passage.sentences)))
    return Choice([Chosen(Candidate(passage, at, cosine=0.0), sure) for at in places])


def _plain(evidence: Evidence) -> Choice:
    """Return what cosine and word coverage choose."""
    found = PlainSelector(0.0).select(evidence.question, rank(evidence))
    return Choice([replace(one, probability=one.candidate.score) for one in found.chosen])


def _read(evidence: Evidence, reader: Reader) -> Choice:
    judged = judge(evidence.question, rank(evidence), reader)
    return Choice(choose(evidence.question, judged) if judged else (), judged)
