"""Passages for tests of what is made of them."""

from __future__ import annotations

import re

import numpy as np

from service.domain import Passage, Sentence, Source
from service.search_result import Reasons, SearchHit
from service.writers.writer import Evidence

START = 100
"""Where every passage begins in its article."""


def passage(
    text: str, n: int = 1, outlet: str | None = "Daily Ledger", day: str | None = "2025-03-04"
) -> Passage:
    """Return a passage whose sentences end at full stops."""
    source = Source(
        n=n,
        passage_id=f"a{n}-0000",
        article_id=f"a{n}",
        title="Harbour plans",
        outlet=outlet,
        published_at=f"{day}T00:00:00Z" if day else None,
        published_basis="text",
        url=None,
        text=text,
        start=START,
        end=START + len(text),
        score=0.5,
        story_id=f"s{n}",
        also_in=[],
    )
    found = re.finditer(r"\S[^.]*(?:\.|$)", text)
    return Passage(source, tuple(_sentence(match) for match in found))


def _sentence(match: re.Match[str]) -> Sentence:
    vector = np.zeros(4, dtype=np.float32)
    return Sentence(START + match.start(), START + match.end(), match[0], vector)


def hit(found: Passage) -> SearchHit:
    """Return a passage as a search gives it."""
    why = Reasons(words=1.0, meaning=0.5, coverage=0.5, part=None, outlet=False, day=0.0)
    return SearchHit(**found.source.model_dump(), why=why)


def evidence(*passages: Passage, question: str = "How deep is the harbour?") -> Evidence:
    """Return what a writer is handed."""
    return Evidence(question, passages, {}, [[0.9] * len(p.sentences) for p in passages])
