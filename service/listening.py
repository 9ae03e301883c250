"""Hearing of an answer while it is made: what it is written from, then its text piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from service.domain import Answer, Source


class Listener(Protocol):
    """Hears of one answer. Its methods must return at once."""

    def sources(self, sources: Sequence[Source]) -> None:
        """Hear what the writer is shown, before it writes."""
        ...

    def delta(self, text: str) -> None:
        """Hear the next piece of the answer's text."""
        ...


class Telling:
    """Tells a listener, if there is one, and knows what it has told."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self._told = ""

    def sources(self, sources: Sequence[Source]) -> None:
        """Tell what the writer is shown."""
        if self._listener is not None:
            self._listener.sources(sources)

    def delta(self, text: str) -> None:
        """Tell the next piece of the text."""
        if self._listener is not None and text:
            self._told += text
            self._listener.delta(text)

    def finish(self, answer: Answer) -> None:
        """Tell what is left of a finished answer, statement by statement.

        When it is another text than was told, as after a model that broke off, nothing is left to
        tell: the answer itself is what counts.
        """
        if answer.answer.startswith(self._told):
            for piece in pieces(answer, len(self._told)):
                self.delta(piece)


def pieces(answer: Answer, start: int = 0) -> list[str]:
    """Return an answer's text from `start` on, cut where statements end."""
    text = answer.answer
    ends = {min(max(statement.end, start), len(text)) for statement in answer.statements}
    cuts = sorted(ends | {start, len(text)})
    return [text[one:other] for one, other in pairwise(cuts)]
