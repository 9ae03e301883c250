"""How long an ingest waits for rows of a cluster, and what it says meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ingest.errors import ClusterFailed

SAY_AFTER_S, GIVE_UP_AFTER_S = 60.0, 600.0

log = logging.getLogger("ingest.cluster")


class Patience:
    """Counts the seconds in which nothing comes."""

    def __init__(self, clock: Callable[[], float], room: Callable[[], str]) -> None:
        """Take a clock in seconds, and what says how much room the cluster has."""
        self._clock = clock
        self._room = room
        self._since = clock()
        self._said = self._anything_came = False

    def came(self) -> None:
        """Begin to wait anew: rows came, and were taken."""
        self._since = self._clock()
        self._anything_came = True

    def nothing_came(self) -> None:
        """Say once that the wait is long.

        Raises:
            ClusterFailed: No row ever came, for minutes.
        """
        seconds = self._clock() - self._since
        if seconds < SAY_AFTER_S:
            return
        if not self._said:
            self._said = True
            log.warning("waiting for room on the cluster (%s)", self._room())
        if seconds >= GIVE_UP_AFTER_S and not self._anything_came:
            raise ClusterFailed(
                f"nothing came from the cluster for {seconds / 60:.0f} minutes ({self._room()}); "
                "make room there or end what else runs, and run again"
            )
