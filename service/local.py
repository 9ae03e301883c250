"""The use cases over an index on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain
from typing import TypeVar

import anyio.to_thread
import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId, Filters
from ingest.embed.embedder import Embedder
from ingest.errors import IndexUnavailable
from ingest.index.library import Library
from ingest.index.reader import IndexReader
from service import browse
from service.answer import Retrieval
from service.computing import compute
from service.domain import Aspect, Passage, Understood
from service.query.outlets import OutletNames
from service.query.understanding import Query, Understanding, understand
from service.retrieval.retrieve import retrieve
from service.retrieval.tuning import Tuning
from service.search_result import SearchHit
from service.writers.words import content_terms
from service.writers.writer import Evidence

T = TypeVar("T")

UNDATED = 3


class LocalRetriever:
    """Finds passages in a library, with the embedder that its open generation names."""

    def __init__(
        self,
        library: Library,
        make: Callable[[EmbedderId], Embedder],
        tuning: Tuning | None = None,
        waits: bool = False,
    ) -> None:
        """Take the library, what makes an embedder, and how passages are found.

        Args:
            library: Holds the index.
            make: Makes the embedder that an index names.
            tuning: What counts how much; None for what was measured to be best.
            waits: Whether it is mostly waiting, for the embedder's endpoint or for Chroma's server,
                and not computing. On the few threads that compute, 20 questions a second with a
                server that hangs took up to 4.5 s, against 1.5 s.
        """
        self._tuning = tuning
        self._in_thread = anyio.to_thread.run_sync if waits else compute
        self._library = library
        self._make = make
        self._embedders: dict[EmbedderId, Embedder] = {}
        self._lock = threading.Lock()
        self._problem: tuple[int | None, str] | None = None
        self._outlets: tuple[IndexReader, OutletNames] | None = None

    def follow(self, every_s: float) -> None:
        """Look for a new generation this often until `close`."""
        self._library.follow(every_s)

    def close(self) -> None:
        """Release the index."""
        self._library.close()

    async def retrieve(
        self, text: str, filters: Filters, k: int, disregard: Collection[Aspect] = ()
    ) -> Retrieval:
        """See Retriever.retrieve."""
        return await self._in_thread(self.find, text, filters, k, disregard)

    def find(
        self, text: str, filters: Filters, k: int, disregard: Collection[Aspect] = ()
    ) -> Retrieval:
        """Do what `retrieve` does, on the thread that calls it."""

        def found_in(reader: IndexReader) -> Retrieval:
            today = filters.as_of or datetime.now(UTC).date()
            names = self._names(reader)
            asked = understand(text, names, today, disregard)
            query = Query(asked, partial(embedded, asked, self._embedder(reader)))
            wanted = _by_their_names(filters, names)
            found = retrieve(reader, query, wanted, k, self._tuning)
            return Retrieval(
                evidence=_evidence(reader, query, found.passages),
                hits=found.hits,
                undated=self._undated(reader, query, wanted),
                understood=_understood(asked, wanted, names),
                coverage=browse.coverage(reader),
                # The server of the vectors may be back by now.
                degraded=list(dict.fromkeys([*self._library.degraded, *found.degraded])),
            )

        try:
            found = self._library.run(found_in)
        except IndexUnavailable as error:
            self._problem = (self._library.serving, str(error))
            raise
        self._problem = None
        return found

    @property
    def problem(self) -> str | None:
        """Why the last search failed; None once one succeeds or another generation serves."""
        if self._problem is None or self._problem[0] != self._library.serving:
            return None
        return self._problem[1]

    def outlets_in(self, text: str) -> list[str]:
        """See Retriever.outlets_in."""

        def find(reader: IndexReader) -> list[str]:
            found = self._names(reader).find(text)
            return [text[mention.start : mention.end] for mention in found]

        return self._library.run(find)

    def _undated(self, reader: IndexReader, query: Query, filters: Filters) -> list[SearchHit]:
        """Return the best passages of which nobody knows whether they are of the days asked for."""
        if not (filters.asks_for_days and reader.has_undated):
            return []
        undated = Filters(filters.outlets, undated=True)
        return retrieve(reader, query, undated, UNDATED, self._tuning).hits

    def _names(self, reader: IndexReader) -> OutletNames:
        with self._lock:
            if self._outlets is None or self._outlets[0] is not reader:
                self._outlets = (reader, OutletNames(reader.outlets, reader.has_word))
            return self._outlets[1]

    def _embedder(self, reader: IndexReader) -> Embedder:
        identity = reader.manifest.embedder.identity()
        with self._lock:
            if identity not in self._embedders:
                self._embedders[identity] = self._make(identity)
            return self._embedders[identity]

    def warm(self) -> None:
        """Load everything that the first question would wait for.

        Raises:
            IndexUnavailable: There is no index, or it cannot be read.
        """
        self.find("warm up", Filters(), 1)


def embedded(asked: Understanding, embedder: Embedder) -> NDArray[np.float32]:
    """Return the vectors of a question and its parts, shape (1 + parts, dimension).

    A question of several parts is the mean of them. On MultiHop-RAG's development questions that
    finds as much as a vector of the whole (evidence among ten .780, and .779), for half the time.
    """
    if not asked.parts:
        return embedder.embed_queries([asked.text])
    vectors = embedder.embed_queries([part.text for part in asked.parts])
    whole = vectors.sum(axis=0, keepdims=True)
    return np.concatenate([whole / np.linalg.norm(whole), vectors])


def _evidence(reader: IndexReader, query: Query, passages: list[Passage]) -> Evidence:
    text, vector = query.asked.text, query.vectors[0]
    rarity = reader.rarity(query.asked.terms or content_terms(text))
    closeness = [[float(s.vector @ vector) for s in passage.sentences] for passage in passages]
    return Evidence(text, passages, rarity, closeness)


def _by_their_names(filters: Filters, names: OutletNames) -> Filters:
    """Return the filters with each outlet as its articles name it; one that is not there stays."""
    called = [names.called(outlet) or (outlet,) for outlet in filters.outlets]
    return replace(filters, outlets=tuple(dict.fromkeys(chain.from_iterable(called))))


def _understood(asked: Understanding, filters: Filters, names: OutletNames) -> Understood:
    """Return what was read out of a question; what is asked for as a filter goes before it."""
    missing = [outlet for outlet in filters.outlets if not names.called(outlet)]
    after, before = filters.published_after, filters.last_day
    if asked.periods and not (after or filters.published_before):
        after = _unless_open({period.first for period in asked.periods}, min)
        before = _unless_open({period.last for period in asked.periods}, max)
    return Understood(
        outlets=[o for o in filters.outlets or asked.outlets if o not in missing],
        unknown_outlets=list(dict.fromkeys([*missing, *asked.unknown_outlets])),
        after=after.isoformat() if after else None,
        before=before.isoformat() if before else None,
        order=asked.order,
        people=list(asked.people),
        parts=[part.text for part in asked.parts],
    )


def _unless_open(days: set[date | None], pick: Callable[[set[date]], date]) -> date | None:
    known = {day for day in days if day is not None}
    return pick(known) if known and None not in days else None
