"""What the rest sees of the index: always one whole generation, the newest that can be read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ingest.errors import IndexDamaged, IndexUnavailable
from ingest.index.chroma_address import ChromaAddress
from ingest.index.follower import Follower
from ingest.index.generations import Generations
from ingest.index.manifest import Manifest
from ingest.index.reader import IndexReader

T = TypeVar("T")

log = logging.getLogger("ingest.index")


@dataclass
class _Lease:
    """An open generation and how many calls use it; the last one out closes it if `stale`."""

    reader: IndexReader
    users: int = 0
    stale: bool = False


class Library:
    """Opens the generation in use, follows it when it changes, goes back when it is damaged.

    Safe to use from several threads.
    """

    def __init__(
        self,
        data_dir: Path,
        follower: Follower | None = None,
        server: ChromaAddress | None = None,
    ) -> None:
        """Name the data folder; nothing is opened before `refresh` or `run`.

        Args:
            data_dir: Where the index is.
            follower: Brings it there from elsewhere while `follow` runs.
            server: Where its vectors are when they are not in the data folder.
        """
        self.generations = Generations(data_dir, server)
        self._follower = follower
        self._lock = threading.Lock()
        # Taken again by the thread that holds it: a refresh may condemn what is open.
        self._refreshing = threading.RLock()
        self._lease: _Lease | None = None
        self._wanted: int | None = None
        self._damaged: dict[int, object] = {}
        self._refusal = ""
        self._stop = threading.Event()
        self._poller: threading.Thread | None = None

    @property
    def degraded(self) -> list[str]:
        """What is not as it should be; empty when the newest generation serves."""
        behind = self._follower.problem if self._follower else None
        lease = self._lease
        vectors = [] if lease is None else lease.reader.degraded
        return [*self._of_generations(), *vectors, *([f"follow: {behind}"] if behind else [])]

    def _of_generations(self) -> list[str]:
        wanted, serving = self._wanted, self.serving
        if wanted is None or (wanted == serving and wanted not in self._damaged):
            return []
        who = "none serves" if serving is None else f"{serving} serves"
        if serving == wanted:
            # What it had open may still answer; there is no other.
            who = "there is no other"
        if wanted in self._damaged:
            return [f"index: generation {wanted} is damaged, {who}; run `dateline index rebuild`"]
        return [f"index: generation {wanted} cannot be opened now, {who}"]

    @property
    def serving(self) -> int | None:
        """The number of the open generation, None while there is none."""
        lease = self._lease
        return None if lease is None else lease.reader.number

    @property
    def manifest(self) -> Manifest | None:
        """What the open generation says of itself, None while there is none."""
        lease = self._lease
        return None if lease is None else lease.reader.manifest

    def run(self, use: Callable[[IndexReader], T]) -> T:
        """Call `use` with the open generation, which stays as it is until the call returns.

        A generation that turns out to be damaged is left for the one before it, once.

        Raises:
            IndexMissing: Nothing was ever published.
            IndexUnavailable: No generation can be read.
        """
        lease = self._borrow()
        try:
            return use(lease.reader)
        except IndexDamaged:
            self._condemn(lease.reader.number)
        finally:
            self._give_back(lease)
        lease = self._borrow()
        try:
            return use(lease.reader)
        finally:
            self._give_back(lease)

    def refresh(self) -> None:
        """Open the generation in use if it is not open; go back if it is damaged.

        Raises:
            IndexMissing: Nothing was ever published.
            IndexUnavailable: No generation can be read; one that is open stays open.
        """
        with self._refreshing:
            self._refuse_when_closed()
            wanted = self.generations.require_current()
            self._forget_mended()
            self._look_at_open()
            try:
                if wanted != self.serving:
                    self._open_newest([wanted, *self.generations.before(wanted)])
            finally:
                # Only now: while a new generation is being opened, nothing is amiss.
                self._wanted = wanted

    def follow(self, every_s: float) -> None:
        """Refresh from a thread of its own every `every_s` seconds until `close`."""
        if self._follower is not None:
            self._follower.follow()
        self._poller = threading.Thread(
            target=self._poll, args=(every_s,), name="index-follow", daemon=True
        )
        self._poller.start()

    def catch_up(self) -> None:
        """Bring the newest generation from elsewhere, if there is one; `degraded` says why not."""
        if self._follower is not None:
            self._follower.look()

    def close(self) -> None:
        """Stop following and close what is open."""
        self._stop.set()
        if self._follower is not None:
            self._follower.close()
        if self._poller is not None:
            self._poller.join()
        self._wanted = None
        self._replace(None)

    def _poll(self, every_s: float) -> None:
        while not self._stop.wait(every_s):
            try:
                self.refresh()
            except IndexUnavailable:
                # Readiness says so; the next look may find it mended.
                continue
            except Exception:
                # Whatever it was, a service that stops following would serve old news for ever.
                log.exception("looking for a new generation failed")

    def _look_at_open(self) -> None:
        if self.serving is None:
            return
        lease = self._borrow()
        try:
            if lease.reader.is_replaced():
                self._replace(IndexReader(self.generations, lease.reader.number))
                return
            lease.reader.verify()
        except IndexDamaged:
            self._condemn(lease.reader.number)
        finally:
            self._give_back(lease)

    def _open_newest(self, numbers: list[int]) -> None:
        refusal: IndexUnavailable | None = None
        for number in numbers:
            if number in self._damaged:
                continue
            if number == self.serving:
                return
            try:
                self._replace(IndexReader(self.generations, number))
                return
            except IndexDamaged as error:
                refusal = refusal or error
                self._damaged[number] = self._state(number)
            except IndexUnavailable as error:
                # No room for a copy, say: nothing is wrong with it, so it is tried again.
                refusal = refusal or error
                self._log_once(str(error))
        if self.serving is None or self.serving in self._damaged:
            names = ", ".join(map(str, numbers))
            raise refusal or IndexDamaged(
                f"no generation can be read (tried {names}); run `dateline index rebuild`"
            )

    def _log_once(self, refusal: str) -> None:
        """Say why a generation cannot be opened; it is tried again twice a second."""
        if refusal != self._refusal:
            log.warning("%s", refusal)
        self._refusal = refusal

    def _forget_mended(self) -> None:
        """Try a damaged generation again once its files are others."""
        for number, state in list(self._damaged.items()):
            if self._state(number) != state or number not in self.generations.numbers():
                del self._damaged[number]

    def _state(self, number: int) -> object:
        """Return what changes when somebody mends the files of a generation."""
        state = []
        for path in sorted(self.generations.path(number).rglob("*")):
            with suppress(OSError):
                stat = path.stat()
                state.append((str(path), stat.st_size, stat.st_mtime_ns))
        return state

    def _condemn(self, number: int) -> None:
        """Leave a damaged generation for one before it; a late word on one left is ignored."""
        with self._refreshing:
            if number != self.serving:
                return
            self._damaged[number] = self._state(number)
            # When nothing better is there, what is open may still answer some questions.
            with suppress(IndexUnavailable):
                self._open_newest(self.generations.before(number))

    def _borrow(self) -> _Lease:
        self._refuse_when_closed()
        if self._lease is None:
            self.refresh()
        with self._lock:
            if self._lease is None:
                raise IndexUnavailable("the index was closed")
            self._lease.users += 1
            return self._lease

    def _refuse_when_closed(self) -> None:
        if self._stop.is_set():
            raise IndexUnavailable("the index was closed")

    def _give_back(self, lease: _Lease) -> None:
        with self._lock:
            lease.users -= 1
            closing = lease.stale and lease.users == 0
        if closing:
            lease.reader.close()

    def _replace(self, reader: IndexReader | None) -> None:
        with self._lock:
            old, self._lease = self._lease, None if reader is None else _Lease(reader)
            if old is None:
                return
            old.stale = True
            closing = old.users == 0
        if closing:
            old.reader.close()
