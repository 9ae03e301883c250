"""Asks `/healthz` over and over, and writes what each took in milliseconds; run as a module.

In a process of its own, so that what the clients are busy with is not taken for the service's lag.
"""

from __future__ import annotations

import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

PROBE_S = 0.02
"""Between two: `/healthz` does nothing, so what it takes the service is busy with others."""


def probe(address: str) -> None:
    """Ask until the process is ended."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    while True:
        started = time.perf_counter()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        sys.stdout.write(f"{(time.perf_counter() - started) * 1000:.3f}\n")
        sys.stdout.flush()
        time.sleep(PROBE_S)


if __name__ == "__main__":
    probe(sys.argv[1])
