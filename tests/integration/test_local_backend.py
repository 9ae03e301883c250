"""The use cases over a real, small index."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest

from ingest.domain import EmbedderId, Filters
from ingest.errors import EmbedderMismatch, IndexMissing, IndexUnavailable
from ingest.index.generations import Generations
from ingest.index.library import Library
from service.domain import Question, Turn
from service.errors import ArticleNotFound
from service.feedback import FileBook
from service.local import LocalRetriever
from service.local_backend import LocalBackend
from service.writers.extractive import ExtractiveWriter
from service.writers.extractive.plain import PlainSelector
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry, put

RAIL = "The railway along the Caspian shore opens in spring.\nFreight trains come first."
ASKED = Question("When does the railway along the Caspian shore open?")


class FakeMake:
    """Makes fake embedders, counts them, and refuses while it is told to."""

    def __init__(self) -> None:
        self.refused: str | None = None
        self.made: list[EmbedderId] = []

    def __call__(self, identity: EmbedderId) -> FakeEmbedder:
        if self.refused is not None:
            raise EmbedderMismatch(self.refused)
        self.made.append(identity)
        return FakeEmbedder()


@pytest.fixture
def make() -> FakeMake:
    return FakeMake()


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "data")


@pytest.fixture
async def backend(generations: Generations, make: FakeMake) -> AsyncIterator[LocalBackend]:
    """A backend over a data folder that nothing was ingested into yet."""
    library = Library(generations.data_dir)
    feedback = FileBook(generations.data_dir / "feedback.db")
    wired = LocalBackend(
        library, LocalRetriever(library, make), ExtractiveWriter(PlainSelector(0.5)), feedback
    )
    yield wired
    await wired.aclose()


@pytest.fixture
def filled(backend: LocalBackend, generations: Generations) -> LocalBackend:
    """The same backend once there are three articles."""
    wheat = entry("b2", "Wheat prices fell in Ankara.", outlet="Post", day="2025-12-17")
    undated = entry("c3", "Nobody knows when the ferry sank.", outlet="Post")
    put(generations, entry("a1", RAIL, day="2025-02-25"), wheat, undated)
    return backend


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)


async def test_an_answer_quotes_a_slice_of_its_article(filled: LocalBackend) -> None:
    given = await filled.ask(ASKED)

    citation = given.statements[0].citations[0]
    article = await filled.article(citation.article_id)
    assert given.status == "answered"
    assert (citation.article_id, article.text) == ("a1", RAIL)
    assert citation.quote == "The railway along the Caspian shore opens in spring."
    assert article.text[citation.start : citation.end] == citation.quote


async def test_a_question_that_no_article_answers_gets_the_nearest_passages(
    filled: LocalBackend,
) -> None:
    given = await filled.ask(Question("Which xylophone zigzags?"))

    assert given.abstention is not None
    assert (given.status, given.abstention.reason) == ("insufficient_evidence", "low_relevance")
    assert given.abstention.nearest
    assert given.abstention.coverage.model_dump() == {
        "first": "2025-02-25",
        "last": "2025-12-17",
        "articles": 3,
    }


async def test_a_search_gives_as_many_as_asked_for_best_first(filled: LocalBackend) -> None:
    results = (await filled.search(Question("wheat prices", k=2))).results

    assert [source.n for source in results] == [1, 2]
    assert results[0].article_id == "b2"
    assert 1 >= results[0].score > results[1].score >= 0


async def test_a_search_tells_what_it_understood_of_the_filters(filled: LocalBackend) -> None:
    filters = Filters(("post",), date(2025, 3, 1), date(2026, 1, 1), as_of=date(2025, 12, 31))

    found = await filled.search(Question("wheat railway ferry", filters=filters))

    assert [source.article_id for source in found.results] == ["b2"]
    assert found.understood.model_dump() == {
        "outlets": ["Post"],
        "unknown_outlets": [],
        "after": "2025-03-01",
        "before": "2025-12-31",
        "order": None,
        "people": [],
        "parts": [],
    }
    assert [source.article_id for source in found.undated] == ["c3"]


async def test_a_question_that_leans_on_the_last_one_finds_what_that_was_about(
    filled: LocalBackend,
) -> None:
    leaning = Question(
        "Why did they fall?", (Turn("user", "What is new about wheat prices in Ankara?"),)
    )

    given = await filled.ask(leaning)

    assert "wheat prices" in given.standalone_question
    assert given.statements[0].citations[0].article_id == "b2"


async def test_articles_and_counts_are_read_from_the_same_index(filled: LocalBackend) -> None:
    page, counts = await filled.articles(2, None, None), await filled.stats()

    assert ([one.article_id for one in page.articles], page.total) == (["a1", "b2"], 3)
    assert (counts.articles, counts.passages, counts.embedder) == (3, 4, "fake")
    assert counts.writer == "extractive"
    with pytest.raises(ArticleNotFound):
        await filled.article("d4")


async def test_the_embedder_that_the_index_names_is_made_once(
    filled: LocalBackend, make: FakeMake
) -> None:
    await asyncio.gather(*(filled.ask(ASKED) for _ in range(4)))

    assert make.made == [FakeEmbedder().identity]


async def test_without_an_index_nothing_is_ready_and_a_question_is_told_why(
    backend: LocalBackend,
) -> None:
    with pytest.raises(IndexMissing, match="dateline ingest"):
        await backend.ask(ASKED)

    readiness = backend.readiness()
    assert (readiness.ready, readiness.generation) == (False, None)
    assert readiness.reason


async def test_a_server_is_ready_before_its_first_question(
    filled: LocalBackend, make: FakeMake
) -> None:
    async with filled.lifespan(0.02)(None):
        readiness = filled.readiness()
        assert (readiness.ready, readiness.generation, readiness.reason) == (True, 1, None)
        assert len(make.made) == 1
    assert not filled.readiness().ready


async def test_a_server_follows_what_is_ingested_while_it_runs(
    filled: LocalBackend, generations: Generations
) -> None:
    async with filled.lifespan(0.02)(None):
        put(generations, entry("d4", "Storks came back to Gorgan on Sunday."))
        await eventually(lambda: filled.readiness().generation == 2)
        given = await filled.ask(Question("When did storks come back to Gorgan?"))

    assert given.statements[0].citations[0].article_id == "d4"


async def test_an_embedder_that_does_not_fit_is_the_reason_until_it_does(
    filled: LocalBackend, make: FakeMake
) -> None:
    make.refused = "made with another embedder"
    with pytest.raises(EmbedderMismatch):
        await filled.ask(ASKED)
    refused = filled.readiness()
    make.refused = None
    await filled.ask(ASKED)

    assert (refused.ready, refused.generation, refused.reason) == (
        False,
        1,
        "made with another embedder",
    )
    assert (filled.readiness().ready, filled.readiness().reason) == (True, None)


async def test_a_server_whose_embedder_does_not_fit_starts_and_says_so(
    filled: LocalBackend, make: FakeMake
) -> None:
    make.refused = "made with another embedder"

    async with filled.lifespan(0.02)(None):
        assert filled.readiness().reason == "made with another embedder"


async def test_a_closed_backend_answers_no_more(filled: LocalBackend) -> None:
    await filled.ask(ASKED)
    await filled.aclose()

    with pytest.raises(IndexUnavailable, match="closed"):
        await filled.ask(ASKED)
    assert not filled.readiness().ready


async def test_a_damaged_generation_is_answered_from_the_one_before(
    filled: LocalBackend, generations: Generations
) -> None:
    put(generations, entry("d4", "Storks came back to Gorgan on Sunday."))
    (generations.path(2) / "catalog.db").write_bytes(b"")

    given = await filled.ask(ASKED)

    assert given.statements[0].citations[0].article_id == "a1"
    assert any("generation 2" in note and "1 serves" in note for note in given.degraded)
    assert (filled.readiness().ready, filled.readiness().generation) == (True, 1)
    assert filled.readiness().degraded == given.degraded


async def test_an_answer_can_be_rated_once_it_was_given(
    backend: LocalBackend, generations: Generations
) -> None:
    put(generations, entry("a1", "The ferry sailed for Baku."))
    answer = await backend.ask(Question("Where did the ferry sail?"))

    await backend.rate(answer.id, "down", "When?")

    (kept,) = FileBook(generations.data_dir / "feedback.db").kept("down")
    assert kept.answer == answer
