"""What the command line does with signals."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

import pytest

from ingest.cli import _stopped_by_signal


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
