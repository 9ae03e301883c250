"""A retriever, a writer and a condenser that do as they are told, for the use case's tests."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from ingest.domain import Filters
from service.answer import Retrieval
from service.domain import (
    Aspect,
    Citation,
    Coverage,
    Passage,
    Question,
    Statement,
    Understood,
    WriterInfo,
)
from service.errors import WriterUnavailable
from service.query.followup import Rewrite
from service.writers.chat import ChatState, Tell
from service.writers.writer import Draft, Evidence
from tests.unit.service.articles import evidence, hit, passage

COVERED = Coverage(first="2025-02-01", last="2025-03-31", articles=4)
PASSAGES = [passage(f"Ship number {n} entered the harbour.", n=n) for n in range(1, 6)]
CITATION = Citation(source=1, article_id="a1", start=100, end=134, quote="Ship number 1 …")
STATEMENT = Statement(
    text="Ship 1 came.", start=0, end=16, support="supported", citations=[CITATION]
)
DRAFT = Draft("Ship 1 came. [1]", (STATEMENT,))
ASKED = Question("Which ship came?")


@dataclass
class FakeRetriever:
    """Finds what it was given, and remembers what was looked for."""

    found: Retrieval
    takes_s: float = 0.0
    history: list[tuple[str, Filters, int]] = field(default_factory=list)
    disregarded: list[frozenset[Aspect]] = field(default_factory=list)

    def outlets_in(self, text: str) -> list[str]:
        return ["Ledger"] if "Ledger" in text else []

    async def retrieve(
        self, text: str, filters: Filters, k: int, disregard: Collection[Aspect] = ()
    ) -> Retrieval:
        self.history.append((text, filters, k))
        self.disregarded.append(frozenset(disregard))
        await asyncio.sleep(self.takes_s)
        return self.found


@dataclass
class FakeWriter:
    """Writes what it was given, and remembers from what."""

    draft: Draft
    takes_s: float = 0.0
    reads: int = 100
    tells: str = ""
    info: WriterInfo = field(default_factory=lambda: WriterInfo(kind="openai", model="m1"))
    history: list[Evidence] = field(default_factory=list)
    chat_state: ChatState | None = None

    def fitting(self, evidence: Evidence) -> Evidence:
        passages = evidence.passages[: self.reads]
        return replace(evidence, passages=passages, closeness=evidence.closeness[: self.reads])

    async def write(self, evidence: Evidence, tell: Tell | None = None) -> Draft:
        self.history.append(evidence)
        if tell is not None and self.tells:
            tell(self.tells)
        await asyncio.sleep(self.takes_s)
        return self.draft

    def warm(self) -> None:
        pass

    async def aclose(self) -> None:
        """There is nothing to release."""


def found(
    *passages: Passage,
    coverage: Coverage = COVERED,
    degraded: tuple[str, ...] = (),
    undated: tuple[Passage, ...] = (),
) -> Retrieval:
    return Retrieval(
        evidence=evidence(*passages),
        hits=[hit(found) for found in passages],
        undated=[hit(found) for found in undated],
        understood=Understood(outlets=["Ledger"]),
        coverage=coverage,
        degraded=list(degraded),
    )


@dataclass
class FakeCondenser:
    """Rewrites every question in the same way, or fails."""

    rewrite: Rewrite | None
    prompts: Mapping[str, str] = field(default_factory=lambda: {"condense.system": "sha256:1"})

    async def condense(self, question: Question) -> Rewrite:
        if self.rewrite is None:
            raise WriterUnavailable(f"no rewrite of {question.text}")
        return self.rewrite
