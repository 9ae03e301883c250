"""Passages by their words, as sparse vectors on a Chroma server that makes indexes of them."""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from math import cos, isclose, sin
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Filters, Hit
from ingest.errors import VectorsUnavailable
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_client import is_turned_away, knows_no_sparse
from ingest.index.chroma_collection import BATCH, PATIENCE_S, ChromaCollection
from ingest.index.sparse import SparseVector

KEY = "words"
"""The metadata that has the sparse vectors."""
NOTHING = 1e-5
"""Of a product of single floats that is taken from one and given back."""

_UNKNOWN = ("refused (InvalidArgumentError)", "refused (ChromaError)")
"""What a server says that does not know sparse vectors."""
PAUSES_S = (1.0, 4.0)
"""Before it is asked again whether it makes sparse indexes, when it failed."""
SPARSE = "it makes none"
"""What it says that need not be asked again: `chroma run` has no such index."""

log = logging.getLogger("ingest.index")


@dataclass(frozen=True)
class WordRecord:
    """A passage by its words, and what it is filtered by.

    Attributes:
        name: See `rows.word_id`.
        first_day: First day the article can have appeared, None when undated.
        last_day: Last such day.
    """

    name: str
    vector: SparseVector
    outlet: str | None
    first_day: date | None
    last_day: date | None


class SparseQuery(NamedTuple):
    """A search for the greatest products with a vector, which is not empty; see `WordQuery`."""

    vector: SparseVector
    k: int
    filters: Filters


class ChromaWords(ChromaCollection):
    """One collection of passages by their words. Safe from several threads."""

    def make(self) -> None:
        """Make the collection unless it is there."""
        self.ask(self.make_now, PATIENCE_S)

    async def make_now(self) -> None:
        """Do what `make` does, for `ask` or `within`."""
        from chromadb.api.types import Schema, SparseVectorIndexConfig, VectorIndexConfig

        dense = VectorIndexConfig(space="l2", embedding_function=None)
        # How rare a word is comes with the question: the server shall not count it.
        sparse = SparseVectorIndexConfig(bm25=False)
        schema = Schema().create_index(config=dense).create_index(sparse, KEY)
        made = await self._api.get_or_create_collection(self._name, schema, **self._place)
        self._id = made.id

    def unavailable(self, why: str) -> VectorsUnavailable:
        """Return the error that says what is wrong with the server, and what may be done."""
        may = "; if it makes no sparse indexes any more, run `dateline index rebuild`"
        return super().unavailable(f"{why} words{may}" if why in _UNKNOWN else why)

    def put(self, records: Sequence[WordRecord]) -> None:
        """Add or replace passages.

        Raises:
            VectorsUnavailable: The server cannot be reached, or refuses.
        """
        for start in range(0, len(records), BATCH):
            some = records[start : start + BATCH]

            async def ask(some: Sequence[WordRecord] = some) -> None:
                await self.put_some(some)

            self.ask(ask, PATIENCE_S)

    async def put_some(self, records: Sequence[WordRecord]) -> None:
        """Add or replace passages, BATCH at most, for `ask` or `within`."""
        names = [record.name for record in records]
        unasked: list[Any] = [_unasked(name) for name in names]
        await self._api._upsert(
            await self._known(), names, unasked, [_metadata(one) for one in records], **self._place
        )

    async def by_words(self, queries: Sequence[SparseQuery]) -> list[list[Hit]]:
        """Return the passages with the greatest products, of each query, for `ask` or `within`.

        Returns:
            Hits under the names of `WordRecord`, BATCH at most, their score the product, best
            first.
        """
        searches = [_search(query) for query in queries]
        found = await self._api._search(await self._known(), searches, **self._place)
        scores = found["scores"] or []
        return [
            _hits(query, ids, own or [])
            for query, ids, own in zip(queries, found["ids"], scores, strict=True)
        ]


