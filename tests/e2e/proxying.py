"""A real nginx in front of a service."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_AROUND = """
daemon off; pid nginx.pid; error_log error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
{inside}
}}
"""


@contextmanager
def proxying(folder: Path, port: int, inside: str) -> Iterator[None]:
    """Run nginx until the block ends; without one the test is skipped, except in CI.

    Args:
        folder: Takes its files.
        port: That it is to listen on.
        inside: What stands within `http {}`.
    """
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is not installed")
        pytest.skip("nginx is not installed")
    (folder / "nginx.conf").write_text(_AROUND.format(inside=inside))
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", "nginx.conf"])
    try:
        _wait_for(process, port)
        yield
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < until, "nginx does not start"
            time.sleep(0.05)
