"""Which passages of a ranking hold which gold evidence."""

from __future__ import annotations

from collections.abc import Sequence

from evals.suite import GoldQuestion


def facts_of(question: GoldQuestion) -> list[str]:
    """Return the gold quotes without white space, each once: either copy of a wire story serves."""
    return list(dict.fromkeys(squeezed(evidence.quote) for evidence in question.evidence))


def found_in(passages: Sequence[str], facts: Sequence[str]) -> list[frozenset[int]]:
    """Return, for each passage in order, the places of the facts that it holds whole.

    A fact is held when it is a substring once all white space is out of both, as MultiHop-RAG's
    own script decides it (https://github.com/yixuantt/MultiHop-RAG).
    """
    texts = map(squeezed, passages)
    return [frozenset(n for n, fact in enumerate(facts) if fact in text) for text in texts]


def squeezed(text: str) -> str:
    """Return a text without any white space."""
    return "".join(text.split())
