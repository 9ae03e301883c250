"""A conversation over a real, small index, with a language model and without."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.index.generations import Generations
from ingest.index.library import Library
from prompts.loader import load
from service.bootstrap import make_writer
from service.domain import Question, Turn
from service.feedback import FileBook
from service.local import LocalRetriever
from service.local_backend import LocalBackend
from service.query.followup import NOTICE
from service.settings import ServiceSettings
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry, put
from tests.model_server import ModelServer, Reply

LUND = "What did Mara Lund say about the ferry, according to the Harbour Post?"
SAFE = "Mara Lund said on Monday that the ferry is safe."
GOOD = "When did Mara Lund say that the ferry is safe, according to the Harbour Post?"
FOLLOW_UP = Question("And when did she say it?", (Turn("user", LUND),))
WRITTEN = Reply((f"{SAFE} [1]",), usage={"prompt_tokens": 90, "completion_tokens": 12})


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def backend_of(data_dir: Path, **settings: Any) -> LocalBackend:
    """Return a backend over an index of three articles."""
    lund = entry("a1", SAFE, outlet="Harbour Post", day="2025-03-03")
    others = entry("b2", "Wheat prices fell in Ankara.", outlet="Lantern"), entry("c3", "Rain.")
    put(Generations(data_dir), lund, *others)
    library = Library(data_dir)
    made = make_writer(ServiceSettings(_env_file=None, data_dir=data_dir, **settings))
    retriever = LocalRetriever(library, lambda _: FakeEmbedder())
    feedback = FileBook(data_dir / "feedback.db")
    return LocalBackend(library, retriever, made.writer, feedback, made.condenser)


@pytest.fixture
async def by_rules(tmp_path: Path) -> AsyncIterator[LocalBackend]:
    made = backend_of(tmp_path / "data")
    yield made
    await made.aclose()


@pytest.fixture
async def by_model(tmp_path: Path, server: ModelServer) -> AsyncIterator[LocalBackend]:
    made = backend_of(tmp_path / "data", llm_base_url=server.base_url, llm_model="tiny")
    yield made
    await made.aclose()


async def test_a_follow_up_names_what_it_leaves_out(by_rules: LocalBackend) -> None:
    given = await by_rules.ask(FOLLOW_UP)

    assert given.question == FOLLOW_UP.text
    assert all(name in given.standalone_question for name in ("Mara Lund", "ferry", "Harbour Post"))
    assert given.understood.outlets == ["Harbour Post"]
    assert (given.degraded, given.writer.prompts) == ([], {})


async def test_another_outlet_is_asked_about_the_same(by_rules: LocalBackend) -> None:
    given = await by_rules.ask(Question("And the Lantern?", (Turn("user", LUND),)))

    assert given.standalone_question == LUND.replace("Harbour Post", "Lantern")
    assert given.understood.outlets == ["Lantern"]


async def test_a_question_without_history_stays_as_it_is(by_rules: LocalBackend) -> None:
    assert (await by_rules.ask(Question(LUND))).standalone_question == LUND


async def test_the_model_s_question_is_asked_and_its_prompts_are_told(
    by_model: LocalBackend, server: ModelServer
) -> None:
    server.enqueue(Reply((GOOD,), usage={"prompt_tokens": 9, "completion_tokens": 1}), WRITTEN)

    given = await by_model.ask(FOLLOW_UP)

    assert (given.standalone_question, given.status) == (GOOD, "answered")
    hashes = {load(name).name: load(name).hash for name in ("condense.system", "condense.user")}
    assert hashes.items() <= given.writer.prompts.items()
    assert len(given.writer.prompts) > len(hashes)
    assert given.usage is not None
    assert (given.usage.prompt_tokens, given.usage.completion_tokens) == (99, 13)


async def test_a_rewrite_that_fails_is_told_and_the_answer_still_comes(
    by_model: LocalBackend, server: ModelServer
) -> None:
    server.enqueue(Reply(status=400, body="{}"), WRITTEN)

    given = await by_model.ask(FOLLOW_UP)

    assert given.status == "answered"
    assert given.statements[0].citations[0].quote == SAFE
    assert given.degraded == [NOTICE]
    assert "Mara Lund" in given.standalone_question


async def test_a_rewrite_that_names_somebody_new_is_not_taken(
    by_model: LocalBackend, server: ModelServer
) -> None:
    server.enqueue(Reply(("When did Sergei Orlov say that the ferry is safe?",)), WRITTEN)

    given = await by_model.ask(FOLLOW_UP)

    assert "Orlov" not in given.standalone_question
    assert (given.status, given.degraded) == ("answered", [])


async def test_no_model_is_asked_to_rewrite_a_first_question(
    by_model: LocalBackend, server: ModelServer
) -> None:
    server.enqueue(WRITTEN)

    given = await by_model.ask(Question(LUND))

    assert len(server.requests) == 1
    assert not any(name.startswith("condense") for name in given.writer.prompts)
