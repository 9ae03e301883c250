"""What a fetch gives, how much it may bring, and how long it may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ingest.errors import ArticleError

_SLICE_S = 0.1
"""Nothing waits longer than this without asking whether the fetch is still wanted."""

T = TypeVar("T")


@dataclass(frozen=True)
class FetchLimits:
    """What one fetch may take, redirects included.

    Attributes:
        max_bytes: Of the body, both as it is sent and after its gzip is undone.
        total_s: From the first look-up to the last byte.
        connect_s: For each address of the host, and again for TLS.
        read_s: Between two pieces of the answer.
        allow_private: Take addresses that are not public too.
    """

    max_bytes: int = 25_000_000
    total_s: float = 30.0
    connect_s: float = 5.0
    read_s: float = 10.0
    allow_private: bool = False


@dataclass(frozen=True)
class Fetched:
    """The body of an answer, and what the answer says of it.

    Attributes:
        data: Whole, its content encoding undone.
        url: Where it came from, after redirects, without fragment.
        media_type: In lower case, without parameters; None when the server names none.
        charset: In lower case; None when the server names none that Python knows.
    """

    data: bytes
    url: str
    media_type: str | None
    charset: str | None


class Patience:
    """How long one fetch may still take, and whether anybody wants it."""

    def __init__(self, limits: FetchLimits, still_wanted: Callable[[], bool]) -> None:
        """Start the clock."""
        self._total_s = limits.total_s
        self._ends = time.monotonic() + limits.total_s
        self._still_wanted = still_wanted

    def check(self) -> None:
        """Go on only if there is time and somebody who wants it.

        Raises:
            ArticleError: Time is up, or the fetch is not wanted any more.
        """
        if not self._still_wanted():
            raise ArticleError("was not fetched: the run was stopped; run it again")
        if time.monotonic() >= self._ends:
            raise ArticleError(
                f"took longer than {self._total_s:g} s; try again later, or raise "
                "DATELINE_FETCH_TIMEOUT_S"
            )

    def wait(self, step: Callable[[float], T], limit_s: float) -> T:
        """Try `step` again and again until it is done.

        Args:
            step: Waits at most the seconds that it is given; raises TimeoutError when not done.

        Raises:
            TimeoutError: `limit_s` passed.
            ArticleError: As `check`.
        """
        gives_up = time.monotonic() + limit_s
        while True:
            self.check()
            # Never 0, which would mean not to wait at all.
            left = max(gives_up - time.monotonic(), 0.001)
            try:
                return step(min(left, _SLICE_S))
            except TimeoutError as error:
                # One with a number is the system's word that the connection is dead.
                if error.errno is not None or time.monotonic() >= gives_up:
                    raise
