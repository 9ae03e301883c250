"""Which passages of a generation are looked for when it is checked."""

from __future__ import annotations

SENTINELS = 50
SAME = 0.99
"""Cosine of a stored vector to itself, after float16."""
FAR = 0.1
"""The share of vectors that a sound graph may miss: of a million, 5 of 1,600 that were tried."""


def sentinels(ids: list[str], before: int, total: int) -> list[str]:
    """Return some of a page of ids, so that all of those chosen are evenly spread.

    They are asked for by their own words and vectors: what is stored must also be found.

    Args:
        ids: The page.
        before: How many ids the pages before it had.
        total: How many ids all pages have.
    """
    step = max(1, total // SENTINELS)
    return ids[-before % step :: step]
