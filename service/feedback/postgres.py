"""Ratings and the latest answers in a PostgreSQL that several services share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import timedelta
from functools import partial

from sqlalchemy import (
    Connection,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from service.errors import FeedbackUnavailable
from service.feedback import clearing
from service.feedback.connecting import make_engine, translated
from service.feedback.rated import Gone, Rated, Rating, Remembered
from service.feedback.tables import ANSWERS, FEEDBACK, REMOVED, SHOWS_NOTHING_REMOVED, make_tables

REMEMBERED = 10_000
"""So many answers of all services can be rated; about 20 KB each, less as PostgreSQL packs them."""
REMEMBERED_FOR = timedelta(days=1)
REMOVED_FOR = timedelta(days=30)
"""So long nothing that shows an article which was taken out is kept, whoever still answers from it.

A service may follow the index late, or find this store again after hours.
"""
_AT_ONCE = 100
# The one character that PostgreSQL's texts cannot hold; JSON writes it in others.
_NUL = "\0"
# Only services that prune ask for it; any number will do that nobody else takes.
_PRUNING = 0x64A7E11F


class PostgresStore:
    """The rows of a shared book. Safe for several threads.

    Whatever goes wrong is a FeedbackUnavailable that holds nothing of the address, and no word of
    the server, which may quote what was to be kept.
    """

    def __init__(self, url: str, patience_s: float) -> None:
        """Take where it is; nothing is connected yet.

        Args:
            url: `postgresql://USER:PASSWORD@HOST/DB`; anything that libpq knows may follow a `?`.
            patience_s: Seconds that one statement may take, whatever keeps the server from it.

        Raises:
            SettingsError: It is no such address.
        """
        self._engine = make_engine(url, patience_s)
        # The server gives up before the client does, and says so.
        self._limit = text(f"SET LOCAL statement_timeout = {round(patience_s * 800)}")
        self._is_made = False

    def ping(self) -> None:
        """Return if it can be used; its tables are made if there are none.

        Raises:
            FeedbackUnavailable: It cannot.
        """
        with self._transaction() as connection:
            connection.execute(select(1))

    def remember(self, answers: Sequence[Remembered]) -> None:
        """Keep answers, those aside that show an article which was taken out.

        Raises:
            FeedbackRefused: One of them can never be kept; none is.
            FeedbackUnavailable: They cannot be kept now.
        """
        columns = [field.name for field in fields(Remembered)]
        row = select(*(bindparam(name, type_=Text) for name in columns))
        guarded = insert(ANSWERS).from_select(columns, row.where(SHOWS_NOTHING_REMOVED))
        with self._transaction() as connection:
            connection.execute(guarded.on_conflict_do_nothing(), [asdict(one) for one in answers])

    def remembered(self, answer_id: str) -> Remembered | None:
        """Return an answer that is remembered; None when there is none with this id.

        Raises:
            FeedbackUnavailable: It cannot be read.
        """
        if _NUL in answer_id:
            return None
        columns = (ANSWERS.c[field.name] for field in fields(Remembered))
        with self._transaction() as connection:
            found = connection.execute(select(*columns).where(ANSWERS.c.answer_id == answer_id))
            row = found.one_or_none()
        return None if row is None else Remembered(*row)

    def rate(self, rated: Rated) -> bool:
        """Keep a rating in place of an earlier one; return False if it shows a removed article.

        Raises:
            FeedbackUnavailable: It cannot be written.
        """
        columns = [field.name for field in fields(Rated)]
        row = select(*(bindparam(name, type_=Text) for name in columns))
        guarded = insert(FEEDBACK).from_select(columns, row.where(SHOWS_NOTHING_REMOVED))
        replacing = guarded.on_conflict_do_update(
            index_elements=["answer_id"],
            set_={name: guarded.excluded[name] for name in columns if name != "answer_id"},
        )
        values = asdict(rated) | {
            "comment": rated.comment.replace(_NUL, "\N{REPLACEMENT CHARACTER}")
        }
        with self._transaction() as connection:
            written = connection.execute(replacing.returning(FEEDBACK.c.answer_id), values)
            return written.first() is not None

    def kept(self, rating: Rating) -> list[Rated]:
        """Return the ratings of one kind, the oldest first.

        Raises:
            FeedbackUnavailable: They cannot be read.
        """
        table = FEEDBACK.c
        query = select(*FEEDBACK.columns).where(table.rating == rating)
        with self._transaction() as connection:
            rows = connection.execute(query.order_by(table.given_at, table.answer_id)).all()
        return [Rated(*row) for row in rows]

    def bar(self, article_ids: Sequence[str]) -> None:
        """Let nothing in from now on that shows one of these articles.

        Raises:
            FeedbackUnavailable: It cannot be written.
        """
        with self._transaction() as connection:
            _bar(connection, article_ids)

    def knows(self, article_id: str) -> bool:
        """Tell whether a row shows an article, or whether it is barred.

        Raises:
            FeedbackUnavailable: It cannot be read.
        """
        mark = f'"{article_id}"'
        found = or_(
            exists().where(REMOVED.c.article_id == article_id),
            *(exists().where(func.strpos(one.c.answer, mark) > 0) for one in (FEEDBACK, ANSWERS)),
        )
        with self._transaction() as connection:
            return bool(connection.scalar(select(found)))

    def forget(self, article_ids: Sequence[str], must_go: Gone) -> int:
        """Take out what shows or quotes articles, and let nothing in that shows them.

        Args:
            article_ids: What was taken out.
            must_go: Tells what shows or quotes it.

        Returns:
            How many ratings went.

        Raises:
            FeedbackUnavailable: It cannot be written; nothing is taken out.
        """
        return clearing.patiently(partial(self._forget, article_ids, must_go))

    def _forget(self, article_ids: Sequence[str], must_go: Gone) -> int:
        with self._transaction() as connection:
            connection.execute(clearing.LOCK_LIMIT)
            # Who is writing ends before, and who writes next sees what was removed.
            connection.execute(
                text(f"LOCK TABLE {FEEDBACK}, {ANSWERS} IN SHARE ROW EXCLUSIVE MODE")
            )
            _bar(connection, article_ids)
            ratings = _forget_from(connection, FEEDBACK, must_go)
            _forget_from(connection, ANSWERS, must_go)
        return ratings

    def write_anew(self) -> None:
        """Leave no deleted bytes in the tables' files.

        Raises:
            FeedbackUnavailable: Not all can be written anew; what was taken out stays so.
        """
        for table in (FEEDBACK, ANSWERS):
            clearing.write_anew(self._transaction, table)

    def prune(self) -> None:
        """Take out the answers that are too many or too old to be rated.

        Raises:
            FeedbackUnavailable: They cannot be taken out.
        """
        answers = ANSWERS.c
        rest = select(answers.answer_id).order_by(answers.remembered_at.desc(), answers.answer_id)
        too_old = answers.remembered_at < func.now() - REMEMBERED_FOR
        forgotten = REMOVED.c.removed_at < func.now() - REMOVED_FOR
        with self._transaction() as connection:
            # One service at a time is enough, and two could wait for each other.
            if connection.scalar(select(func.pg_try_advisory_xact_lock(_PRUNING))):
                connection.execute(
                    delete(ANSWERS).where(too_old | answers.answer_id.in_(rest.offset(REMEMBERED)))
                )
                connection.execute(delete(REMOVED).where(forgotten))

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with translated(), self._engine.begin() as connection, _dropped_if_failing(connection):
                connection.execute(self._limit)
                if not self._is_made:
                    make_tables(connection)
                yield connection
            self._is_made = True
        except FeedbackUnavailable:
            # What is found next may be another database.
            self._is_made = False
            raise


@contextmanager
def _dropped_if_failing(connection: Connection) -> Iterator[None]:
    """Use no connection again that failed: it may lead to a server that only reads by now."""
    try:
        yield
    except SQLAlchemyError:
        connection.invalidate()
        raise


def _bar(connection: Connection, article_ids: Sequence[str]) -> None:
    barred = insert(REMOVED).on_conflict_do_update(
        index_elements=["article_id"], set_={"removed_at": func.now()}
    )
    if article_ids:
        # In one order: two that bar the same must not wait for each other.
        connection.execute(barred, [{"article_id": one} for one in sorted(article_ids)])


def _forget_from(connection: Connection, table: Table, must_go: Gone) -> int:
    columns = [table.c[name] for name in ("answer_id", "answer", "history")]
    comment = table.c.comment if "comment" in table.c else literal("")
    gone = [
        {"gone": answer_id}
        for answer_id, *texts in connection.execute(
            select(*columns, comment).execution_options(yield_per=_AT_ONCE)
        )
        if must_go.is_in(*texts)
    ]
    if gone:
        connection.execute(delete(table).where(table.c.answer_id == bindparam("gone")), gone)
    return len(gone)
