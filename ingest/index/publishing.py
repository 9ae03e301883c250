"""Pushes the generation in use to object storage, where the settings say so."""

from __future__ import annotations

import logging

from ingest.errors import IndexUnavailable
from ingest.index import pushed
from ingest.index.generations import Generations, Pin
from ingest.index.remote import KEPT, Pushed, Remote
from ingest.settings import IndexSettings

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
            IndexUnavailable: The storage cannot be reached, or the generation is damaged.
        """
        number, data_dir = self._generations.current(), self._generations.data_dir
        if self._remote is None:
            pushed.forget(data_dir)
        if self._remote is None or number is None:
            return None
        pushed.begin(data_dir)
        folder = self._generations.path(number)
        pin = Pin(folder)
        try:
            others = (other for other in self._generations.numbers() if other != number)
            near = [self._generations.path(other) for other in others]
            sent = self._remote.push(folder, keep, again, near)
        finally:
            pin.release()
        pushed.note(data_dir, number)
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
