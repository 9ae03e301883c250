"""The audit of what is installed, against a local database, and the list of it."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e

PINNED = re.compile(r"^([a-z0-9-]+(?:\[[a-z,]+\])?)==(\S+)", re.MULTILINE)


class Database(ThreadingHTTPServer):
    """Answers as OSV does.

    Attributes:
        known: The vulnerability of each package that has one.
        fails: Answer with an error of the server.
        asked: Packages that were asked about.
    """

    def __init__(self, known: dict[str, str], fails: bool) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.known = known
        self.fails = fails
        self.asked: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/query"

    def reply(self, query: bytes) -> bytes:
        package = json.loads(query)["package"]["name"]
        self.asked.add(package)
        found = self.known.get(package)
        vulnerability = {
            "id": f"OSV-{found}",
            "aliases": [found],
            "summary": "Anybody may do anything.",
            "affected": [{"package": {"name": package, "ecosystem": "PyPI"}, "ranges": []}],
        }
        return json.dumps({"vulns": [vulnerability]} if found else {}).encode()


class Answers(BaseHTTPRequestHandler):
    server: Database

    def do_POST(self) -> None:
        body = self.server.reply(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(500 if self.server.fails else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def database(known: dict[str, str] | None = None, fails: bool = False) -> Iterator[Database]:
    with Database(known or {}, fails) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def audit(url: str) -> subprocess.CompletedProcess[str]:
    return make("audit", f"AUDIT_FLAGS=-s osv --osv-url {url}")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def pinned() -> set[tuple[str, str]]:
    """Return names and versions; some have two, for two Pythons."""
    return set(PINNED.findall((ROOT / "requirements.lock").read_text("utf-8")))


def test_every_package_is_asked_about_and_the_written_exception_passes() -> None:
    with database({"chromadb": "CVE-2026-45829"}) as server:
        done = audit(server.url)

    assert done.returncode == 0, done.stderr
    assert "chromadb" in server.asked
    # Those of other systems and Pythons are left out.
    assert len(server.asked & {name for name, _ in pinned()}) > 100


@pytest.mark.parametrize("name", ["chromadb", "fastapi"])
def test_a_new_vulnerability_fails_the_audit(name: str) -> None:
    with database({name: "CVE-2026-99999"}) as server:
        done = audit(server.url)

    assert done.returncode != 0
    assert name in done.stdout and "CVE-2026-99999" in done.stdout


def test_a_database_that_cannot_be_asked_is_no_pass() -> None:
    with database() as server:
        gone = server.url
    assert audit(gone).returncode != 0
    with database(fails=True) as failing:
        assert audit(failing.url).returncode != 0


def test_the_list_names_every_locked_package_with_its_version() -> None:
    assert make("sbom").returncode == 0
    listed = json.loads((ROOT / "dist" / "sbom.json").read_text("utf-8"))

    assert {(one["name"].lower(), one["version"]) for one in listed["components"]} == pinned()
    assert listed["metadata"]["component"]["name"] == "dateline"


def test_each_exception_has_its_reason() -> None:
    exceptions = re.search(
        r"^EXCEPTIONS := (.+)$", Path(ROOT / "Makefile").read_text(), re.MULTILINE
    )
    reasons = (ROOT / "SECURITY.md").read_text("utf-8")

    assert exceptions
    assert all(one in reasons for one in exceptions[1].split())
