"""What those who run the service see of it, beside what was asked of it."""

from __future__ import annotations

from dataclasses import dataclass

from service.holdings import Readiness
from service.writers.chat import ChatState


@dataclass(frozen=True)
class IndexSize:
    """What the open generation holds; `size_bytes` is what it takes on the disk."""

    articles: int = 0
    stories: int = 0
    passages: int = 0
    size_bytes: int = 0


@dataclass(frozen=True)
class Vitals:
    """The state of the service now.

    Attributes:
        index: All 0 while no generation is open.
        chat: The language model's state; None where none is asked.
    """

    readiness: Readiness
    index: IndexSize
    chat: ChatState | None = None
