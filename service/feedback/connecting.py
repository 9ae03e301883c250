"""Connections to PostgreSQL that nobody waits for without end, and what is said when they fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from ingest.errors import SettingsError
from service.errors import FeedbackRefused, FeedbackUnavailable

WHERE = "the PostgreSQL of DATELINE_FEEDBACK_URL"
CONNECT_S = 2
_CONNECTIONS = 5
_RECYCLE_S = 600
# Of SQLSTATE: a lock that is not given in time; and what begins with data that is none, with a
# constraint that it breaks, with more than the program can hold.
_LOCK_NOT_AVAILABLE = "55P03"
_REFUSING = ("22", "23", "54")


class _Connection(psycopg.Connection[Any]):
    """One that does not wait for ever for a server that fell silent.

    The server's own limit holds only while the server runs.

    Attributes:
        patience_s: How long it waits for the reply to one statement.
    """

    patience_s: float = CONNECT_S

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """See psycopg.Connection.wait."""
        try:
            return super().wait(gen, interval, self.patience_s if timeout is None else timeout)
        except psycopg.OperationalError:
            # Given up in the middle of something, it is of no use to anybody.
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


def make_engine(url: str, patience_s: float) -> Engine:
    """Return what connects to an address; nothing is connected yet.

    Raises:
        SettingsError: It is no address of PostgreSQL.
    """
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        _require_known(address.translate_connect_args(username="user", database="dbname"))
        _require_known(dict(address.query))
        is_whole = bool(address.database) and "@" not in (address.host or "")
    except (ArgumentError, ValueError, psycopg.ProgrammingError):
        is_whole = False
    if not is_whole:
        # The value stays out of the message, and so does what libraries say of it: the password.
        raise SettingsError(
            "DATELINE_FEEDBACK_URL is no address, or has options that libpq does not know; write "
            "postgresql://USER:PASSWORD@HOST/DB, and in the password %40 for @, %2F for /, %3A for "
            ": and %25 for %"
        )
    engine = create_engine(
        address,
        connect_args={
            "connect_timeout": CONNECT_S,
            "application_name": "dateline",
            # Proxies such as PgBouncer hand one server's connection to several clients.
            "prepare_threshold": None,
        },
        # Who writes sees what was removed a moment before.
        isolation_level="READ COMMITTED",
        use_native_hstore=False,
        pool_pre_ping=True,
        pool_size=1,
        max_overflow=_CONNECTIONS - 1,
        pool_timeout=patience_s,
        pool_recycle=_RECYCLE_S,
        hide_parameters=True,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, _args: object, options: Any) -> _Connection:
        connection = _Connection.connect(**options)
        connection.patience_s = patience_s
        return connection

    return engine


def _require_known(options: dict[str, Any]) -> None:
    """Raise ProgrammingError for options that libpq does not know."""
    make_conninfo("", **{name: str(value) for name, value in options.items()})


@contextmanager
def translated() -> Iterator[None]:
    """Translate what the libraries raise, without a word of theirs or of the server's.

    Those may name the address, or quote what was to be kept.
    """
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, psycopg.DataError) or _state(cause).startswith(_REFUSING):
            raise FeedbackRefused(f"{WHERE} does not take this ({_reason(cause)})") from error
        raise FeedbackUnavailable(f"{WHERE} cannot be used ({_reason(cause)})") from error


@contextmanager
def listening(connection: Connection) -> Iterator[list[str]]:
    """Yield the details of what the server says while the block runs."""
    said: list[str] = []

    def hear(diagnostic: psycopg.errors.Diagnostic) -> None:
        said.append(diagnostic.message_detail or "")

    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.add_notice_handler(hear)
    try:
        yield said
    finally:
        driver.remove_notice_handler(hear)


def is_locked(error: FeedbackUnavailable) -> bool:
    """Tell whether a lock could not be had in time."""
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and _state(cause.orig) == _LOCK_NOT_AVAILABLE


def _state(cause: BaseException | None) -> str:
    return getattr(cause, "sqlstate", None) or ""


def _reason(cause: BaseException | None) -> str:
    state = _state(cause)
    name = type(cause).__name__.lstrip("_")
    if state:
        return f"{name}, SQLSTATE {state}"
    if isinstance(cause, psycopg.OperationalError) and "Timeout" not in name:
        return "it is not there, ended the connection, or does not let this login in"
    return name
