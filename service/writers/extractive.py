"""Answers without a model: the sentences of the passages that answer the question, verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.index.lexical import terms
from service.computing import compute
from service.domain import Citation, Passage, Sentence, Statement, WriterInfo
from service.facts.instructions import instructions_in
from service.speech.attribution import speaker_of
from service.writers.chat import Tell
from service.writers.expects import answers
from service.writers.writer import Draft, Evidence

MAX_SENTENCES = 3
# A further sentence is shown when it scores nearly as well as the best one.
NEAR_BEST = 0.85
DUPLICATE_COSINE = 0.9
# Chosen on 720 questions over six SQuAD 2.0 subjects and the 305 of the CLAPNQ development half:
# the best sentence is right for .83 and .76 of the answerable ones; answerable against not has an
# AUROC of .63 and .89.
COVERAGE_WEIGHT = 0.35
# The share of a word's weight that its passage gives: the name that is asked about often stands one
# sentence before the answer.
CONTEXT_SHARE = 0.25
WRONG_KIND = 0.75
MIN_WORDS = 3


_BRACKETED = re.compile(
    r"[\[【\uff3b]\s*([^\[\]【】\uff3b\uff3d]*?\d[^\[\]【】\uff3b\uff3d]*?)\s*[\]】\uff3d]"
)


@dataclass(frozen=True)
class Candidate:
    """A sentence that may answer.

    Attributes:
        score: 0 to 1, from cosine and word coverage.
    """

    passage: Passage
    sentence: Sentence
    score: float


class ExtractiveWriter:
    """Chooses sentences by their stored vectors and by the question's words that they hold."""

    def __init__(self, min_relevance: float) -> None:
        """Take the score below which the best sentence is no answer, 0 to 1."""
        self._min_relevance = min_relevance

    @property
    def info(self) -> WriterInfo:
        """What this writer is: no model, no prompts."""
        return WriterInfo(kind="extractive")

    def fitting(self, evidence: Evidence) -> Evidence:
        """See Writer.fitting: all of it."""
        return evidence

    async def write(self, evidence: Evidence, tell: Tell | None = None) -> Draft:  # noqa: ARG002
        """Return one to three sentences with their citations, or decline."""
        # Tens of milliseconds for fifty passages: not on the event loop.
        return await compute(self._draft, evidence)

    def _draft(self, evidence: Evidence) -> Draft:
        ranked = rank(evidence)
        if not ranked or ranked[0].score < self._min_relevance:
            return Draft(declined="low_relevance")
        return compose(select(ranked))

    async def aclose(self) -> None:
        """There is nothing to release."""


def rank(evidence: Evidence) -> list[Candidate]:
    """Return the sentences that can stand as an answer, best first."""
    return sorted(
        _candidates(evidence),
        key=lambda c: (-c.score, c.passage.source.n, c.sentence.start),
    )


def _candidates(evidence: Evidence) -> Iterator[Candidate]:
    fits = answers(evidence.question)
    for passage, cosines in zip(evidence.passages, evidence.closeness, strict=True):
        source = passage.source
        around = set(terms(f"{source.title} {source.outlet or ''} {source.text}"))
        spoken_to = instructions_in(source.text)
        for sentence, cosine in zip(passage.sentences, cosines, strict=True):
            at = sentence.start - source.start
            if any(one.start <= at < one.end for one in spoken_to):
                continue
            if len(sentence.text.split()) >= MIN_WORDS:
                coverage = _coverage(evidence.rarity, set(terms(sentence.text)), around)
                score = COVERAGE_WEIGHT * coverage + (1 - COVERAGE_WEIGHT) * max(0.0, cosine)
                yield Candidate(
                    passage, sentence, score if fits(sentence.text) else WRONG_KIND * score
                )


def _coverage(rarity: Mapping[str, float], own: set[str], around: set[str]) -> float:
    """Return the share of the question's words, by rarity, that a sentence holds, 0 to 1."""
    total = sum(rarity.values())
    if not total:
        return 0.0
    here = sum(weight for term, weight in rarity.items() if term in own)
    near = sum(weight for term, weight in rarity.items() if term in around)
    return ((1 - CONTEXT_SHARE) * here + CONTEXT_SHARE * near) / total


def select(ranked: list[Candidate]) -> list[Candidate]:
    """Return the best sentence and those near it that add something, best first."""
    chosen: list[Candidate] = []
    for candidate in ranked:
        if candidate.score < NEAR_BEST * ranked[0].score or len(chosen) == MAX_SENTENCES:
            break
        if all(_differ(candidate.sentence, other.sentence) for other in chosen):
            chosen.append(candidate)
    return chosen


def _differ(one: Sentence, other: Sentence) -> bool:
    return one.text != other.text and float(one.vector @ other.vector) < DUPLICATE_COSINE


def compose(chosen: list[Candidate]) -> Draft:
    """Join sentences to an answer, each with the marker of its source."""
    statements: list[Statement] = []
    text = ""
    for candidate in chosen:
        start = len(text) + 1 if text else 0
        quote = candidate.sentence.text
        # A bracketed number of the article's own would read as a marker of the answer.
        shown = _BRACKETED.sub(r"(\1)", " ".join(quote.split()))
        text = f"{text} {shown} [{candidate.passage.source.n}]".lstrip()
        citations = [_citation(candidate)]
        statements.append(
            Statement(
                text=shown,
                start=start,
                end=len(text),
                support="supported",
                citations=citations,
                speaker=speaker_of(shown, citations, [candidate.passage]),
            )
        )
    return Draft(text, tuple(statements))


def _citation(candidate: Candidate) -> Citation:
    return Citation(
        source=candidate.passage.source.n,
        article_id=candidate.passage.source.article_id,
        start=candidate.sentence.start,
        end=candidate.sentence.end,
        quote=candidate.sentence.text,
    )
