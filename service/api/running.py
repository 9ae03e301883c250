"""Questions that are being answered: each ends with its client or with the server."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

from service.api.problems import DeadlinePassed, ServiceStopping

T = TypeVar("T")


class ClientGone(Exception):
    """The client closed the connection before its answer was ready."""


class Running:
    """Knows the questions at work, so that a stopping server can end them in good order.

    Attributes:
        is_stopping: Whether no further question is taken.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self.is_stopping = False

    async def until_gone(
        self, work: Coroutine[Any, Any, T], receive: Receive, timeout_s: float
    ) -> T:
        """Return the result of `work`, which is cancelled when nobody waits for it.

        Args:
            work: What makes the answer.
            receive: The request's ASGI channel, its body already read.
            timeout_s: It is cancelled after so many seconds too.

        Raises:
            ClientGone: The client closed the connection.
            DeadlinePassed: The time is over.
            ServiceStopping: `stop` gave the work up, or was called before.
        """
        if self.is_stopping:
            work.close()
            raise ServiceStopping
        task = asyncio.ensure_future(work)
        gone = asyncio.ensure_future(_disconnected(receive))
        self._tasks.add(task)
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait({task, gone}, timeout=timeout_s, return_when=first)
            if not (task.done() or gone.done()):
                raise DeadlinePassed
            return _outcome(task)
        finally:
            self._tasks.discard(task)
            task.cancel()
            gone.cancel()
            await asyncio.gather(task, gone, return_exceptions=True)

    @property
    def is_busy(self) -> bool:
        """Whether a question is at work."""
        return bool(self._tasks)

    def stop(self, after_s: float) -> None:
        """Take nothing more, and give up what still runs `after_s` seconds from now."""
        self.is_stopping = True
        asyncio.get_running_loop().call_later(after_s, self._give_up)

    def _give_up(self) -> None:
        for task in self._tasks:
            task.cancel()


def _outcome(task: asyncio.Task[T]) -> T:
    if not task.done():
        raise ClientGone
    if task.cancelled():
        raise ServiceStopping
    return task.result()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
