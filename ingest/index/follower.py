"""Keeps a data folder at the generation that counts in object storage."""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
import time
from pathlib import Path

from ingest.errors import IndexDamaged, IndexMissing, IndexUnavailable, VectorsUnavailable
from ingest.index import manifest as manifests
from ingest.index.check import check_in_child
from ingest.index.chroma_address import ChromaAddress
from ingest.index.generations import Generations, WriterLock
from ingest.index.remote import Pointer, Remote
from ingest.index.server_check import ON_SERVER

AGAIN_S = 60.0
"""What was damaged is tried again after so long: it may have been pushed again."""

_REMEDY = "mend it where it is written, and push it"
_UNTIL = "until a newer generation is pushed"

log = logging.getLogger("ingest.index")


class Follower:
    """Pulls, checks and publishes what was pushed; the data folder has no other writer."""

    def __init__(
        self, remote: Remote, data_dir: Path, every_s: float, server: ChromaAddress | None = None
    ) -> None:
        """Take where from and where to, and how often to look; nothing is read yet.

        Args:
            remote: Where generations are pushed to.
            data_dir: Where they go.
            every_s: Seconds between two looks.
            server: Where their vectors are when they are not among what is pushed.
        """
        self._remote = remote
        self._generations = Generations(data_dir, server)
        self._every_s = every_s
        self._problem: str | None = None
        self._lacking: str | None = None
        self._damaged: tuple[Pointer, float] | None = None
        self._stop = threading.Event()

    @property
    def problem(self) -> str | None:
        """What kept the last look from the newest generation, or what the server lacks of it.

        None when nothing did.
        """
        return self._problem or self._lacking

    def refresh(self) -> bool:
        """Bring the generation that counts into use; return whether another one was.

        Raises:
            IndexMissing: Nothing was ever pushed.
            IndexDamaged: What was pushed is not whole; what is in use stays.
            IndexUnavailable: The storage or the data folder cannot be used; what is in use stays.
        """
        pointer = self._remote.pointer()
        if pointer is None:
            raise IndexMissing("nothing was pushed yet to where DATELINE_FOLLOW_URL leads")
        if pointer.generation == self._current() and self._is_here(pointer):
            return False
        if self._is_known_damaged(pointer):
            raise IndexDamaged(f"generation {pointer.generation} in the object storage is damaged")
        lock = WriterLock(self._generations.data_dir)
        try:
            self._generations.remove_garbage()
            if self._is_here(pointer):
                self._generations.use(pointer.generation)
                self._lacking = None
            else:
                self._bring(pointer)
        except IndexDamaged:
            self._damaged = (pointer, time.monotonic())
            raise
        finally:
            lock.release()
        return True

    def _is_known_damaged(self, pointer: Pointer) -> bool:
        """Whether this was found not long ago: pulling it each time would be costly."""
        if self._damaged is None or self._damaged[0] != pointer:
            return False
        return time.monotonic() - self._damaged[1] < AGAIN_S

    def follow(self) -> None:
        """Look again and again, from a thread of its own, until `close`."""
        threading.Thread(target=self._poll, name="index-pull", daemon=True).start()

    def close(self) -> None:
        """Stop; what is being pulled is given up with the process."""
        self._stop.set()

    def _poll(self) -> None:
        while not self._stop.wait(self._every_s):
            self.look()

    def look(self) -> None:
        """Refresh; `problem` says what kept it from that."""
        try:
            self.refresh()
        except VectorsUnavailable as error:
            self._tell(error.degraded)
        except IndexUnavailable as error:
            self._tell(str(error))
        except Exception as error:
            # Whatever it was, a replica that stops looking would serve old news for ever.
            log.exception("looking for what was pushed failed")
            self._tell(type(error).__name__)
        else:
            self._problem = None

    def _tell(self, problem: str) -> None:
        if problem != self._problem:
            log.warning("follow: %s", problem)
        self._problem = problem

    def _current(self) -> int | None:
        try:
            return self._generations.current()
        except IndexDamaged:
            return None

    def _is_here(self, pointer: Pointer) -> bool:
        path = self._generations.path(pointer.generation) / manifests.NAME
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest() == pointer.manifest_sha256
        except OSError:
            return False

    def _bring(self, pointer: Pointer) -> None:
        generations, number = self._generations, pointer.generation
        building = generations.building(number)
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        near = [generations.path(other) for other in generations.numbers()]
        manifest = self._remote.pull(pointer, building, near)
        for path in [*building.rglob("*"), building]:
            manifests.sync(path)
        lacking = self._checked(building, manifest.generation)
        generations.put_aside(number)
        generations.publish(number, self._current())
        self._lacking = lacking

    def _checked(self, building: Path, number: int) -> str | None:
        """Return what the server lacks of a whole generation; None when it lacks nothing.

        Words find passages without them, and pulling it again would bring none.

        Raises:
            IndexDamaged: Its own files are not whole.
        """
        try:
            problems = check_in_child(building, self._generations.server)
        except VectorsUnavailable as error:
            # Its reader says so too, for as long as it is so.
            log.warning("generation %d is used without the Chroma server: %s", number, error)
            return None
        if damage := [one for one in problems if not one.startswith(ON_SERVER)]:
            raise IndexDamaged(
                f"generation {number} from the object storage failed its check: "
                + "; ".join(damage).replace(manifests.REMEDY, _REMEDY)
            )
        if not problems:
            return None
        found = "; ".join(problems).replace(f"; {manifests.REMEDY}", "")
        log.warning("generation %d: %s", number, found)
        return f"generation {number}: {found}; fewer passages are found, {_UNTIL}"
