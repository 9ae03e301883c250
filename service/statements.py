"""From what a model wrote to statements whose citations are resolved and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.index.lexical import terms
from service.citations import Claim, cite, claims
from service.domain import Passage, Source, Statement, Support
from service.plain import plain
from service.published import day_of, day_shown
from service.speech.attribution import speaker_of
from service.verify import Verdict, check
from service.writers.words import content_terms

# A passage that bears a claim out shares so many of its words, and this share of them.
MIN_SHARED, MIN_SHARE = 2, 0.6
NEARLY = 0.8
MAX_TRIED = 4


@dataclass(frozen=True)
class Composed:
    """A text with canonical markers, and its statements in order, with offsets in it."""

    text: str
    statements: tuple[Statement, ...]


def compose(written: str, passages: Sequence[Passage]) -> Composed:
    """Rebuild a model's answer from its sentences.

    Every `[n]` in the result names a passage; markup, addresses and invented numbers are gone.

    Args:
        written: What the model wrote, as it wrote it.
        passages: What it was shown.
    """
    shown = {passage.source.n: passage for passage in passages}
    text = ""
    statements: list[Statement] = []
    for claim in claims(plain(written), shown):
        gap = claim.gap_after(text)
        start = len(text) + len(gap)
        text += gap + claim.shown
        statements.append(_statement(claim, start, len(text), shown))
    return Composed(text, tuple(statements))


def _statement(claim: Claim, start: int, end: int, shown: Mapping[int, Passage]) -> Statement:
    cited = [shown[n] for n in claim.cited]
    verdict = _verdict(claim.text, cited)
    others = [passage for n, passage in shown.items() if n not in claim.cited]
    doubted = verdict.support in ("partial", "unsupported")
    citations = [cite(claim.text, passage) for passage in cited]
    return Statement(
        text=claim.text,
        start=start,
        end=end,
        support=_support(verdict, claim),
        citations=citations,
        missing=[*verdict.missing, *(f"[{number}]" for number in claim.invented)],
        right_sources=_right_sources(claim.text, others) if doubted else [],
        speaker=speaker_of(claim.text, citations, cited),
    )


def _verdict(claim: str, cited: Sequence[Passage]) -> Verdict:
    known = "\n".join(_known_of(passage.source) for passage in cited)
    days = [day_of(passage.source) for passage in cited]
    return check(claim, [passage.source.text for passage in cited], known, days)


def _right_sources(claim: str, others: Sequence[Passage]) -> list[int]:
    """Return the numbers of passages that bear a claim out, each alone."""
    wanted = frozenset(content_terms(claim))
    shared = {p.source.n: len(wanted & _stems_of(p.source.text)) for p in others}
    least = max(MIN_SHARED, MIN_SHARE * len(wanted))
    likely = [p for p in others if shared[p.source.n] >= least]
    likely.sort(key=lambda p: -shared[p.source.n])
    right = [p.source.n for p in likely[:MAX_TRIED] if _verdict(claim, [p]).support == "supported"]
    # One that merely names the same people bears nothing out beside one that has the words.
    return sorted(n for n in right if shared[n] >= NEARLY * shared[right[0]])


# A long answer may cite wrongly over and over.
@lru_cache(maxsize=128)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def _support(verdict: Verdict, claim: Claim) -> Support:
    return "partial" if claim.invented and verdict.support == "supported" else verdict.support


def _known_of(source: Source) -> str:
    return "\n".join([source.title, source.outlet or "", day_shown(source)])
