"""The writer that shows sentences of the articles."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from service.computing import compute
from service.domain import WriterInfo
from service.errors import ReaderUnavailable
from service.writers.chat import ChatState, Tell
from service.writers.extractive.candidates import Candidate, rank
from service.writers.extractive.composing import compose
from service.writers.extractive.selection import Selection
from service.writers.writer import Draft, Evidence

NOTICE = "reader: it is unavailable, sentences are chosen by their words and vectors alone"

log = logging.getLogger("service.writers")


class Selector(Protocol):
    """Chooses the sentences that answer."""

    def select(self, question: str, ranked: Sequence[Candidate]) -> Selection:
        """Return the sentences of the answer, none when there is no answer.

        Args:
            question: Standing alone.
            ranked: The sentences there are, best first.

        Raises:
            ReaderUnavailable: What it reads with cannot be loaded or run.
        """
        ...

    def warm(self) -> None:
        """Load what the first question would wait for.

        Raises:
            ReaderUnavailable: It cannot be loaded.
        """
        ...

    def close(self) -> None:
        """Release what it holds; called once, when nothing is being chosen."""
        ...


class ExtractiveWriter:
    """Shows what a selector chooses; another one chooses where its reader is unavailable."""

    def __init__(self, selector: Selector, stand_in: Selector | None = None) -> None:
        """Take the selector to ask, and one that needs no reader; None where neither does."""
        self._selector = selector
        self._stand_in = stand_in or selector
        self._reported: str | None = None

    @property
    def info(self) -> WriterInfo:
        """What this writer is: no model, no prompts."""
        return WriterInfo(kind="extractive")

    @property
    def chat_state(self) -> ChatState | None:
        """See Writer.chat_state: there is none."""
        return None

    def fitting(self, evidence: Evidence) -> Evidence:
        """See Writer.fitting: all of it."""
        return evidence

    async def write(self, evidence: Evidence, tell: Tell | None = None) -> Draft:  # noqa: ARG002
        """Return one to a few sentences with their citations, or decline."""
        # Tens of milliseconds: not on the event loop.
        return await compute(self._draft, evidence)

    def _draft(self, evidence: Evidence) -> Draft:
        ranked = rank(evidence)
        try:
            return _written(self._selector.select(evidence.question, ranked))
        except ReaderUnavailable as error:
            self._report(error)
        found = _written(self._stand_in.select(evidence.question, ranked))
        return replace(found, degraded=(NOTICE, *found.degraded))

    def warm(self) -> None:
        """See Writer.warm."""
        try:
            self._selector.warm()
        except ReaderUnavailable as error:
            self._report(error)

    def _report(self, error: ReaderUnavailable) -> None:
        """Log an error that was not logged last time: of every question it would be the same."""
        if self._reported != str(error):
            self._reported = str(error)
            log.error("%s", error)

    async def aclose(self) -> None:
        """Release what the selector holds."""
        self._selector.close()


def _written(selection: Selection) -> Draft:
    if not selection.chosen:
        return Draft(declined="low_relevance")
    return compose(selection)
