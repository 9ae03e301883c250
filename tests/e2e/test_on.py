"""`dateline ingest --on`: what is wrong with a cluster is told at once, and in one line."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from ingest.cluster import connect
from ingest.cluster.address import Address
from ingest.errors import SettingsError
from tests.e2e.conftest import Run

pytestmark = pytest.mark.e2e


def test_what_names_no_cluster_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("ingest", str(tmp_path), "--on", "spark")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("dateline: --on 'spark' names no cluster; write `ray`")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_a_cluster_that_does_not_answer_is_told_within_seconds(
    run: Run, tmp_path: Path, scheme: str
) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = f"{scheme}127.0.0.1:{bound.getsockname()[1]}"
        started = time.monotonic()
        result = run("ingest", str(tmp_path), "--on", address)
    assert time.monotonic() - started < 30
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(
        f"dateline: nothing answers at '{address}' (Connection refused)"
    )


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match=r"dateline\[ray\]"), connect.connected(Address()):
        raise AssertionError("it connected")
