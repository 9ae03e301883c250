"""Ratings and the latest answers in a store that several services share."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import structlog
from pydantic import ValidationError

from ingest.errors import SettingsError
from service.domain import Answer, Question
from service.errors import AnswerNotFound, FeedbackRefused, FeedbackUnavailable
from service.feedback.rated import Feedback, Gone, Rated, Rating, Remembered, shown_in

if TYPE_CHECKING:
    from service.feedback.postgres import PostgresStore

PATIENCE_S = 2.0
MAX_WAITING = 1000
"""Answers that wait for a store which is away; of more the oldest are never remembered."""
LOOK_S = 10.0
RETRY_S = 2.0
PRUNE_S = 60.0
_AT_ONCE = 50
_CLOSE_S = 3.0

log = structlog.get_logger("service")


@dataclass(frozen=True)
class _Waiting:
    """An answer that is not in the store yet."""

    question: Question
    answer: Answer
    written: Future[None] = field(default_factory=Future)


class SharedBook:
    """A FeedbackBook of several services, in PostgreSQL.

    Answers are written by a thread of its own: a store that is slow or away keeps nobody from
    answering, and what was answered meanwhile is written when it is back.
    """

    def __init__(self, url: str, patience_s: float = PATIENCE_S) -> None:
        """Take where it is; nothing is connected yet. See PostgresStore."""
        self._url = url
        self._patience_s = patience_s
        self._problem: str | None = None
        self._made: PostgresStore | None = None
        self._making = threading.Lock()
        self._changed = threading.Condition()
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()
        self._stop = threading.Event()
        self._writer: threading.Thread | None = None
        self._looked = self._pruned = 0.0

    @property
    def problem(self) -> str | None:
        """See FeedbackBook.problem."""
        return self._problem

    def open(self) -> None:
        """See FeedbackBook.open; a store that cannot be reached now may be later."""
        self._store()
        self._writer = threading.Thread(target=self._write, name="feedback", daemon=True)
        self._writer.start()

    def _store(self) -> PostgresStore:
        """Return the store, made when it is first asked for.

        Raises:
            SettingsError: Its address is none, or its driver is not installed.
        """
        with self._making:
            if self._made is None:
                self._made = _make_store(self._url, self._patience_s)
            return self._made

    def require(self) -> None:
        """See FeedbackBook.require."""
        self._store().ping()

    def remember(self, question: Question, answer: Answer) -> Future[None] | None:
        """See FeedbackBook.remember."""
        waiting = _Waiting(question, answer)
        with self._changed:
            self._waiting[answer.id] = waiting
            while len(self._waiting) > MAX_WAITING:
                self._waiting.popitem(last=False)
            self._changed.notify()
        is_written_soon = self._writer is not None and self._problem is None
        return waiting.written if is_written_soon else None

    def shown_by(self, answer_id: str) -> set[str]:
        """See FeedbackBook.shown_by."""
        try:
            return shown_in(Answer.model_validate_json(self._remembered(answer_id).answer))
        except ValidationError as error:
            raise FeedbackUnavailable(f"answer {answer_id!r} is of another version") from error

    def _remembered(self, answer_id: str) -> Remembered:
        with self._changed:
            waiting = self._waiting.get(answer_id)
        if waiting is not None:
            return Remembered.of(waiting.question, waiting.answer)
        with self._telling():
            found = self._store().remembered(answer_id)
        if found is None:
            raise AnswerNotFound(f"no answer {answer_id!r} is remembered")
        return found

    def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """See FeedbackBook.rate."""
        rated = Rated.now(self._remembered(answer_id), rating, comment)
        with self._telling():
            is_kept = self._store().rate(rated)
        if not is_kept:
            raise AnswerNotFound(f"answer {answer_id!r} shows an article that was taken out")

    def kept(self, rating: Rating) -> list[Feedback]:
        """See FeedbackBook.kept."""
        return [one.read("a rating in the shared store") for one in self._store().kept(rating)]

    def bar(self, article_ids: Sequence[str]) -> None:
        """See FeedbackBook.bar."""
        self._store().bar(article_ids)

    def knows(self, article_id: str) -> bool:
        """See FeedbackBook.knows."""
        return self._store().knows(article_id)

    def forget(self, article_ids: Sequence[str], sentences: Sequence[str]) -> int:
        """See FeedbackBook.forget; what other services have not written yet stays out too."""
        return self._store().forget(article_ids, Gone(article_ids, sentences))

    def write_anew(self) -> None:
        """See FeedbackBook.write_anew."""
        self._store().write_anew()

    def close(self) -> None:
        """See FeedbackBook.close."""
        self._stop.set()
        with self._changed:
            self._changed.notify()
        if self._writer is not None:
            self._writer.join(_CLOSE_S)
        if self._made is not None:
            self._made.close()

    def _write(self) -> None:
        self._look()
        while batch := self._next():
            try:
                self._flush(batch)
            except FeedbackRefused:
                self._flush_each(batch)
            except FeedbackUnavailable:
                self._stop.wait(RETRY_S)
            except Exception:  # a thread that ended would remember nothing any more
                self._flush_each(batch)

    def _flush_each(self, batch: Sequence[_Waiting]) -> None:
        """Write alone what cannot be written together, and give up what never can be."""
        for one in batch:
            try:
                self._flush([one])
            except FeedbackUnavailable as error:
                if not isinstance(error, FeedbackRefused):
                    # The rest waits for the store, as ever.
                    return
                self._give_up(one, error)
            except Exception as error:
                self._give_up(one, error)

    def _give_up(self, one: _Waiting, error: Exception) -> None:
        # Not its text, which may quote the answer.
        log.error("an answer cannot be kept", answer=one.answer.id, error=type(error).__name__)
        self._done([one], error)

    def _next(self) -> list[_Waiting]:
        """Return what waits as soon as something does, nothing in the end; look meanwhile."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stop.is_set(), RETRY_S)
                batch = list(islice(self._waiting.values(), _AT_ONCE))
            if self._stop.is_set() and self._problem:
                return []
            if batch or self._stop.is_set():
                return batch
            if self._problem or time.monotonic() - self._looked > LOOK_S:
                self._look()

    def _look(self) -> None:
        self._looked = time.monotonic()
        try:
            with self._telling():
                self._store().ping()
                self._prune()
        except FeedbackUnavailable:
            # Readiness says so; the next look may find it well.
            return
        except Exception as error:  # see `_write`
            log.error("the store of feedback cannot be looked at", error=type(error).__name__)

    def _flush(self, batch: Sequence[_Waiting]) -> None:
        rows = [Remembered.of(one.question, one.answer) for one in batch]
        with self._telling():
            self._store().remember(rows)
        self._done(batch)
        with self._telling():
            self._prune()

    def _prune(self) -> None:
        if time.monotonic() - self._pruned > PRUNE_S:
            self._pruned = time.monotonic()
            self._store().prune()

    def _done(self, batch: Sequence[_Waiting], error: Exception | None = None) -> None:
        with self._changed:
            for one in batch:
                self._waiting.pop(one.answer.id, None)
        for one in batch:
            if one.written.done() or not one.written.set_running_or_notify_cancel():
                continue
            if error is None:
                one.written.set_result(None)
            else:
                one.written.set_exception(error)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Note how the store is, and say so once."""
        try:
            yield
        except FeedbackRefused:
            raise
        except FeedbackUnavailable as error:
            if self._problem is None:
                log.warning("feedback", problem=str(error))
            self._problem = "ratings and the latest answers cannot be kept"
            raise
        if self._problem is not None:
            log.info("feedback can be kept again")
        self._problem = None


def _make_store(url: str, patience_s: float) -> PostgresStore:
    try:
        from service.feedback.postgres import PostgresStore
    except ImportError as error:
        # Where it lacks the library that it stands on, its error names nothing.
        if (error.name or "psycopg").partition(".")[0] != "psycopg":
            raise
        raise SettingsError(
            "DATELINE_FEEDBACK_URL needs the packages of the extra [postgresql]: "
            "pip install 'psycopg[binary]>=3.3.9,<4'"
        ) from error
    return PostgresStore(url, patience_s)
