"""What the command line does with signals, and with what it shares the machine with."""

from __future__ import annotations

import os
import signal
from contextlib import nullcontext, suppress

import pytest

from ingest.cli import _stopped_by_signal, _tools
from ingest.cluster import connect
from ingest.cluster.address import Address
from ingest.cluster.readings import ClusterTools
from ingest.settings import IndexSettings


def test_the_first_signal_is_a_question_answered() -> None:
    with _stopped_by_signal() as stopped:
        assert not stopped()
        os.kill(os.getpid(), signal.SIGINT)
        assert stopped()


def test_a_second_signal_that_a_library_took_for_an_error_of_its_own_is_raised_again() -> None:
    with _stopped_by_signal() as stopped:
        os.kill(os.getpid(), signal.SIGINT)
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)

        with pytest.raises(KeyboardInterrupt):
            stopped()


@pytest.mark.parametrize(
    ("address", "has_readers", "asked"),
    [
        (Address(), True, (3, 1)),
        (Address(), False, (None, None)),
        (Address("head.example", 6379), True, (None, 1)),
    ],
)
def test_readers_of_this_machine_keep_a_core(
    monkeypatch: pytest.MonkeyPatch,
    address: Address,
    has_readers: bool,
    asked: tuple[int | None, int | None],
) -> None:
    workers: list[int | None] = []
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setattr(
        connect, "connected", lambda _address, count: nullcontext(workers.append(count))
    )
    with _tools(IndexSettings(), address, has_readers) as tools:
        assert isinstance(tools, ClusterTools)
        assert (workers, tools._threads) == ([asked[0]], asked[1])