def offers_sparse(address: ChromaAddress, name: str) -> bool:
    """Ask whether a server makes indexes of sparse vectors: `chroma run` does not.

    It is asked to make one, to take two passages and to find the right one of them.

    Args:
        address: Of the server.
        name: Of a collection that is made for that, and removed.

    Raises:
        VectorsUnavailable: It cannot be reached, or does not let in.
    """
    for pause_s in (*PAUSES_S, None):
        with closing(ChromaWords(address, name)) as words:
            try:
                failed = words.ask(lambda: _tried(words), PATIENCE_S)
            finally:
                # A server that refuses may have made it all the same. What cannot be removed now
                # goes with the collection of vectors.
                with suppress(VectorsUnavailable):
                    words.remove()
        if failed is None:
            return True
        if failed is SPARSE:
            log.info("the Chroma server makes no sparse indexes: words are looked up here")
            return False
        if pause_s is not None:
            time.sleep(pause_s)
    log.warning(
        "the Chroma server was asked for a sparse index and failed (%s): words are looked up here "
        "until `dateline index rebuild` asks it again",
        failed,
    )
    return False


async def _tried(words: ChromaWords) -> str | None:
    """Return what keeps a server from finding words; None when nothing does."""
    rye, tea = SparseVector([2, 4], [0.5, 1.0]), SparseVector([4, 4_000_000_000], [2.0, 3.0])
    asked = SparseQuery(SparseVector([2, 4], [1.0, 0.25]), 2, Filters())
    try:
        await words.make_now()
        await words.put_some(
            [
                WordRecord("rye", rye, "Post", None, None),
                WordRecord("tea", tea, "Gazette", None, None),
            ]
        )
        narrowed = asked._replace(filters=Filters(outlets=("gazette",)))
        whole, part = await words.by_words([asked, narrowed])
    except Exception as error:
        if is_turned_away(error):
            raise
        return SPARSE if knows_no_sparse(error) else type(error).__name__
    names = [hit.passage_id for hit in (*whole, *part)]
    # The products are 0.5 + 0.25 and 0.5.
    products = [hit.score for hit in whole]
    right = names == ["rye", "tea", "tea"] and all(map(_is_near, products, (0.75, 0.5)))
    return None if right else "it finds something else"


def _is_near(product: float, expected: float) -> bool:
    return isclose(product, expected, abs_tol=1e-3)


def _search(query: SparseQuery) -> Any:
    from chromadb import Knn, Search

    most = min(query.k, BATCH)
    knn = Knn(query=_sparse(query.vector), key=KEY, limit=most)
    return Search(where=_where(query.filters), rank=knn, limit=most, select=["#score"])


def _hits(query: SparseQuery, ids: Sequence[str], scores: Sequence[float | None]) -> list[Hit]:
    """Return what was found of one query, each once.

    What the server has not yet put in its index it compares as a whole, words in common or none.
    """
    distances = {str(i): s for i, s in zip(ids, scores, strict=True) if s is not None}
    hits = [Hit(name, 1.0 - float(distance)) for name, distance in distances.items()]
    return [hit for hit in hits if hit.score > NOTHING][: query.k]


def _metadata(record: WordRecord) -> dict[str, Any]:
    kept: dict[str, Any] = {"dated": record.first_day is not None}
    if record.vector.indices:
        kept[KEY] = _sparse(record.vector)
    if record.outlet is not None:
        kept["outlet"] = record.outlet.casefold()
    if record.first_day is not None and record.last_day is not None:
        kept["first_day"] = record.first_day.toordinal()
        kept["last_day"] = record.last_day.toordinal()
    return kept


def _where(filters: Filters) -> dict[str, Any] | None:
    conditions: list[dict[str, Any]] = []
    if filters.outlets:
        conditions.append({"outlet": {"$in": [name.casefold() for name in filters.outlets]}})
    if filters.undated:
        conditions.append({"dated": False})
    elif filters.asks_for_days:
        conditions.append({"dated": True})
        if filters.published_after is not None:
            conditions.append({"first_day": {"$gte": filters.published_after.toordinal()}})
        if filters.last_day is not None:
            conditions.append({"last_day": {"$lte": filters.last_day.toordinal()}})
    return conditions[0] if len(conditions) == 1 else {"$and": conditions} if conditions else None


def _sparse(vector: SparseVector) -> Any:
    from chromadb.base_types import SparseVector as Chromas

    return Chromas(vector.indices, vector.values)


def _unasked(name: str) -> NDArray[np.float32]:
    """Return the dense vector that Chroma wants of each record, shape (2,), though nobody asks.

    On a circle, so that not all are alike: an index of equal ones degenerates.
    """
    turn = zlib.crc32(name.encode())
    return np.array([cos(turn), sin(turn)], dtype=np.float32)
