"""A cluster that gives nothing for long."""

from __future__ import annotations

import pytest

from ingest.cluster.waiting import GIVE_UP_AFTER_S, SAY_AFTER_S, Patience
from ingest.errors import ClusterFailed

ROOM = "0 CPUs free, 2 wanted"


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_long_wait_is_told_once_and_given_up_when_no_row_ever_came(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    patience = Patience(clock, lambda: ROOM)
    patience.nothing_came()
    assert caplog.messages == []
    for seconds in (SAY_AFTER_S, SAY_AFTER_S + 1, GIVE_UP_AFTER_S - 1):
        clock.seconds = seconds
        patience.nothing_came()
    assert caplog.messages == [f"waiting for room on the cluster ({ROOM})"]
    clock.seconds = GIVE_UP_AFTER_S
    with pytest.raises(ClusterFailed, match=ROOM):
        patience.nothing_came()


def test_once_rows_came_the_wait_begins_anew_and_has_no_end() -> None:
    clock = Clock()
    patience = Patience(clock, lambda: ROOM)
    clock.seconds = GIVE_UP_AFTER_S - 1
    patience.came()
    clock.seconds *= 10
    patience.nothing_came()
