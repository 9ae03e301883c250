"""An S3-compatible server on this machine, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from tests.e2e.proxying import free_port

BUCKET = "dateline"


@dataclass(frozen=True)
class ObjectStore:
    """Where it is.

    Attributes:
        environment: What a program needs to reach it.
    """

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.endpoint,
        }

    @staticmethod
    def url(folder: str) -> str:
        return f"s3://{BUCKET}/{folder}"

    def keys(self, prefix: str) -> list[str]:
        """Return the names of the objects below a prefix."""
        listed = httpx.get(f"{self.endpoint}/{BUCKET}", params={"list-type": "2", "prefix": prefix})
        return [part.split("</Key>")[0] for part in listed.text.split("<Key>")[1:]]

    def get(self, key: str) -> bytes:
        """Return an object."""
        # Nobody may read without a signature, which may be any.
        scope = "made-up/20260101/us-east-1/s3/aws4_request"
        signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}"}
        reply = httpx.get(f"{self.endpoint}/{BUCKET}/{key}", headers=signed)
        return reply.raise_for_status().content

    def put(self, key: str, data: bytes) -> None:
        """Put something else where an object is."""
        httpx.put(f"{self.endpoint}/{BUCKET}/{key}", content=data).raise_for_status()


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """Serve an empty bucket."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        store = ObjectStore(f"http://127.0.0.1:{port}")
        _until_it_answers(store)
        httpx.put(f"{store.endpoint}/{BUCKET}").raise_for_status()
        yield store
    finally:
        process.kill()
        process.wait()


def _until_it_answers(store: ObjectStore) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            httpx.get(store.endpoint, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the object store does not start")
