"""The bundled reader, and what becomes of answers without it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.index.generations import Generations
from ingest.index.library import Library
from service.domain import Question
from service.feedback import FileBook
from service.local import LocalRetriever
from service.local_backend import LocalBackend
from service.reader.load import load_reader
from service.reader.minilm_reader import MiniLmReader
from service.reader.reading import Reading
from service.reader.weights import Adapter
from service.settings import ServiceSettings
from service.writers.extractive import ExtractiveWriter
from service.writers.extractive.plain import PlainSelector
from service.writers.extractive.reading import ReadingSelector
from service.writers.extractive.writer import NOTICE
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry, put

FERRY = "The ferry Alma was built in Turku. She sank off Hanko in May 1994 with 40 cars aboard."
WHEAT = "Wheat prices fell in Ankara. Bakers in the city welcomed the harvest of the plains."
PRECISIONS = ("float32", "bfloat16", "int8")


@pytest.fixture(scope="module", params=PRECISIONS)
def reader(request: pytest.FixtureRequest) -> MiniLmReader:
    settings = ServiceSettings(_env_file=None, precision=request.param)
    return MiniLmReader(lambda: load_reader(settings))


def best(reading: Reading, text: str) -> str:
    span = reading.best(0, len(text))
    assert span is not None
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When did the ferry sink?", "May 1994"),
        ("Where was the Alma built?", "Turku"),
        ("How many cars were aboard?", "40"),
    ],
)
def test_it_finds_where_the_answer_stands(reader: MiniLmReader, question: str, answer: str) -> None:
    (reading,) = reader.read(question, [FERRY])

    found = best(reading, FERRY)
    assert answer in found
    assert len(found) <= len(answer) + len(" aboard")


def test_it_is_surer_of_a_text_that_answers(reader: MiniLmReader) -> None:
    ferry, wheat = reader.read("When did the ferry sink?", [FERRY, WHEAT])

    answered, unanswered = ferry.best(0, len(FERRY)), wheat.best(0, len(WHEAT))
    assert answered and unanswered
    assert answered.score > 0 > unanswered.score


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[LocalBackend]:
    """A backend whose reader's weights were changed by one bit."""
    content = bytearray(Adapter().weights.read_bytes())
    content[len(content) // 2] ^= 1
    changed = tmp_path / "adapter.safetensors"
    changed.write_bytes(content)
    settings = ServiceSettings(_env_file=None)
    broken = MiniLmReader(lambda: load_reader(settings, replace(Adapter(), weights=changed)))
    writer = ExtractiveWriter(ReadingSelector(broken, 0.5, PlainSelector(0.5)), PlainSelector(0.5))
    generations = Generations(tmp_path / "data")
    library = Library(generations.data_dir)
    feedback = FileBook(generations.data_dir / "feedback.db")
    retriever = LocalRetriever(library, lambda _: FakeEmbedder())
    put(generations, entry("a1", "The railway along the Caspian shore opens in spring."))
    wired = LocalBackend(library, retriever, writer, feedback)
    yield wired
    await wired.aclose()


async def test_changed_weights_are_refused_and_the_plain_selector_answers(
    backend: LocalBackend, caplog: pytest.LogCaptureFixture
) -> None:
    given = await backend.ask(Question("When does the railway along the Caspian shore open?"))

    assert (given.status, given.degraded) == ("answered", [NOTICE])
    assert given.statements[0].citations[0].quote.startswith("The railway along")
    assert "SHA-256" in caplog.text
