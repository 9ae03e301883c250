"""What a service asks of its book of ratings: off the event loop, and in bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

from service.domain import Answer, Question
from service.errors import FeedbackUnavailable
from service.feedback.book import FeedbackBook
from service.feedback.rated import Rating

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

WITHIN_S = 5.0
KNOWN_WITHIN_S = 0.1
"""An answer waits so long for others to know it; then it is given, and they learn of it later."""
_THREADS = 4


class FeedbackDesk:
    """Takes answers and ratings in."""

    def __init__(self, book: FeedbackBook) -> None:
        """Take where they are kept."""
        self._book = book
        self._threads = ThreadPoolExecutor(_THREADS, "feedback")

    @property
    def degraded(self) -> list[str]:
        """What is not as it should be."""
        return [f"feedback: {self._book.problem}"] if self._book.problem else []

    async def remember(self, question: Question, answer: Answer) -> None:
        """See FeedbackBook.remember."""
        written = self._book.remember(question, answer)
        if written is not None:
            known = asyncio.wrap_future(written)
            # Why it failed is in the log already.
            known.add_done_callback(lambda done: done.cancelled() or done.exception())
            await asyncio.wait([known], timeout=KNOWN_WITHIN_S)

    async def shown_by(self, answer_id: str) -> set[str]:
        """See FeedbackBook.shown_by."""
        return await self._do(self._book.shown_by, answer_id)

    async def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """See FeedbackBook.rate."""
        await self._do(self._book.rate, answer_id, rating, comment)

    async def _do(self, work: Callable[[*Ts], T], *args: *Ts) -> T:
        """Return what the book returns, called on one of few threads."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(WITHIN_S):
                return await loop.run_in_executor(self._threads, work, *args)
        except TimeoutError as error:
            raise FeedbackUnavailable(f"nothing was heard within {WITHIN_S:.0f} s") from error

    async def aclose(self) -> None:
        """Close the book."""
        # Who still waits for it has given up by now.
        self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._book.close)
