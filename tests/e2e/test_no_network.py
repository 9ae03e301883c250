"""Nothing that the program runs on asks anybody anything, or forks itself beside its threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT
from tests.e2e.serving import serving
from tests.faults import traffic

# Read by each Python at its start, by those too that the program starts.
WATCH = """
import json, os, sys

WATCHED = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "os.fork")

def watch(event, args):
    if event in WATCHED:
        # A host comes first, an address after its socket.
        told = args and args[-1 if event == "socket.connect" else 0]
        line = json.dumps([event, repr(told)])
        with open(os.environ["WATCHED"], "a") as file:
            file.write(line + "\\n")

sys.addaudithook(watch)
"""
NEAR = ("'127.0.0.1'", "'localhost'", "'::1'")


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where each attempt to reach anybody, and each fork, is written down."""
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("WATCHED", str(tmp_path / "watched"))
    # Some of what counts its users spares those, and who said no in a file there.
    for name in ("CI", "TF_BUILD", "JENKINS_URL"):
        monkeypatch.delenv(name, raising=False)
    cached = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    monkeypatch.setenv("XDG_CACHE_HOME", cached)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "watched"


def seen(watched: Path) -> list[str]:
    lines = watched.read_text().splitlines() if watched.exists() else []
    found = [json.loads(line) for line in lines]
    return [f"{event} {told}" for event, told in found if not any(own in told for own in NEAR)]


def test_the_watch_sees_what_it_looks_for(watched: Path) -> None:
    code = "import os, socket; os.fork() or os._exit(0); socket.getaddrinfo('news.invalid', 443)"
    subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert [event.split()[0] for event in seen(watched)] == ["os.fork", "socket.getaddrinfo"]


def test_to_import_openvino_tells_nobody(watched: Path) -> None:
    code = "from ingest.embed import engines; print(engines._openvino().__version__)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    assert seen(watched) == []


def test_nobody_is_asked_and_nothing_forks(watched: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    subprocess.run(
        [sys.executable, str(ROOT / "dateline.py"), "ingest", str(ROOT / "ingest" / "samples")],
        cwd=tmp_path,
        env={**os.environ, "DATELINE_DATA_DIR": str(data)},
        check=True,
        capture_output=True,
    )
    with serving(tmp_path, data) as served:
        assert traffic.ask(served.http, "Where did Araghchi fly on to?")["sources"]
    assert seen(watched) == []
