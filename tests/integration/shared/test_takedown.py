"""An article that must go while the PostgreSQL that holds ratings of it has troubles of its own."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from ingest.errors import UnknownArticles
from ingest.index.generations import Generations
from service.errors import AnswerNotFound, FeedbackUnavailable
from service.feedback import clearing, select
from service.feedback.shared_book import SharedBook
from service.settings import ServiceSettings
from service.takedown import lines, remove
from tests.integration.index.conftest import entry, put
from tests.integration.shared.conftest import ASKED, QUOTED, QUOTING, SHOWN, Open, answer, remember
from tests.postgres_server import PASSWORD, PostgresServer


@pytest.fixture
def settings(tmp_path: Path, url: str) -> ServiceSettings:
    """Of a service with two articles, and one rating of the first in each of its books."""
    settings = ServiceSettings(
        _env_file=None, data_dir=tmp_path / "data", feedback_url=SecretStr(url)
    )
    text = "The ferry sank on Monday, and everybody was brought ashore by noon."
    put(Generations(settings.data_dir), entry(SHOWN, text), entry("b2", "Wheat prices fell."))
    for book in select.every_book(settings):
        book.open()
        book.remember(ASKED, answer("ans_1"))
        book.rate("ans_1", "up", "")
        book.close()
    return settings


def test_nothing_of_what_was_removed_is_left_in_the_files(
    opened: Open, server: PostgresServer, url: str
) -> None:
    book, database = opened(), url.rpartition("/")[2]
    for n in range(30):
        # What stays keeps the pages that the rest was in.
        remember(book, f"ans_{n}", ASKED if n % 2 else QUOTING)
        book.rate(f"ans_{n}", "up", "" if n % 2 else "The quokkafold, of all things.")
    assert "quokkafold" in everything(server, database)

    assert book.forget([], [QUOTED]) == 15
    book.write_anew()

    assert "quokkafold" not in everything(server, database)


def everything(server: PostgresServer, database: str) -> str:
    """Return what the files of a database hold, one after the other."""
    server.execute("CHECKPOINT")
    [(number,)] = server.execute(
        "SELECT oid FROM pg_database WHERE datname = current_database()", database
    )
    files = (server.data / "base" / str(number)).iterdir()
    return "".join(path.read_bytes().decode("latin-1") for path in files)


def test_no_service_brings_a_removed_article_back(
    opened: Open, server: PostgresServer, url: str
) -> None:
    database = url.rpartition("/")[2]
    # What a database is set to must not hide from one what another has just written.
    server.execute(
        f"ALTER DATABASE {database} SET default_transaction_isolation TO 'repeatable read'"
    )
    late, other, ended = opened(), opened(), threading.Event()
    remember(late, "early")

    def go_on() -> int:
        count = 0
        while not ended.is_set():
            remember(late, f"late_{count}")
            count += 1
        return count

    with ThreadPoolExecutor(1) as threads:
        answering = threads.submit(go_on)
        time.sleep(0.2)
        other.forget([SHOWN], [])
        time.sleep(0.2)
        ended.set()
        assert answering.result() > 20
    with pytest.raises(AnswerNotFound):
        late.rate("early", "up", "")
    assert server.execute("SELECT count(*) FROM dateline_answers", database) == [(0,)]


def test_an_answer_that_waits_to_be_written_is_not_kept_once_its_article_is_removed(
    opened: Open, url: str
) -> None:
    opened().forget([SHOWN], [])
    with closing(SharedBook(url)) as unopened:
        unopened.remember(ASKED, answer("ans_1"))

        assert unopened.shown_by("ans_1") == {SHOWN}
        with pytest.raises(AnswerNotFound, match="taken out"):
            unopened.rate("ans_1", "up", "")


def test_a_store_that_fails_in_the_middle_is_told_of(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "TRIES", 2)
    assert settings.feedback_url
    with psycopg.connect(settings.feedback_url.get_secret_value()) as somebody:
        somebody.execute("LOCK TABLE dateline_feedback IN ROW EXCLUSIVE MODE")
        removal = remove(settings, [SHOWN], 5)

    said = "\n".join(lines(removal))
    assert (removal.ratings.count, removal.is_complete) == (1, False)
    assert "ratings may still show it" in said and "LockNotAvailable" in said
    assert PASSWORD not in said
    assert removal.article_ids == [SHOWN]
    # It is run again, as was said; meanwhile no service kept what shows it.
    with closing(SharedBook(settings.feedback_url.get_secret_value())) as service:
        service.remember(ASKED, answer("late"))
        with pytest.raises(AnswerNotFound, match="taken out"):
            service.rate("late", "up", "")
        again = remove(settings, [SHOWN], 5)
        assert service.kept("up") == []
    assert (again.taken, again.ratings.count, again.is_complete) == (None, 1, True)
    assert remove(settings, [SHOWN], 5).is_complete


@pytest.mark.parametrize("names", [["0123456789abcdef"], [SHOWN, "0123456789abcdef"], ["title"]])
def test_what_neither_index_nor_ratings_know_is_an_error_that_changes_nothing(
    settings: ServiceSettings, server: PostgresServer, names: list[str]
) -> None:
    with pytest.raises(UnknownArticles, match="no article has the id"):
        remove(settings, names, 5)

    assert Generations(settings.data_dir).current() == 1
    for book in select.every_book(settings):
        with closing(book):
            assert len(book.kept("up")) == 1
    assert settings.feedback_url
    database = settings.feedback_url.get_secret_value().rpartition("/")[2]
    assert server.execute("SELECT count(*) FROM dateline_removed", database) == [(0,)]


def test_what_cannot_be_written_anew_is_told_of_and_keeps_no_service_waiting(
    settings: ServiceSettings, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "TRIES", 2)
    assert settings.feedback_url
    url = settings.feedback_url.get_secret_value()
    with psycopg.connect(url) as dumping, closing(SharedBook(url)) as service:
        dumping.execute("SELECT * FROM dateline_feedback").fetchall()
        with ThreadPoolExecutor(1) as threads:
            removing = threads.submit(remove, settings, [SHOWN], 5)
            while not removing.done():
                # It waits behind the one that waits for the dump, and is served all the same.
                assert service.kept("down") == []
            removal = removing.result()
        waiting = server.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")

        assert (removal.ratings.count, removal.is_complete, waiting) == (2, False, [(0,)])
        said = "\n".join(lines(removal))
        assert "deleted bytes of ratings may still stand" in said and "LockNotAvailable" in said
        assert service.kept("up") == []
    assert remove(settings, [SHOWN], 5).is_complete


def test_what_an_older_transaction_may_still_read_is_told_of(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "TRIES", 2)
    assert settings.feedback_url
    with psycopg.connect(settings.feedback_url.get_secret_value()) as older:
        older.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        older.execute("SELECT count(*) FROM pg_class")
        removal = remove(settings, [SHOWN], 5)

    assert (removal.ratings.count, removal.is_complete) == (2, False)
    assert "a transaction is open that began before" in "\n".join(lines(removal))
    assert remove(settings, [SHOWN], 5).is_complete


def test_nothing_is_changed_where_the_store_is_away(
    settings: ServiceSettings, server: PostgresServer
) -> None:
    server.kill()
    try:
        with pytest.raises(FeedbackUnavailable):
            remove(settings, [SHOWN], 5)
    finally:
        server.start()
    assert Generations(settings.data_dir).current() == 1
