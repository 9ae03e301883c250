"""Holds interrupts back while Ray starts or ends: in the middle, they would leave half of it.

Python runs what answers a signal wherever it is, between a fork and the release of a lock too; what
is raised there is lost, and the lock stays taken.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held_back() -> Iterator[None]:
    """Let signals be answered, but raise KeyboardInterrupt only at the end. For the main thread."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    waiting: list[int] = []

    def answer(number: int, frame: FrameType | None) -> None:
        handler = before[signal.Signals(number)]
        try:
            if callable(handler):
                handler(number, frame)
            else:
                waiting.append(number)
        except KeyboardInterrupt:
            waiting.append(signal.SIGINT)

    for number in SIGNALS:
        signal.signal(number, answer)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for unanswered in waiting:
        if unanswered == signal.SIGINT:
            raise KeyboardInterrupt
        signal.raise_signal(unanswered)
