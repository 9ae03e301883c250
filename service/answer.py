"""The one use case: a question becomes a checked answer. Every entrance calls `answer`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.domain import Filters
from service.domain import (
    Abstention,
    AbstentionReason,
    Answer,
    Coverage,
    Question,
    Source,
    Timings,
)
from service.query import standalone
from service.writers.writer import Draft, Evidence, Writer

NEAREST = 3
_SAID = {
    "no_passages": "No article in the index matches what was asked for.",
    "low_relevance": "The articles in the index do not answer this question.",
    "writer_declined": "The passages that were found do not answer this question.",
    "out_of_range": "No article in the index falls into the period that was asked for.",
}


@dataclass(frozen=True)
class Retrieval:
    """What was found for a question in one generation.

    Attributes:
        coverage: What the whole index holds, whatever the filters.
        degraded: What is not as it should be.
    """

    evidence: Evidence
    coverage: Coverage
    degraded: list[str]


class Retriever(Protocol):
    """Finds passages."""

    async def retrieve(self, text: str, filters: Filters, k: int) -> Retrieval:
        """Return at most `k` passages for a question that stands alone, best first.

        Raises:
            IndexUnavailable: The index cannot be read.
        """
        ...


async def answer(question: Question, retriever: Retriever, writer: Writer) -> Answer:
    """Answer a question from the index, or say why it cannot be answered.

    Raises:
        IndexUnavailable: The index cannot be read.
        WriterUnavailable: The writer's model cannot be used now.
    """
    clock = _Clock()
    text = standalone(question)
    found = await retriever.retrieve(text, question.filters, question.k)
    clock.lap("retrieve")
    if found.evidence.passages:
        draft = await writer.write(found.evidence)
    else:
        draft = Draft(declined=_why_nothing(question.filters, found.coverage))
    clock.lap("write")
    sources = [passage.source for passage in found.evidence.passages]
    as_of = question.filters.as_of
    return Answer(
        id=f"ans_{uuid.uuid4().hex}",
        question=question.text,
        standalone_question=text,
        status="insufficient_evidence" if draft.declined else "answered",
        answer=_SAID[draft.declined] if draft.declined else draft.text,
        statements=list(draft.statements),
        sources=[] if draft.declined else sources,
        disagreements=[],
        abstention=_abstention(draft.declined, sources, found.coverage),
        as_of=as_of.isoformat() if as_of else None,
        degraded=[*found.degraded, *draft.degraded],
        writer=draft.writer or writer.info,
        usage=draft.usage,
        timings_ms=clock.timings(draft.verify_ms),
    )


def _abstention(
    reason: AbstentionReason | None, sources: Sequence[Source], coverage: Coverage
) -> Abstention | None:
    if reason is None:
        return None
    return Abstention(reason=reason, nearest=list(sources[:NEAREST]), coverage=coverage)


def _why_nothing(filters: Filters, coverage: Coverage) -> AbstentionReason:
    """Tell a period that the index does not cover from a question that nothing matches."""
    after, last = filters.published_after, filters.last_day
    too_late = after and coverage.last and after.isoformat() > coverage.last
    too_early = last and coverage.first and last.isoformat() < coverage.first
    return "out_of_range" if too_late or too_early else "no_passages"


class _Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def timings(self, verify_ms: float) -> Timings:
        """Return the laps; checking happens inside the writer's lap, so it is taken out of it."""
        return Timings(
            retrieve=self._laps["retrieve"],
            write=round(max(0.0, self._laps["write"] - verify_ms), 2),
            verify=round(verify_ms, 2),
            total=round((self._last - self._start) * 1000, 2),
        )
