"""Ratings and the latest answers in a real PostgreSQL, beside those in a file."""

from __future__ import annotations

import asyncio
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from service.domain import Answer, Question
from service.errors import AnswerNotFound, FeedbackRefused, FeedbackUnavailable
from service.feedback import FeedbackBook, FileBook, shared_book
from service.feedback import postgres as rows
from service.feedback.desk import WITHIN_S, FeedbackDesk
from service.feedback.rated import Remembered
from service.feedback.shared_book import SharedBook
from tests.integration.shared.conftest import ASKED, QUOTED, QUOTING, SHOWN, Open, answer, remember
from tests.postgres_server import PASSWORD, PostgresServer
from tests.waiting import until


@pytest.fixture(params=["file", "shared"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> FeedbackBook:
    if request.param == "file":
        return FileBook(tmp_path / "feedback.db")
    opened: Open = request.getfixturevalue("opened")
    return opened()


def test_a_rating_is_kept_with_the_answer_and_what_was_asked(book: FeedbackBook) -> None:
    remember(book, "ans_1")

    book.rate("ans_1", "up", "Fine.")
    book.rate("ans_1", "down", "It was Tuesday.\0")

    (kept,) = book.kept("down")
    assert kept.comment.startswith("It was Tuesday.")
    assert (kept.answer, kept.history) == (answer("ans_1"), ASKED.history)
    assert book.kept("up") == []


@pytest.mark.parametrize("name", ["ans_x", "ans\0", "'; DROP TABLE dateline_feedback; --"])
def test_what_is_no_answer_cannot_be_rated(book: FeedbackBook, name: str) -> None:
    for use in (lambda: book.shown_by(name), lambda: book.rate(name, "up", "")):
        with pytest.raises(AnswerNotFound):
            use()


def test_what_shows_or_quotes_a_removed_article_goes_and_no_other(book: FeedbackBook) -> None:
    for name, question in (("ans_1", ASKED), ("ans_2", QUOTING), ("ans_3", ASKED)):
        remember(book, name, question)
        book.rate(name, "up", QUOTED if name == "ans_3" else "")

    assert book.forget(["0123456789abcdef"], [QUOTED]) == 2
    assert [one.answer.id for one in book.kept("up")] == ["ans_1"]
    assert book.forget([SHOWN], []) == 1
    assert book.kept("up") == []


def test_a_book_knows_what_its_ratings_show(book: FeedbackBook) -> None:
    assert not book.knows(SHOWN)
    remember(book, "ans_1")
    book.rate("ans_1", "up", "")

    assert book.knows(SHOWN)
    assert not book.knows("0123456789abcdef")
    book.bar([SHOWN])
    assert book.forget([SHOWN], []) == 1
    # One that others write to goes on to refuse it.
    assert book.knows(SHOWN) == isinstance(book, SharedBook)


def test_an_answer_of_one_service_is_rated_through_another(opened: Open) -> None:
    one, other = opened(), opened()
    remember(one, "ans_1")

    assert other.shown_by("ans_1") == {SHOWN}
    other.rate("ans_1", "down", "It was Tuesday.")

    assert [(kept.comment, kept.history) for kept in one.kept("down")] == [
        ("It was Tuesday.", ASKED.history)
    ]


def test_services_that_begin_and_rate_at_once_leave_one_rating(
    opened: Open, server: PostgresServer, url: str
) -> None:
    with ThreadPoolExecutor(6) as services:
        books = list(services.map(lambda _: opened(), range(6)))
        remember(books[0], "ans_1")
        ratings = [
            services.submit(book.rate, "ans_1", "up" if n % 2 else "down", str(n))
            for n, book in enumerate(books * 5)
        ]
    assert [rating.result() for rating in ratings] == [None] * 30
    database = url.rpartition("/")[2]
    assert server.execute("SELECT count(*) FROM dateline_feedback", database) == [(1,)]


def test_services_that_begin_at_once_make_the_tables_once(url: str) -> None:
    together = threading.Barrier(8)
    books = [SharedBook(url) for _ in range(8)]

    def begin(book: SharedBook) -> None:
        book._store()
        together.wait()
        book.require()

    with ThreadPoolExecutor(len(books)) as services:
        assert list(services.map(begin, books)) == [None] * len(books)
    for book in books:
        book.close()


def test_answers_that_are_too_many_or_too_old_are_pruned(
    opened: Open, server: PostgresServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "REMEMBERED", 2)
    book, database = opened(), url.rpartition("/")[2]
    for name in ("ans_1", "ans_2", "ans_3", "ans_4"):
        remember(book, name)
    older = "UPDATE dateline_answers SET remembered_at = remembered_at - interval '2 days'"
    server.execute(f"{older} WHERE answer_id = 'ans_3'", database)
    book._store().prune()

    left = server.execute("SELECT answer_id FROM dateline_answers ORDER BY 1", database)
    assert left == [("ans_2",), ("ans_4",)]


async def test_a_killed_server_keeps_nobody_waiting_and_is_found_again(
    opened: Open, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_book, "RETRY_S", 0.2)
    one = opened()
    desk = FeedbackDesk(one)
    await desk.remember(ASKED, answer("ans_1"))
    with capture_logs() as said:
        server.kill()
        try:
            with pytest.raises(FeedbackUnavailable):
                await desk.rate("ans_1", "up", "")
            started = time.monotonic()
            for n in range(40):
                await desk.remember(ASKED, answer(f"late_{n}"))
            assert time.monotonic() - started < 2
            assert desk.degraded == ["feedback: ratings and the latest answers cannot be kept"]
            await asyncio.sleep(0.5)
        finally:
            server.start()
        await asyncio.to_thread(until, lambda: not (one.problem or one._waiting), 20)
    opened().rate("late_0", "up", "")

    assert [line["event"] for line in said if "problem" in line] == ["feedback"]
    assert PASSWORD not in str(said) and "127.0.0.1" not in str(said)


async def test_a_server_that_falls_silent_is_given_up_in_time(
    opened: Open, server: PostgresServer
) -> None:
    one, other = opened(), opened()
    desk = FeedbackDesk(one)
    await asyncio.to_thread(remember, one, "ans_1")
    with server.frozen():
        started = time.monotonic()
        stuck = asyncio.create_task(asyncio.to_thread(one.shown_by, "ans_1"))
        await asyncio.sleep(0.2)
        ratings = [desk.rate("ans_1", "up", "") for _ in range(8)]
        outcomes = await asyncio.gather(*ratings, return_exceptions=True)
        took = time.monotonic() - started
        # The thread that took the open connection does not wait for ever either.
        with pytest.raises(FeedbackUnavailable):
            await asyncio.wait_for(stuck, 15)
        await desk.remember(ASKED, answer("late"))
    assert {type(outcome) for outcome in outcomes} == {FeedbackUnavailable}
    assert took < WITHIN_S + 2
    await asyncio.to_thread(until, lambda: not (one.problem or one._waiting), 20)
    other.rate("late", "up", "")
    await desk.rate("ans_1", "up", "")


def test_an_answer_that_the_store_refuses_takes_no_other_with_it(
    url: str, server: PostgresServer
) -> None:
    refused = "ALTER TABLE dateline_answers ADD CHECK (answer_id <> 'ans_1')"
    with closing(SharedBook(url)) as book, capture_logs() as said:
        book.require()
        server.execute(refused, url.rpartition("/")[2])
        for n in range(3):
            book.remember(ASKED, answer(f"ans_{n}"))
        written = [one.written for one in book._waiting.values()]
        book.open()

        assert [type(one.exception(20)) for one in written] == [
            type(None),
            FeedbackRefused,
            type(None),
        ]
        assert (list(book._waiting), book.problem) == ([], None)
        book.rate("ans_2", "up", "")
    assert [line["answer"] for line in said if line["log_level"] == "error"] == ["ans_1"]


@pytest.mark.parametrize("fault", ["\ud800", "\0"])
def test_an_answer_that_cannot_be_written_down_takes_no_other_with_it(
    opened: Open, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Remembered.of

    def of(question: Question, given: Answer) -> Remembered:
        found = made(question, given)
        return replace(found, history=fault) if given.id == "ans_1" else found

    monkeypatch.setattr(Remembered, "of", of)
    book = opened()
    written = [book.remember(ASKED, answer(f"ans_{n}")) for n in range(3)]

    failed = [one is not None and one.exception(20) is not None for one in written]
    assert (failed, book.problem) == ([False, True, False], None)
    book.rate("ans_2", "up", "")


def test_a_server_that_only_read_for_a_while_is_written_to_again(
    server: PostgresServer, url: str
) -> None:
    only_reads = f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only TO"
    server.execute(f"{only_reads} on")
    with closing(SharedBook(url)) as book:
        book.remember(ASKED, answer("ans_1"))
        with pytest.raises(FeedbackUnavailable, match="ReadOnlySqlTransaction"):
            book.rate("ans_1", "down", "")
        server.execute(f"{only_reads} off")

        book.rate("ans_1", "down", "")

        assert len(book.kept("down")) == 1


def test_tables_that_are_there_need_no_right_to_make_them(
    opened: Open, server: PostgresServer, url: str
) -> None:
    opened().require()
    database = url.rpartition("/")[2]
    server.execute(
        "CREATE ROLE guest LOGIN PASSWORD 'guest';"
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest",
        database,
    )
    with closing(SharedBook(url.replace(f"dateline:{PASSWORD}", "guest:guest"))) as guest:
        guest.open()
        remember(guest, "ans_1")
        guest.rate("ans_1", "up", "")
        assert guest.problem is None


def test_a_password_that_is_wrong_is_told_of_and_not_shown(server: PostgresServer) -> None:
    with closing(SharedBook(server.url(password="wrong-canary-1"))) as book:
        with pytest.raises(FeedbackUnavailable, match="does not let this login in") as caught:
            book.require()
        shown = "".join(traceback.format_exception(caught.value))
        assert "wrong-canary-1" not in shown + repr(book) + str(vars(book._store()))


def test_a_database_that_cannot_hold_every_character_is_refused(server: PostgresServer) -> None:
    url = server.database("latin", "ENCODING 'LATIN1' TEMPLATE template0")
    with (
        closing(SharedBook(url)) as book,
        pytest.raises(FeedbackUnavailable, match=r"LATIN1.*UTF8"),
    ):
        book.require()
