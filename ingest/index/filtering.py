"""Which articles filters let through, for all of an index at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Filters
from ingest.index.catalog import ArticleKey

FILTERS_KEPT = 32
# Before every first day and after every last day: an undated article lies in no period.
_NEVER_AFTER, _NEVER_BEFORE = -1, 2**31 - 1


class ArticleTable:
    """What filters ask of every article, as columns. Safe to use from several threads."""

    def __init__(self, keys: Sequence[ArticleKey]) -> None:
        """Take the articles in the order that masks shall have."""
        self._ids = [key.article_id for key in keys]
        outlets = sorted({key.outlet.casefold() for key in keys if key.outlet is not None})
        self._codes = {name: code for code, name in enumerate(outlets)}
        names = (None if key.outlet is None else key.outlet.casefold() for key in keys)
        self._outlet = np.array([-1 if n is None else self._codes[n] for n in names], np.int32)
        firsts = [_NEVER_AFTER if key.first_day is None else key.first_day for key in keys]
        lasts = [_NEVER_BEFORE if key.last_day is None else key.last_day for key in keys]
        self._first, self._last = np.array(firsts, np.int32), np.array(lasts, np.int32)
        self._passages = np.array([key.passages for key in keys], np.int64)
        self._places = {article_id: place for place, article_id in enumerate(self._ids)}
        # One search asks for the same filters many times.
        self.counting = lru_cache(FILTERS_KEPT)(self._counting)

    def lets(self, filters: Filters, article_id: str) -> bool:
        """Return whether one article counts."""
        return bool(self.counting(filters)[self._places[article_id]])

    def _counting(self, filters: Filters) -> NDArray[np.bool_]:
        """Return a mask of the articles that count under filters, in the order they were given in.

        See `Filters` for the rule.
        """
        mask = np.ones(len(self._ids), dtype=bool)
        if filters.outlets:
            known = [self._codes.get(name.casefold(), -2) for name in filters.outlets]
            mask &= np.isin(self._outlet, known)
        if filters.undated:
            mask &= self._first == _NEVER_AFTER
            return mask
        if filters.published_after is not None:
            mask &= self._first >= filters.published_after.toordinal()
        if filters.last_day is not None:
            mask &= self._last <= filters.last_day.toordinal()
        return mask

    def ids(self, mask: NDArray[np.bool_]) -> list[str]:
        """Return the ids of the articles in a mask."""
        return [self._ids[n] for n in np.flatnonzero(mask).tolist()]

    def passages(self, mask: NDArray[np.bool_]) -> int:
        """Return how many passages the articles in a mask have."""
        return int(self._passages[mask].sum())
