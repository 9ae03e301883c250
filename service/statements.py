"""From what a model wrote to statements whose citations are resolved and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.citations import Claim, cite, claims
from service.domain import Passage, Source, Statement, Support
from service.plain import plain
from service.verify import Verdict, check


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
        gap = "" if not text else "\n" if claim.opens_line else " "
        start = len(text) + len(gap)
        markers = "".join(f"[{n}]" for n in claim.cited)
        text += gap + f"{claim.text} {markers}".strip()
        statements.append(_statement(claim, start, len(text), [shown[n] for n in claim.cited]))
    return Composed(text, tuple(statements))


def _statement(claim: Claim, start: int, end: int, cited: list[Passage]) -> Statement:
    known = "\n".join(_known_of(passage.source) for passage in cited)
    verdict = check(claim.text, [passage.source.text for passage in cited], known)
    return Statement(
        text=claim.text,
        start=start,
        end=end,
        support=_support(verdict, claim),
        citations=[cite(claim.text, passage) for passage in cited],
        missing=[*verdict.missing, *(f"[{number}]" for number in claim.invented)],
    )


def _support(verdict: Verdict, claim: Claim) -> Support:
    return "partial" if claim.invented and verdict.support == "supported" else verdict.support


def _known_of(source: Source) -> str:
    day = (source.published_at or "")[: len("2025-12-17")]
    return "\n".join([source.title, source.outlet or "", day])
