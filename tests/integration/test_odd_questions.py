"""Questions that nobody thought of, through the service's entrance."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.domain import Filters
from ingest.index.generations import Generations
from ingest.index.library import Library
from service.domain import Question, Source
from service.feedback import FileBook
from service.local import LocalRetriever
from service.local_backend import LocalBackend
from service.writers.extractive import ExtractiveWriter
from service.writers.extractive.plain import PlainSelector
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import put
from tests.integration.news_pool import VOCABULARY, pool

POOL = pool()
ODD = {
    "of 2,000 characters": (VOCABULARY * 20)[:2000],
    "of 2,000 letters": "x" * 2000,
    "of many clauses": ", ".join(["ferry sank while bread rose"] * 70),
    "one word": "ferry",
    "one letter": "a",
    "punctuation": "?!… — ,,, ; : ... “”",
    "stop words": "what is the of and to in that it",
    "operators": "ferry AND OR NOT (wheat +storm -rain",
    "a field": "title:ferry passage_id:a00-0000 text:*",
    "wildcards": "fer* ~2 ^3 [a TO z] {x} \\ / ferry~",
    "unbalanced quotes": "\"ferry 'sank “storm",
    "nothing but syntax": '"" () AND -: *',
    "SQL": "'; DROP TABLE articles; --",
    "Persian": "چرا وزیر خارجه در روز سه\u200cشنبه سفر کرد؟",  # noqa: RUF001 - it is Persian
    "Russian": "Почему затонул паром в гавани?",
    "Chinese": "渡轮为什么沉没了？",  # noqa: RUF001 - it is Chinese
    "Hindi": "नौका क्यों डूबी और गेहूँ के दाम?",
    "emoji": "🚢🌊🔥🤷🏽‍♀️",
    "zero width": "fer\u200bry\u2060 sa\u200dnk\ufeff",
    "a combining mark": "\u0301",
    "a vowel sign after a word that parts clauses": "steel prices and\u093e wheat harvest failed",
    "marks without end": "ferry" + "\u0336" * 300,
    "right to left": "\u202eyrref\u202c sank",
    "control characters": "ferry\x00\x07\x1b[31m sank",
    "numbers": "12 40 0 -1 1e9 ½ ٣ 99999999999999999999",
    "impossible days": "on 31 February 2025, 0000-00-00, 99/99/9999 and 12 Foo",
}


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBackend]:
    generations = Generations(tmp_path_factory.mktemp("odd") / "data")
    put(generations, *POOL)
    library = Library(generations.data_dir)
    retriever = LocalRetriever(library, lambda _: FakeEmbedder())
    feedback = FileBook(Path(generations.data_dir) / "feedback.db")
    wired = LocalBackend(library, retriever, ExtractiveWriter(PlainSelector(0.5)), feedback)
    yield wired
    asyncio.run(wired.aclose())


def are_valid(sources: list[Source]) -> bool:
    texts = {item.article.article_id: item.article.text for item in POOL}
    numbered = [source.n for source in sources] == list(range(1, len(sources) + 1))
    return numbered and all(
        source.text == texts[source.article_id][source.start : source.end] for source in sources
    )


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
async def test_an_odd_question_is_answered_or_not_and_never_fails(
    backend: LocalBackend, text: str
) -> None:
    given = await backend.ask(Question(text))

    assert are_valid(given.sources)
    assert (given.status == "answered") is bool(given.statements) is (given.abstention is None)
    if given.abstention:
        assert are_valid(given.abstention.nearest)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
async def test_an_odd_query_finds_something_or_nothing_and_never_fails(
    backend: LocalBackend, text: str
) -> None:
    assert are_valid(list((await backend.search(Question(text))).results))


@pytest.mark.parametrize(
    "text",
    [
        "what does the harbour post say about the ferry?",
        "does courier agree with harbour post’s article on wheat prices?",
    ],
)
async def test_a_question_in_capitals_gives_the_same_outlets(
    backend: LocalBackend, text: str
) -> None:
    small = await backend.search(Question(text))
    capitals = await backend.search(Question(text.upper()))

    assert capitals.understood.outlets == small.understood.outlets != []


@pytest.mark.parametrize(
    "filters",
    [
        Filters(published_after=date(2025, 1, 1)),
        Filters(published_before=date(2025, 12, 31)),
        Filters(as_of=date(2025, 12, 31)),
    ],
)
async def test_undated_articles_are_told_apart_from_those_of_the_days_asked_for(
    backend: LocalBackend, filters: Filters
) -> None:
    found = await backend.search(Question("ferry storm wheat bread", k=50, filters=filters))

    assert found.results
    assert found.undated
    assert all(hit.published_at for hit in found.results)
    assert not any(hit.published_at for hit in found.undated)


async def test_an_answer_about_some_days_cites_no_undated_article(backend: LocalBackend) -> None:
    filters = Filters(published_after=date(2025, 1, 1))

    given = await backend.ask(Question("Why did the ferry storm wheat rise?", filters=filters))

    assert given.undated
    assert all(source.published_at for source in given.sources)
    nearest = given.abstention.nearest if given.abstention else []
    assert all(source.published_at for source in nearest)
