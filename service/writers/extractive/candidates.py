"""Sentences that can stand as an answer, and how near each is to the question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.index.lexical import terms
from service.domain import Passage, Sentence
from service.facts.instructions import instructions_in
from service.kinds import AnswerKind, can_be, kinds_of
from service.writers.writer import Evidence

# Chosen on 720 questions over six SQuAD 2.0 subjects and the 305 of the CLAPNQ development half:
# the best sentence is right for .83 and .76 of the answerable ones; answerable against not has an
# AUROC of .63 and .89.
COVERAGE_WEIGHT = 0.35
# The share of a word's weight that its passage gives: the name that is asked about often stands one
# sentence before the answer.
CONTEXT_SHARE = 0.25
WRONG_KIND = 0.75
MIN_WORDS = 3
DUPLICATE_COSINE = 0.9
# "Why did they fall?" may be answered without "because".
_SAID_ANYHOW: frozenset[AnswerKind] = frozenset({"reason", "quotation"})


@dataclass(frozen=True)
class Candidate:
    """A sentence that may answer.

    Attributes:
        at: Its place among the sentences of its passage.
        cosine: To the question, -1 to 1.
        own: The share of the question's words, the rarer the more, that it holds, 0 to 1.
        near: The share that its passage holds, title and outlet included, 0 to 1.
        fits: Whether it has the kind of answer that is asked for.
    """

    passage: Passage
    at: int
    cosine: float
    own: float = 0.0
    near: float = 0.0
    fits: bool = True

    @property
    def sentence(self) -> Sentence:
        """The sentence."""
        return self.passage.sentences[self.at]

    @property
    def place(self) -> tuple[int, int]:
        """The number of its source and its place there."""
        return self.passage.source.n, self.at

    @property
    def score(self) -> float:
        """How well it goes with the question, 0 to 1."""
        coverage = (1 - CONTEXT_SHARE) * self.own + CONTEXT_SHARE * self.near
        score = COVERAGE_WEIGHT * coverage + (1 - COVERAGE_WEIGHT) * max(0.0, self.cosine)
        return score if self.fits else WRONG_KIND * score

    def repeats(self, other: Candidate) -> bool:
        """Tell whether the two say the same."""
        one, two = self.sentence, other.sentence
        return one.text == two.text or float(one.vector @ two.vector) >= DUPLICATE_COSINE


def rank(evidence: Evidence) -> list[Candidate]:
    """Return the sentences that can stand as an answer, best first."""
    return sorted(
        _candidates(evidence), key=lambda c: (-c.score, c.passage.source.n, c.sentence.start)
    )


def _candidates(evidence: Evidence) -> Iterator[Candidate]:
    kinds = tuple(kind for kind in kinds_of(evidence.question) if kind not in _SAID_ANYHOW)
    for passage, cosines in zip(evidence.passages, evidence.closeness, strict=True):
        yield from _of_passage(passage, cosines, evidence.rarity, kinds)


def _of_passage(
    passage: Passage,
    cosines: Sequence[float],
    rarity: Mapping[str, float],
    kinds: tuple[AnswerKind, ...],
) -> Iterator[Candidate]:
    source = passage.source
    near = _share(rarity, set(terms(f"{source.title} {source.outlet or ''} {source.text}")))
    hidden = instructed(passage)
    for at, (sentence, cosine) in enumerate(zip(passage.sentences, cosines, strict=True)):
        if at not in hidden and len(sentence.text.split()) >= MIN_WORDS:
            own = _share(rarity, set(terms(sentence.text)))
            yield Candidate(passage, at, cosine, own, near, can_be(sentence.text, kinds))


def candidate_at(passage: Passage, at: int) -> Candidate:
    """Return a sentence of which nothing is known but its place."""
    return Candidate(passage, at, cosine=0.0)


def instructed(passage: Passage) -> frozenset[int]:
    """Return the places of sentences that speak to machines; none of them is ever shown."""
    source = passage.source
    stretches = instructions_in(source.text)
    return frozenset(
        at
        for at, sentence in enumerate(passage.sentences)
        if any(one.start <= sentence.start - source.start < one.end for one in stretches)
    )


def _share(rarity: Mapping[str, float], held: set[str]) -> float:
    """Return the share of the question's words, by rarity, that are held, 0 to 1."""
    total = sum(rarity.values())
    return sum(weight for term, weight in rarity.items() if term in held) / total if total else 0.0
