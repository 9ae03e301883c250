"""Chroma over HTTP, a collection at a time.

Two things of Chroma's own clients are left out. They have no time-outs, so every request here has
one for all of it. And their class `Collection` reads the schema that the server sends at each
upsert, and builds the embedding functions that it names (CVE-2026-45829): below that class, where
collections are ids, nothing that a server sends is more than data.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from ingest.errors import IngestError, VectorsUnavailable
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_client import OTHER_WORDS, below_collections, connections, reason

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal
    from chromadb.types import Collection

T = TypeVar("T")

BATCH = 300
"""Vectors in one request, and the most that a search gives: Chroma Cloud takes no more."""
PAGE = 10_000
"""Ids listed in one request, by a server of one's own."""
PATIENCE_S = 60.0
"""For one request while an index is built or checked, where nobody waits for an answer."""
_VERSION = re.compile(r"\d+\.\d+[\w.+-]{0,40}")


class ChromaCollection:
    """One collection of a server, from an event loop in a thread. Safe from several threads.

    What its records are is the business of `chroma_server.py` and `chroma_words.py`.
    """

    def __init__(self, address: ChromaAddress, collection: str) -> None:
        """Take the address; nothing is asked yet.

        Raises:
            SettingsError: Something in the environment keeps Chroma from starting.
        """
        from anyio.from_thread import start_blocking_portal

        self._address = address
        self._name = collection
        self._place: dict[str, Any] = {"tenant": address.tenant, "database": address.database}
        self._id: UUID | None = None
        self._tasks: list[Future[None]] = []
        with ExitStack() as opened:
            self._portal: BlockingPortal = opened.enter_context(
                start_blocking_portal(name="chroma-server")
            )
            self._http = self._portal.call(connections, address)
            self._api = below_collections(address, self._http)
            self._opened = opened.pop_all()

    def version(self) -> str:
        """Return what the server says is its version.

        Raises:
            VectorsUnavailable: It cannot be reached, or is no server of Chroma's.
        """
        said = self.ask(self._api.get_version, PATIENCE_S)
        if not isinstance(said, str) or not _VERSION.fullmatch(said):
            raise self.unavailable(OTHER_WORDS)
        return said

    def remove(self) -> bool:
        """Remove the collection and all that is in it; return whether it was there."""

        async def ask() -> bool:
            from chromadb.errors import NotFoundError

            with suppress(NotFoundError):
                await self._api.delete_collection(self._name, **self._place)
                return True
            return False

        return self.ask(ask, PATIENCE_S)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; ids that are not there are ignored."""
        for start in range(0, len(ids), BATCH):
            names = list(ids[start : start + BATCH])

            async def ask(names: list[str] = names) -> None:
                await self._api._delete(await self._known(), names, **self._place)

            self.ask(ask, PATIENCE_S)

    def those_of(self, ids: Sequence[str]) -> set[str]:
        """Return which of some ids there are."""
        there: set[str] = set()
        for start in range(0, len(ids), BATCH):
            names = list(ids[start : start + BATCH])

            async def ask(names: list[str] = names) -> set[str]:
                return await self.among(names)

            there |= self.ask(ask, PATIENCE_S)
        return there

    async def among(self, ids: Sequence[str]) -> set[str]:
        """Return which of some ids there are, BATCH at most, for `ask` or `within`."""
        found = await self._api._get(await self._known(), list(ids), include=[], **self._place)
        return set(found["ids"])

    async def require_some(self, ids: Sequence[str], why: str) -> None:
        """Raise VectorsUnavailable when there is none of some ids; nothing when none are given."""
        if ids and not await self.among(ids):
            raise self.unavailable(why)

    async def require_all(self, ids: Sequence[str], why: str) -> None:
        """Raise VectorsUnavailable when one of some ids, BATCH at most, is missing."""
        if ids and len(await self.among(ids)) < len(ids):
            raise self.unavailable(why)

    def ids(self) -> Iterator[list[str]]:
        """Yield the ids of all vectors, in pages; nobody may write meanwhile."""
        size = BATCH if self._address.is_cloud else PAGE
        before: list[str] = []
        for page in count():

            async def ask(offset: int = size * page) -> list[str]:
                found = await self._api._get(
                    await self._known(), limit=size, offset=offset, include=[], **self._place
                )
                return list(found["ids"])

            ids = self.ask(ask, PATIENCE_S)
            if not ids:
                return
            if ids == before:
                raise self.unavailable("lists the same ids again and again")
            yield (before := ids)

    def every(self, pause_s: Callable[[], float], ask: Callable[[], Awaitable[None]]) -> None:
        """Have something asked again and again until `close`, in the thread of the event loop."""

        async def again() -> None:
            while True:
                await asyncio.sleep(pause_s())
                await ask()

        self._tasks.append(self._portal.start_task_soon(again))

    async def within(self, ask: Callable[[], Awaitable[T]], timeout_s: float) -> T:
        """Return what is asked for, to be awaited in the thread of the event loop.

        Raises:
            VectorsUnavailable: The server cannot be reached, is too slow, or refuses.
        """
        try:
            async with asyncio.timeout(timeout_s):
                return await ask()
        except TimeoutError as error:
            raise self.unavailable(f"did not answer within {timeout_s:.3g} s") from error
        except IngestError:
            # The catalog's, say: no fault of the server.
            raise
        except Exception as error:
            # It may be another collection of that name when it is asked again.
            self._id = None
            raise self.unavailable(reason(error)) from error

    def ask(self, ask: Callable[[], Awaitable[T]], timeout_s: float) -> T:
        """Return what is asked for in the thread of the event loop; see `within`."""
        return self._portal.call(self.within, ask, timeout_s)

    async def _known(self) -> UUID:
        """Return the collection's id, which it has for as long as it is there."""
        if self._id is None:
            self._id = (await self._collection()).id
        return self._id

    async def _collection(self) -> Collection:
        return await self._api.get_collection(self._name, **self._place)

    def unavailable(self, why: str) -> VectorsUnavailable:
        """Return the error that says what is wrong with the server."""
        return VectorsUnavailable(f"the Chroma server at {self._address.url} {why}", why)

    def close(self) -> None:
        """Give the connections back."""
        for task in self._tasks:
            task.cancel()
        self._portal.call(self._http.aclose)
        self._opened.close()
