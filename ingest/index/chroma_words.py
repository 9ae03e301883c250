"""Passages by their words, as sparse vectors on a Chroma server that makes indexes of them."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from math import cos, isclose, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.domain import Filters, Hit
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_client import refuses
from ingest.index.chroma_server import BATCH, PATIENCE_S, ChromaServer
from ingest.index.lexical import LexicalDocument
from ingest.index.sparse import SparseVector

KEY = "words"
"""The metadata that has the sparse vectors."""
NOTHING = 1e-5
"""Of a product of single floats that is taken from one and given back."""
_EXAMPLES = [
    LexicalDocument("rye", "rye", "", "post", None, None),
    LexicalDocument("tea", "tea", "", "gazette", None, None),
]

log = logging.getLogger("ingest.index")


@dataclass(frozen=True)
class WordRecord:
    """A passage by its words.

    Attributes:
        name: See `rows.word_id`.
        document: What it is filtered by.
    """

    name: str
    vector: SparseVector
    document: LexicalDocument


class ChromaWords(ChromaServer):
    """One collection of passages by their words. Safe from several threads."""

    async def make_now(self) -> None:
        """Make the collection unless it is there, for `ask` or `within`."""
        from chromadb.api.types import Schema, SparseVectorIndexConfig, VectorIndexConfig

        dense = VectorIndexConfig(space="l2", embedding_function=None)
        # How rare a word is comes with the question: the server shall not count it.
        sparse = SparseVectorIndexConfig(bm25=False)
        schema = Schema().create_index(config=dense).create_index(sparse, KEY)
        made = await self._api.get_or_create_collection(self._name, schema, **self._place)
        self._id = made.id

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

    async def by_words(self, asked: SparseVector, k: int, filters: Filters) -> list[Hit]:
        """Return the passages whose vectors have the greatest product with one, best first.

        Args:
            asked: Not empty.
            k: At most this many, 1 to BATCH.
            filters: Only passages of articles that these let through.

        Returns:
            Hits under the names of `WordRecord`, their score the product, above zero.
        """
        from chromadb import Knn, Search

        knn = Knn(query=_sparse(asked), key=KEY, limit=k)
        search = Search(where=_where(filters), rank=knn, limit=k, select=["#score"])
        found = await self._api._search(await self._known(), [search], **self._place)
        scores = (found["scores"] or [[]])[0] or []
        hits = [Hit(i, 1.0 - float(s or 0)) for i, s in zip(found["ids"][0], scores, strict=True)]
        # What the server has not yet put in its index it compares as a whole, words in common or
        # none.
        return [hit for hit in hits if hit.score > NOTHING]


def offers_sparse(address: ChromaAddress, collection: str) -> bool:
    """Ask whether a server makes indexes of sparse vectors: `chroma run` does not.

    It is asked to make one, to take two passages and to find the right one of them.

    Args:
        address: Of the server.
        collection: To which `-asked` is added, for a while.

    Raises:
        VectorsUnavailable: It cannot be asked, or refuses for another reason.
    """
    with closing(ChromaWords(address, f"{collection}-asked")) as words:
        return words.ask(lambda: _tried(words), PATIENCE_S)


async def _tried(words: ChromaWords) -> bool:
    made = False
    try:
        await words.make_now()
        made = True
        vectors = SparseVector([2, 4], [0.5, 1.0]), SparseVector([4, 4_000_000_000], [2.0, 3.0])
        await words.put_some(
            [WordRecord(one.passage_id, v, one) for one, v in zip(_EXAMPLES, vectors, strict=True)]
        )
        asked = SparseVector([2, 4], [1.0, 0.25])
        found = await words.by_words(asked, 2, Filters())
        narrowed = await words.by_words(asked, 2, Filters(outlets=("Gazette",)))
    except Exception as error:
        if not refuses(error, made):
            raise
        log.info("words are looked up here: the Chroma server makes no sparse index")
        return False
    finally:
        # A server that refuses may have made it all the same.
        await words.remove_now()
    names = [hit.passage_id for hit in found]
    right = names == ["rye", "tea"] and [hit.passage_id for hit in narrowed] == ["tea"]
    return (
        right
        and isclose(found[0].score, 0.75, abs_tol=1e-3)
        and isclose(found[1].score, 0.5, abs_tol=1e-3)
    )


def _metadata(record: WordRecord) -> dict[str, Any]:
    document = record.document
    kept: dict[str, Any] = {"dated": document.first_day is not None}
    if record.vector.indices:
        kept[KEY] = _sparse(record.vector)
    if document.outlet is not None:
        kept["outlet"] = document.outlet.casefold()
    if document.first_day is not None and document.last_day is not None:
        kept["first_day"] = document.first_day.toordinal()
        kept["last_day"] = document.last_day.toordinal()
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
