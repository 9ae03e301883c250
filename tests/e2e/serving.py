"""The service as a process of its own, over real HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.access import hash_of
from tests import canary
from tests.e2e.conftest import ROOT

_ADDRESS = re.compile(r"http://[\d.]+:\d+")


@dataclass
class Served:
    """A running service.

    Attributes:
        log: What it writes to standard error.
    """

    process: subprocess.Popen[str]
    http: httpx.Client
    log: Path

    @property
    def address(self) -> str:
        """Where it listens."""
        return str(self.http.base_url).rstrip("/")


@contextmanager
def serving(folder: Path, data: Path, port: int = 0, **environment: str) -> Iterator[Served]:
    """Serve a data folder on a port, 0 for a free one, with `folder` as the working directory.

    In the end it is asked with the canary key, which is let in, and which neither its log nor its
    errors may show.
    """
    if "DATELINE_API_KEYS" in environment:
        environment["DATELINE_API_KEYS"] += f",{hash_of(canary.KEY)}"
    log = folder / "service.log"
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "dateline.py"), "serve", "--port", str(port)],
            cwd=folder,
            env={**os.environ, "DATELINE_DATA_DIR": str(data), **environment},
            stderr=written,
            text=True,
        )
        try:
            with httpx.Client(base_url=_address(process, log), timeout=30) as http:
                served = Served(process, http, log)
                yield served
                if process.poll() is None:
                    replies = canary.ask_around(served.address)
                    assert replies, "the canary was not heard"
                    errors = [reply.text for reply in replies if reply.is_error]
                    assert not any(map(canary.shown_in, errors))
        finally:
            process.kill()
            process.wait()
            assert not canary.shown_in(log.read_text("utf-8"))


def _address(process: subprocess.Popen[str], log: Path) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        found = _ADDRESS.search(log.read_text("utf-8"))
        if found is not None:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8"))
