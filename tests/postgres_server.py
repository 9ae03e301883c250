"""A real PostgreSQL on a port of this machine, with a cluster of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.e2e.proxying import free_port

PASSWORD = "pass-canary-3141"
_DEBIAN = Path("/usr/lib/postgresql")
_INITDB = ["-U", "dateline", "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C", "--no-sync"]
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "shared_buffers": "16MB",
}


class PostgresServer:
    """One that can be stopped, frozen and started again.

    Attributes:
        data: The folder of its cluster.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self.data = folder / "cluster"
        self.port = free_port()
        self._programs = programs
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL does not run as root.
        self._user: dict[str, Any] = (
            {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}
        )
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        subprocess.run(
            [programs / "initdb", "-D", self.data, "--pwfile", secret, *_INITDB],
            check=True,
            capture_output=True,
            cwd=folder,
            **self._user,
        )

    def url(self, database: str = "postgres", password: str = PASSWORD) -> str:
        """Return the address of a database."""
        return f"postgresql://dateline:{password}@127.0.0.1:{self.port}/{database}"

    def execute(self, query: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement, outside of any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def database(self, name: str, options: str = "") -> str:
        """Make an empty database, and return its address."""
        self.execute(f'CREATE DATABASE "{name}" {options}')
        return self.url(name)

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, "-p", str(self.port), *options],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                **self._user,
            )
        until = time.monotonic() + 30
        while True:
            try:
                self.execute("SELECT 1")
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None and time.monotonic() < until
                time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, with whatever is connected, and without tidying up."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Have it take connections and answer nothing while the block runs."""
        assert self._process is not None
        pid = self._process.pid
        listed = Path(f"/proc/{pid}/task/{pid}/children")
        if not listed.exists():
            pytest.skip("this system does not list a process's children")
        pids = [pid, *map(int, listed.read_text().split())]
        try:
            for one in pids:
                os.kill(one, signal.SIGSTOP)
            yield
        finally:
            for one in pids:
                os.kill(one, signal.SIGCONT)


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """Run one until the block ends; without PostgreSQL the test is skipped, except in CI."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    # Pytest's own folders are root's alone.
    with tempfile.TemporaryDirectory(prefix="dateline-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if _is_root():
            shutil.chown(folder, "postgres", "postgres")
        server = PostgresServer(programs, folder)
        try:
            server.start()
            yield server
        finally:
            server.kill()


def _programs() -> Path | None:
    """Return the folder with initdb and postgres; Debian's are not on the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(_DEBIAN.glob("*/bin"), reverse=True)
    return next((one for one in folders if (one / "postgres").exists()), None)


def _is_root() -> bool:
    return os.geteuid() == 0
