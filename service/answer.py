"""The one use case: a question becomes a checked answer. Every entrance calls `answer`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from ingest.domain import Filters
from service.computing import compute
from service.disagreement.adding import Compared, with_disagreements
from service.domain import (
    Abstention,
    AbstentionReason,
    Answer,
    Aspect,
    Coverage,
    Question,
    Source,
    Timings,
    Understood,
    WriterInfo,
)
from service.listening import Listener, Telling
from service.query.followup import Condenser, stand_alone
from service.search_result import SearchHit
from service.tracing import Span, span
from service.writers.writer import Draft, Evidence, Writer, added

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
        hits: The evidence's passages as sources, with the reasons for each.
        undated: Where days are asked for, the best passages without a date.
        coverage: What the whole index holds, whatever the filters.
        degraded: What is not as it should be.
    """

    evidence: Evidence
    hits: list[SearchHit]
    undated: list[SearchHit]
    understood: Understood
    coverage: Coverage
    degraded: list[str]


class Retriever(Protocol):
    """Finds passages."""

    def outlets_in(self, text: str) -> list[str]:
        """Return the outlets that a text names, as it names them; to be called in a thread.

        Raises:
            IndexUnavailable: The index cannot be read.
        """
        ...

    async def retrieve(
        self, text: str, filters: Filters, k: int, disregard: Collection[Aspect] = ()
    ) -> Retrieval:
        """Return at most `k` passages for a question that stands alone, best first.

        Args:
            text: The question.
            filters: Which articles count.
            k: At least 1.
            disregard: What shall not be read out of the question.

        Raises:
            IndexUnavailable: The index cannot be read.
        """
        ...


async def answer(
    question: Question,
    retriever: Retriever,
    writer: Writer,
    condenser: Condenser | None = None,
    listener: Listener | None = None,
) -> Answer:
    """Answer a question from the index, or say why it cannot be answered.

    Args:
        question: With its history.
        retriever: Finds the passages.
        writer: Makes an answer of them.
        condenser: Makes a follow-up stand alone; None for rules.
        listener: Hears of it while it is made.

    Raises:
        IndexUnavailable: The index cannot be read.
        WriterUnavailable: The writer's model cannot be used now.
        WriterBusy: Too many are asking the writer's model at once.
    """
    with span("answer") as traced:
        given = await _answer(question, retriever, writer, condenser, Telling(listener))
        traced.note(
            {
                "dateline.answer.id": given.id,
                "dateline.answer.status": given.status,
                "dateline.writer.kind": given.writer.kind,
                "dateline.statements": len(given.statements),
                "dateline.statements.supported": _supported(given),
                "dateline.disagreements": len(given.disagreements),
            }
        )
        if given.abstention:
            traced.note({"dateline.abstention.reason": given.abstention.reason})
    return given


async def _answer(
    question: Question,
    retriever: Retriever,
    writer: Writer,
    condenser: Condenser | None,
    telling: Telling,
) -> Answer:
    clock = _Clock()
    with clock.stage("condense"):
        asked = await stand_alone(question, retriever.outlets_in, condenser)
    with clock.stage("retrieve") as stage:
        stage.note({"gen_ai.operation.name": "retrieval", "gen_ai.request.top_k": question.k})
        filters, disregard = question.filters, question.disregard
        found = await retriever.retrieve(asked.text, filters, question.k, disregard)
        evidence = await compute(writer.fitting, found.evidence)
        stage.note({"dateline.passages": len(evidence.passages)})
    sources = [passage.source for passage in evidence.passages]
    telling.sources(sources)
    with clock.stage("write"):
        if evidence.passages:
            written = await writer.write(evidence, telling.delta)
        else:
            written = Draft(declined=_why_nothing(question.filters, found.coverage))
        compared = await _compared(written, evidence)
    draft = compared.draft
    left_out = len(found.evidence.passages) - len(sources)
    as_of = question.filters.as_of
    given = Answer(
        id=f"ans_{uuid.uuid4().hex}",
        question=question.text,
        standalone_question=asked.text,
        status="insufficient_evidence" if draft.declined else "answered",
        answer=_nothing(draft.declined, found.understood) if draft.declined else draft.text,
        statements=list(draft.statements),
        short_answer=draft.short_answer,
        sources=[] if draft.declined else sources,
        disagreements=list(compared.found.conflicts),
        updates=list(compared.found.updates),
        abstention=_abstention(draft.declined, sources, found.coverage),
        understood=found.understood,
        undated=[hit.as_source() for hit in found.undated],
        as_of=as_of.isoformat() if as_of else None,
        degraded=[*asked.degraded, *found.degraded, *_fewer(left_out), *draft.degraded],
        writer=_with_prompts(draft.writer or writer.info, asked.prompts),
        usage=added(draft.usage, asked.usage),
        timings_ms=clock.timings(draft.verify_ms),
    )
    telling.finish(given)
    return given


async def _compared(draft: Draft, evidence: Evidence) -> Compared:
    """Return a draft with what its sources disagree about; that counts as checking it."""
    started = time.perf_counter()
    with span("verify disagreements"):
        compared = await compute(with_disagreements, draft, evidence)
    verify_ms = draft.verify_ms + _ms(time.perf_counter() - started)
    return replace(compared, draft=replace(compared.draft, verify_ms=verify_ms))


def _supported(given: Answer) -> int:
    return sum(statement.support == "supported" for statement in given.statements)


def _fewer(left_out: int) -> list[str]:
    if not left_out:
        return []
    return [f"writer: {left_out} of the passages found are more than the language model can read"]


def _nothing(reason: AbstentionReason, understood: Understood) -> str:
    """Say that there is no answer, and which outlets asked for are not there to give one."""
    if not understood.unknown_outlets:
        return _SAID[reason]
    names = ", ".join(understood.unknown_outlets)
    return f"{_SAID[reason]} There is no article of {names} in it."


def _with_prompts(info: WriterInfo, more: Mapping[str, str]) -> WriterInfo:
    return info.model_copy(update={"prompts": {**info.prompts, **more}})


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
    """Milliseconds of stages, each from the end of the one before, and traces of them."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Span]:
        with span(name) as traced:
            yield traced
        now = time.perf_counter()
        self._ms[name] = _ms(now - self._last)
        self._last = now

    def timings(self, verify_ms: float) -> Timings:
        """Return them; checking happens while the writer is at work, so it is taken out of that."""
        return Timings(
            condense=self._ms["condense"],
            retrieve=self._ms["retrieve"],
            write=round(max(0.0, self._ms["write"] - verify_ms), 2),
            verify=round(verify_ms, 2),
            total=_ms(self._last - self._start),
        )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
