"""`dateline ingest --on`: what is wrong with a cluster is told at once, and in one line."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from ingest.cluster import connect
from ingest.cluster.address import Address
from ingest.errors import SettingsError
from tests.e2e.conftest import ROOT, Run

SAMPLES = ROOT / "ingest" / "samples"

pytestmark = pytest.mark.e2e


def test_what_names_no_cluster_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("ingest", str(tmp_path), "--on", "spark")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("dateline: --on 'spark' names no cluster; write `ray`")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_a_cluster_that_does_not_answer_is_told_within_seconds(run: Run, scheme: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = f"{scheme}127.0.0.1:{bound.getsockname()[1]}"
        started = time.monotonic()
        result = run("ingest", str(SAMPLES), "--on", address)
    assert time.monotonic() - started < 30
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(
        f"dateline: nothing answers at '{address}' (Connection refused)"
    )


def test_without_ray_what_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "find_spec", lambda _name: None)
    with (
        pytest.raises(SettingsError, match=r"pip install 'ray\[data\]"),
        connect.connected(Address()),
    ):
        raise AssertionError("it connected")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere"),
        (["nowhere", "--prune"], "does not exist, so nothing is removed"),
        ([str(SAMPLES), "--show-cleaning"], "--show-cleaning runs here alone; leave --on out"),
    ],
)
def test_what_is_wrong_with_the_rest_is_told_before_the_cluster_is_asked(
    run: Run, arguments: list[str], told: str
) -> None:
    result = run("ingest", *arguments, "--on", "127.0.0.1:1")
    assert (result.returncode, result.stdout) == (2, "")
    assert told in result.stderr and "nothing answers" not in result.stderr


def test_a_run_over_what_has_not_changed_asks_no_cluster(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The ferry sailed for Baku on Monday, it was said.")
    assert run("ingest", str(tmp_path / "a.txt")).returncode == 0
    assert run("ingest", str(tmp_path / "a.txt"), "--on", "127.0.0.1:1").returncode == 0
