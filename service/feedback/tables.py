"""The tables of a shared book, and what keeps removed articles out of them."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    MetaData,
    Table,
    Text,
    bindparam,
    exists,
    func,
    literal,
    select,
    text,
)

from service.errors import FeedbackUnavailable
from service.feedback.connecting import WHERE
from service.feedback.rated import Rated, Remembered

# Only services that make tables ask for it; any number will do that nobody else takes.
_MAKING = 0x64A7E11E

_ALL = MetaData()
FEEDBACK = Table(
    "dateline_feedback",
    _ALL,
    *(
        Column(field.name, Text, primary_key=field.name == "answer_id", nullable=False)
        for field in fields(Rated)
    ),
)
ANSWERS = Table(
    "dateline_answers",
    _ALL,
    *(
        Column(field.name, Text, primary_key=field.name == "answer_id", nullable=False)
        for field in fields(Remembered)
    ),
    Column(
        "remembered_at",
        DateTime(timezone=True),
        server_default=func.now(),
        nullable=False,
        index=True,
    ),
)
REMOVED = Table(
    "dateline_removed",
    _ALL,
    Column("article_id", Text, primary_key=True),
    Column("removed_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
)
SHOWS_NOTHING_REMOVED = ~exists(
    select(literal(1)).where(
        func.strpos(
            bindparam("answer", type_=Text), literal('"') + REMOVED.c.article_id + literal('"')
        )
        > 0
    )
)
"""Holds for a row to be written whose answer has the id of no article that was taken out."""


def make_tables(connection: Connection) -> None:
    """Make the tables that are missing.

    Raises:
        FeedbackUnavailable: The database does not hold every character.
    """
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise FeedbackUnavailable(f"{WHERE} is in {encoding}; make a database with ENCODING 'UTF8'")
    # Another service may be about to.
    connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
    _ALL.create_all(connection)
