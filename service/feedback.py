"""What readers think of answers, kept with the answers themselves."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from service.domain import Answer, Question, Record, Turn
from service.errors import AnswerNotFound, FeedbackUnavailable

Rating = Literal["up", "down"]

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
_TURNS = TypeAdapter(tuple[Turn, ...])


class Feedback(Record):
    """What one reader thought of one answer.

    Attributes:
        given_at: ISO 8601 in UTC.
        history: The turns before the question, oldest first.
    """

    rating: Rating
    comment: str
    given_at: str
    history: tuple[Turn, ...]
    answer: Answer


class FeedbackBook:
    """Remembers the latest answers, and keeps those that are rated. Safe for several threads."""

    def __init__(self, path: Path) -> None:
        """Take where to keep them; the file is made with the first rating."""
        self._path = path
        self._lock = threading.Lock()
        self._latest: OrderedDict[str, tuple[Question, Answer]] = OrderedDict()

    def remember(self, question: Question, answer: Answer) -> None:
        """Make an answer one that can be rated, for as long as it is among the latest."""
        with self._lock:
            self._latest[answer.id] = (question, answer)
            while len(self._latest) > REMEMBERED:
                self._latest.popitem(last=False)

    def shown_by(self, answer_id: str) -> set[str]:
        """Return the ids of the articles that an answer shows.

        Raises:
            AnswerNotFound: No answer that is remembered has this id.
        """
        _, answer = self._remembered(answer_id)
        nearest = answer.abstention.nearest if answer.abstention else []
        return {source.article_id for source in (*answer.sources, *nearest, *answer.undated)}

    def _remembered(self, answer_id: str) -> tuple[Question, Answer]:
        with self._lock:
            found = self._latest.get(answer_id)
        if found is None:
            raise AnswerNotFound(f"no answer {answer_id!r} is remembered")
        return found

    def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """Keep a rating, in place of an earlier one of the same answer.

        Raises:
            AnswerNotFound: No answer that is remembered has this id.
            FeedbackUnavailable: It cannot be written.
        """
        question, answer = self._remembered(answer_id)
        history = _TURNS.dump_json(question.history).decode()
        given_at = datetime.now(UTC).isoformat(timespec="seconds")
        row = (answer_id, rating, comment, given_at, history, answer.model_dump_json())
        with self._opened() as database, database:
            database.execute(_TABLE)
            database.execute("INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?)", row)

    def kept(self, rating: Rating) -> list[Feedback]:
        """Return what was rated so, the oldest first.

        Raises:
            FeedbackUnavailable: It cannot be read.
        """
        if not self._path.exists():
            return []
        query = (
            "SELECT rating, comment, given_at, history, answer FROM feedback WHERE rating = ? "
            "ORDER BY given_at, answer_id"
        )
        with self._opened() as database:
            if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
                return []
            rows = database.execute(query, (rating,)).fetchall()
        return [self._read(row) for row in rows]

    def forget(self, article_ids: Sequence[str], sentences: Sequence[str]) -> int:
        """Take out the ratings that show one of these articles, or quote it; return how many.

        The file is written anew, so that not even deleted bytes stay in it.

        Args:
            article_ids: What answers must not show.
            sentences: What must not stand in anything that is kept, blanks aside.

        Raises:
            FeedbackUnavailable: It cannot be written.
        """
        if not self._path.exists():
            return 0
        # Nothing but an id has sixteen hexadecimal digits in quotation marks in an answer.
        marks = [f'"{article_id}"' for article_id in article_ids]
        folded = [_folded(sentence) for sentence in sentences]
        query = "SELECT answer_id, answer, history, comment FROM feedback"
        with self._opened() as database:
            if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
                return 0
            gone = [
                (answer_id,)
                for answer_id, answer, history, comment in database.execute(query)
                if any(mark in answer for mark in marks)
                or _quotes([json.loads(answer), json.loads(history), comment], folded)
            ]
            with database:
                database.executemany("DELETE FROM feedback WHERE answer_id = ?", gone)
            database.execute("VACUUM")
        return len(gone)

    def _read(self, row: tuple[str, ...]) -> Feedback:
        try:
            return Feedback.model_validate(
                {
                    **dict(zip(("rating", "comment", "given_at"), row[:3], strict=True)),
                    "history": [asdict(turn) for turn in _TURNS.validate_json(row[3])],
                    "answer": Answer.model_validate_json(row[4]),
                }
            )
        except ValidationError as error:
            raise FeedbackUnavailable(f"{str(self._path)!r} is of another version") from error

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if not self._path.exists():
                # What readers asked and thought is nobody else's.
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._path, timeout=_BUSY_TIMEOUT_S)) as database:
                yield database
        except (sqlite3.Error, OSError) as error:
            raise FeedbackUnavailable(f"{str(self._path)!r} cannot be used: {error}") from error


def _folded(text: str) -> str:
    return " ".join(text.split())


def _quotes(value: object, folded: Sequence[str]) -> bool:
    """Tell whether one of these texts stands in any text of a JSON value."""
    if isinstance(value, str):
        text = _folded(value)
        return any(one in text for one in folded)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_quotes(one, folded) for one in inner)
