"""Leaving nothing of deleted rows in PostgreSQL's files, and keeping nobody waiting for that."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Table, text

from service.errors import FeedbackUnavailable
from service.feedback.connecting import WHERE, is_locked, listening

LOCKED_WITHIN_S = 1.0
"""Who waits for the lock of a table keeps every service waiting behind it, so it waits less than
they do for a statement; then it lets them go first and tries again."""
TRIES = 5
PAUSE_S = 1.0
LOCK_LIMIT = text(f"SET LOCAL lock_timeout = {round(LOCKED_WITHIN_S * 1000)}")

T = TypeVar("T")
Transaction = Callable[[], AbstractContextManager[Connection]]


def patiently(work: Callable[[], T]) -> T:
    """Return what comes of it, tried again while somebody else has the lock."""
    for _ in range(TRIES - 1):
        try:
            return work()
        except FeedbackUnavailable as error:
            if not is_locked(error):
                raise
        time.sleep(PAUSE_S)
    return work()


def write_anew(transaction: Transaction, table: Table) -> None:
    """Write a table into a new file, without what was deleted from it.

    Raises:
        FeedbackUnavailable: It cannot be had now; what was deleted stays so.
    """
    for _ in range(TRIES):
        if not patiently(partial(_write, transaction, table)):
            return
        time.sleep(PAUSE_S)
    raise FeedbackUnavailable(f"in {WHERE} a transaction is open that began before")


def _write(transaction: Transaction, table: Table) -> int:
    """Return how many deleted rows were written too, as an older transaction may read them."""
    with transaction() as connection, listening(connection) as said:
        connection.execute(LOCK_LIMIT)
        # Not VACUUM FULL, which takes no limits that end with its transaction.
        connection.execute(text(f"CLUSTER VERBOSE {table} USING {table}_pkey"))
    # In whatever language: "1 dead row versions cannot be removed yet."
    return sum(int(found[0]) for detail in said if (found := re.search(r"\d+", detail)))
