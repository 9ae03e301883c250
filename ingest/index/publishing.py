"""Pushes the generation in use to object storage, where the settings say so."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import IndexUnavailable, storage_error
from ingest.index import pushed
from ingest.index.generations import Generations, Pin
from ingest.index.remote import KEPT, Pushed, Remote
from ingest.settings import IndexSettings

LOCK = "push.lock"

log = logging.getLogger("ingest.index")


class Publishing:
    """What replicas will find; does nothing where no address is set."""

    def __init__(self, settings: IndexSettings) -> None:
        """Take the settings.

        Raises:
            SettingsError: The address is none.
        """
        self._generations = Generations(settings.data_dir)
        self._remote = Remote(settings.publish_url) if settings.publish_url else None
        self._problem: IndexUnavailable | None = None

    def push(self, keep: int = KEPT, again: bool = False) -> Pushed | None:
        """Push the generation in use; None where no address is set, or nothing was published.

        Args:
            keep: How many generations stay there.
            again: Send what is there already too.

        Raises:
            SettingsError: Another index is at the address.
            IndexUnavailable: The storage cannot be reached, or the generation is damaged. Nothing
                older shall stay then when `keep` was 1, and a later push sees to it.
        """
        data_dir = self._generations.data_dir
        if self._remote is None:
            pushed.forget(data_dir)
        if self._remote is None or self._generations.current() is None:
            return None
        pushed.begin(data_dir)
        if keep == 1:
            pushed.begin_alone(data_dir)
        with _in_turn(data_dir):
            return self._push(self._remote, keep, again)

    def _push(self, remote: Remote, keep: int, again: bool) -> Pushed:
        number, data_dir = self._generations.require_current(), self._generations.data_dir
        # What an earlier push was to take away and could not.
        alone = pushed.is_alone(data_dir)
        folder = self._generations.path(number)
        pin = Pin(folder)
        try:
            others = (other for other in self._generations.numbers() if other != number)
            near = [self._generations.path(other) for other in others]
            sent = remote.push(folder, 1 if alone else keep, again, near)
        finally:
            pin.release()
        pushed.note(data_dir, number)
        if alone:
            pushed.end_alone(data_dir)
        return sent

    def push_if_possible(self) -> None:
        """Push; an ingest goes on when that fails, and tries again when it publishes again."""
        try:
            self.push()
        except IndexUnavailable as error:
            log.warning("not pushed: %s", error)
            self._problem = error
        else:
            self._problem = None

    def require_pushed(self) -> None:
        """Raise what kept the last push from succeeding, if it does so still.

        Raises:
            IndexUnavailable: The generation is in use here, and not where replicas look for it.
        """
        if self._problem is not None:
            try:
                self.push()
            except IndexUnavailable as error:
                raise IndexUnavailable(
                    f"what was published here was not pushed: {error}; run `dateline index push`"
                ) from error


@contextmanager
def _in_turn(data_dir: Path) -> Iterator[None]:
    """Wait until no other push runs: each forgets what it does not need itself.

    Raises:
        IndexUnavailable: The data folder cannot be written.
    """
    path = data_dir / LOCK
    try:
        lock = path.open("w")
    except OSError as error:
        raise storage_error(error, f"{path} cannot be written") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
