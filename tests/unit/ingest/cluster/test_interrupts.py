"""What becomes of signals while Ray starts or ends."""

from __future__ import annotations

import os
import signal

import pytest

from ingest.cli import _stopped_by_signal
from ingest.cluster.interrupts import held_back


def test_the_first_signal_is_answered_at_once_and_interrupts_nothing() -> None:
    with _stopped_by_signal() as stopped:
        with held_back():
            os.kill(os.getpid(), signal.SIGTERM)
            assert stopped()
        assert stopped()


def test_a_second_one_interrupts_at_the_end() -> None:
    went_on = []
    with _stopped_by_signal():
        before = signal.getsignal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt), held_back():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            went_on.append(True)
        assert signal.getsignal(signal.SIGTERM) is before
    assert went_on


def test_without_an_answer_of_its_own_a_signal_interrupts_at_the_end() -> None:
    went_on = []
    with pytest.raises(KeyboardInterrupt), held_back():
        os.kill(os.getpid(), signal.SIGINT)
        went_on.append(True)
    assert went_on
