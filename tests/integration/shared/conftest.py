"""What services share: an empty database in a real PostgreSQL, and books on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from service.domain import Answer, Question, Turn
from service.feedback import FeedbackBook
from service.feedback.shared_book import SharedBook
from tests.postgres_server import PostgresServer, postgres
from tests.unit.evals.made import answered

ASKED = Question("And before?", (Turn("user", "When did it sink?"),))
QUOTED = "The quokkafold was seen in Gorgan on Sunday, and nobody knows why."
QUOTING = Question("Is that so?", (Turn("user", f"It says: {QUOTED.replace(' ', '  ')}"),))
SHOWN = "00000000000000a1"
"""The article that the answers below show."""
Open = Callable[[], SharedBook]


@pytest.fixture(scope="package")
def server() -> Iterator[PostgresServer]:
    with postgres() as server:
        yield server


@pytest.fixture
def url(server: PostgresServer, request: pytest.FixtureRequest) -> str:
    """The address of a database with nothing in it."""
    return server.database(f"d{abs(hash(request.node.name))}")


@pytest.fixture
def opened(url: str) -> Iterator[Open]:
    """Open books of several services."""
    books: list[SharedBook] = []

    def one() -> SharedBook:
        books.append(SharedBook(url))
        books[-1].open()
        return books[-1]

    yield one
    for book in books:
        book.close()


def answer(name: str) -> Answer:
    made = answered().model_dump_json().replace('"a1"', f'"{SHOWN}"')
    return Answer.model_validate_json(made).model_copy(update={"id": name})


def remember(book: FeedbackBook, name: str, question: Question = ASKED) -> None:
    written = book.remember(question, answer(name))
    if written is not None:
        written.result(10)
