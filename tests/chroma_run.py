"""A real Chroma server on this machine: `chroma run`, killed, stopped and restarted at will."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from ingest.index.chroma_address import ChromaAddress

CHROMA = Path(sys.executable).with_name("chroma")
STARTS_S = 30.0
DATABASE = "/api/v2/tenants/default_tenant/databases/default_database"


class ChromaRun:
    """One folder of a server's, served on one port as often as it is started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> ChromaAddress:
        """The address, with more patience than a busy machine needs."""
        return ChromaAddress(url=self.url, timeout_s=10)

    def start(self) -> None:
        """Start, and return once it answers."""
        place = ["--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [CHROMA, "run", *place],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # It reads the environment and `.env` files.
            cwd=self._folder.parent,
            env={"PATH": os.environ["PATH"], "HOME": str(self._folder.parent)},
        )
        until = time.monotonic() + STARTS_S
        while not self._answers():
            assert time.monotonic() < until and self._process.poll() is None, "it does not start"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=5).is_success
        except httpx.TransportError:
            return False

    def hang(self) -> None:
        """Let it stand still, and return once it does: on a busy machine that takes a moment."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)

    def go_on(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """Ask it for something below its database, past the program."""
        reply = httpx.request(method, f"{self.url}{DATABASE}{path}", timeout=10, **more)
        assert reply.is_success, reply.text
        return reply.json()

    def make_database(self, name: str) -> None:
        """Make one more database, of the same tenant."""
        place = f"{self.url}{DATABASE.rpartition('/')[0]}"
        assert httpx.post(place, json={"name": name}, timeout=10).is_success

    def collections(self) -> dict[str, str]:
        """Return the ids of its collections by name."""
        return {one["name"]: one["id"] for one in self.ask("get", "/collections")}

    def ids(self, collection: str) -> set[str]:
        """Return the ids of all vectors of a collection."""
        path = f"/collections/{self.collections()[collection]}/get"
        return set(self.ask("post", path, json={"include": []})["ids"])

    def remove(self, collection: str, *ids: str) -> None:
        """Remove vectors behind everybody's back."""
        path = f"/collections/{self.collections()[collection]}/delete"
        self.ask("post", path, json={"ids": list(ids)})


@contextmanager
def chroma_run(folder: Path) -> Iterator[ChromaRun]:
    """Start a server over a folder, and end it afterwards."""
    made = ChromaRun(folder)
    try:
        made.start()
        yield made
    finally:
        made.kill()


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
