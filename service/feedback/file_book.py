"""Ratings in a file of the data folder; the latest answers in this process's memory."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple
from pathlib import Path

from service.domain import Answer, Question
from service.errors import AnswerNotFound, FeedbackUnavailable
from service.feedback.rated import Feedback, Gone, Rated, Rating, Remembered, shown_in

NAME = "feedback.db"
REMEMBERED = 1000
"""Answers that can still be rated; about 20 KB each."""
_BUSY_TIMEOUT_S = 10.0
_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    answer_id TEXT PRIMARY KEY, rating TEXT NOT NULL, comment TEXT NOT NULL,
    given_at TEXT NOT NULL, history TEXT NOT NULL, answer TEXT NOT NULL
)
"""
_COLUMNS = "answer_id, rating, comment, given_at, history, answer"


class FileBook:
    """A FeedbackBook of one service, in SQLite."""

    problem: str | None = None

    def __init__(self, path: Path) -> None:
        """Take where to keep them; the file is made with the first rating."""
        self._path = path
        self._lock = threading.Lock()
        self._latest: OrderedDict[str, tuple[Question, Answer]] = OrderedDict()

    def open(self) -> None:
        """See FeedbackBook.open."""

    def require(self) -> None:
        """See FeedbackBook.require."""
        if self._path.exists():
            with self._opened() as database:
                _is_empty(database)

    def remember(self, question: Question, answer: Answer) -> None:
        """See FeedbackBook.remember."""
        with self._lock:
            self._latest[answer.id] = (question, answer)
            while len(self._latest) > REMEMBERED:
                self._latest.popitem(last=False)

    def shown_by(self, answer_id: str) -> set[str]:
        """See FeedbackBook.shown_by."""
        return shown_in(self._remembered(answer_id)[1])

    def _remembered(self, answer_id: str) -> tuple[Question, Answer]:
        with self._lock:
            found = self._latest.get(answer_id)
        if found is None:
            raise AnswerNotFound(f"no answer {answer_id!r} is remembered")
        return found

    def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """See FeedbackBook.rate."""
        rated = Rated.now(Remembered.of(*self._remembered(answer_id)), rating, comment)
        with self._opened() as database, database:
            database.execute(_TABLE)
            database.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?)", astuple(rated)
            )

    def kept(self, rating: Rating) -> list[Feedback]:
        """See FeedbackBook.kept."""
        if not self._path.exists():
            return []
        query = f"SELECT {_COLUMNS} FROM feedback WHERE rating = ? ORDER BY given_at, answer_id"
        with self._opened() as database:
            if _is_empty(database):
                return []
            rows = database.execute(query, (rating,)).fetchall()
        return [Rated(*row).read(repr(str(self._path))) for row in rows]

    def bar(self, article_ids: Sequence[str]) -> None:
        """See FeedbackBook.bar; the service looks into its index before it keeps a rating."""

    def knows(self, article_id: str) -> bool:
        """See FeedbackBook.knows."""
        if not self._path.exists():
            return False
        query = "SELECT 1 FROM feedback WHERE instr(answer, ?) > 0"
        with self._opened() as database:
            if _is_empty(database):
                return False
            return database.execute(query, (f'"{article_id}"',)).fetchone() is not None

    def forget(self, article_ids: Sequence[str], sentences: Sequence[str]) -> int:
        """See FeedbackBook.forget."""
        if not self._path.exists():
            return 0
        must_go = Gone(article_ids, sentences)
        with self._opened() as database:
            if _is_empty(database):
                return 0
            gone = [
                (answer_id,)
                for answer_id, *texts in database.execute(
                    "SELECT answer_id, answer, history, comment FROM feedback"
                )
                if must_go.is_in(*texts)
            ]
            with database:
                database.executemany("DELETE FROM feedback WHERE answer_id = ?", gone)
        return len(gone)

    def write_anew(self) -> None:
        """See FeedbackBook.write_anew."""
        if self._path.exists():
            with self._opened() as database:
                database.execute("VACUUM")

    def close(self) -> None:
        """See FeedbackBook.close."""

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if not self._path.exists():
                # What readers asked and thought is nobody else's.
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._path, timeout=_BUSY_TIMEOUT_S)) as database:
                # What is deleted or replaced is overwritten at once.
                database.execute("PRAGMA secure_delete = ON")
                yield database
        except (sqlite3.Error, OSError) as error:
            raise FeedbackUnavailable(f"{str(self._path)!r} cannot be used: {error}") from error


def _is_empty(database: sqlite3.Connection) -> bool:
    return not database.execute("SELECT 1 FROM sqlite_master").fetchone()
