"""The service goes on with words alone while the Chroma server is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ingest.errors import VectorsUnavailable
from ingest.index.chroma_address import ChromaAddress
from ingest.index.generations import Generations
from ingest.index.library import Library
from ingest.index.mend import mend
from ingest.index.own_collection import own_collection
from service.domain import Question
from service.feedback import FileBook
from service.local import LocalRetriever
from service.local_backend import LocalBackend
from service.writers.extractive import ExtractiveWriter
from service.writers.extractive.plain import PlainSelector
from tests.chroma_run import ChromaRun, chroma_run, free_port
from tests.fakes import FakeEmbedder
from tests.integration.conftest import Ingest, record, write
from tests.integration.index.conftest import entry, put

RAIL = "The railway along the Caspian shore opens in spring.\nFreight trains come first."
ASKED = Question("When does the railway along the Caspian shore open?")
SOON_S, WHOLE_S = 2.0, 5.0
AWAY: dict[str, tuple[Callable[[ChromaRun], None], Callable[[ChromaRun], None], str]] = {
    "killed": (ChromaRun.kill, ChromaRun.start, "cannot be reached"),
    "hung": (ChromaRun.hang, ChromaRun.go_on, "did not answer within 1 s"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaRun]:
    """A server that each test leaves running."""
    with chroma_run(tmp_path_factory.mktemp("chroma") / "store") as started:
        yield started


@pytest.fixture
def address(server: ChromaRun, tmp_path: Path) -> ChromaAddress:
    """The address of a server that has an index, with the time-out of the settings."""
    rail = entry("a1", RAIL, day="2025-02-25"), entry("b2", "Wheat prices fell in Ankara.")
    put(Generations(tmp_path / "data", server.address), *rail)
    return ChromaAddress(url=server.url)


@asynccontextmanager
async def started(data: Path, address: ChromaAddress) -> AsyncIterator[LocalBackend]:
    library = Library(data, server=address)
    retriever = LocalRetriever(library, lambda _: FakeEmbedder())
    writer = ExtractiveWriter(PlainSelector(0.5))
    wired = LocalBackend(library, retriever, writer, FileBook(data / "feedback.db"))
    async with wired.lifespan(0.5)(None):
        yield wired


async def whole_again(backend: LocalBackend) -> float:
    """Return how many seconds it takes until nothing is degraded, in readiness and answers."""
    began = time.monotonic()
    while backend.readiness().degraded or (await backend.ask(ASKED)).degraded:
        assert time.monotonic() - began < WHOLE_S, backend.readiness()
        await asyncio.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.parametrize("how", AWAY)
async def test_answers_go_on_by_words_and_are_whole_soon_after(
    how: str, server: ChromaRun, address: ChromaAddress, tmp_path: Path
) -> None:
    leave, come_back, why = AWAY[how]
    async with started(tmp_path / "data", address) as backend:
        assert (await backend.ask(ASKED)).degraded == []
        leave(server)
        try:
            began = time.monotonic()
            given = await backend.ask(ASKED)
            took, second = time.monotonic() - began, await backend.ask(ASKED)
            readiness = backend.readiness()
        finally:
            come_back(server)
        assert took < SOON_S
        assert given.statements[0].citations[0].article_id == "a1"
        [said] = given.degraded
        assert said.startswith("chroma: the server ") and why in said and server.url not in said
        assert (second.degraded, second.timings_ms.retrieve < 500) == ([said], True)
        assert (readiness.ready, readiness.degraded) == (True, [said])
        await whole_again(backend)


async def test_a_service_starts_without_the_server(
    server: ChromaRun, address: ChromaAddress, tmp_path: Path
) -> None:
    server.kill()
    async with started(tmp_path / "data", address) as backend:
        try:
            readiness, given = backend.readiness(), await backend.ask(ASKED)
        finally:
            server.start()
        assert readiness.ready
        assert "chroma: the server cannot be reached" in readiness.degraded[0]
        assert given.status == "answered"
        await whole_again(backend)


def test_an_ingest_without_the_server_publishes_nothing(
    ingest: Ingest, news: Path, data: Path
) -> None:
    nobody = ChromaAddress(url=f"http://127.0.0.1:{free_port()}")
    write(news / "a.jsonl", record("Ferry"))
    with pytest.raises(VectorsUnavailable, match="cannot be reached"):
        ingest(news, server=nobody)
    assert Generations(data).current() is None


async def test_a_collection_that_somebody_deleted_is_noticed_and_mended_under_way(
    server: ChromaRun, address: ChromaAddress, tmp_path: Path
) -> None:
    name = own_collection(tmp_path / "data")
    async with started(tmp_path / "data", address) as backend:
        server.ask("delete", f"/collections/{name}")
        given = await backend.ask(ASKED)
        assert given.status == "answered"
        assert "run `dateline index rebuild`" in given.degraded[0]
        made = server.ask("post", "/collections", json={"name": name})["id"]
        for ids in ([], ["x"]):
            if ids:
                one = {"ids": ids, "embeddings": [[1.0] * 64]}
                server.ask("post", f"/collections/{made}/upsert", json=one)
            # The probe looks once a second.
            await asyncio.sleep(2.5)
            assert "none of the vectors of this generation" in backend.readiness().degraded[0]
            assert (await backend.ask(ASKED)).degraded == backend.readiness().degraded
        await asyncio.to_thread(mend, Generations(tmp_path / "data", server.address))
        await whole_again(backend)
        assert backend.readiness().generation == 2
