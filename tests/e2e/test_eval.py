"""`dateline eval` as a person runs it: against an index of its own and against a service."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ROOT
from tests.unit.evals.made import gold


def dateline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "dateline.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=cwd,
    )


def test_the_bundled_suite_is_as_good_as_the_baseline(tmp_path: Path) -> None:
    done = dateline("eval", "gate", "--json", cwd=tmp_path)

    verdict = json.loads(done.stdout)
    assert (done.returncode, verdict["reasons"]) == (0, [])
    assert verdict["metrics"]["citation_integrity"]["after"] == 1


def test_bad_input_is_told_in_one_line(tmp_path: Path) -> None:
    suite = tmp_path / "suite.jsonl"
    suite.write_text("\n" + gold(evidence=[{"article": "x", "quote": "Nobody."}]).model_dump_json())
    public = ("run", "--benchmark", "squad2", "--suite", str(suite))
    runs = {
        (*public, "--url", "http://127.0.0.1:9"): "goes without --url",
        ("run", "--benchmark", "squad2"): "needs --suite",
        (*public, "--articles", str(tmp_path)): "goes without --url",
        ("run", "--suite", str(suite)): f"{suite}:2: question 'when': 'x': its quote is not",
        ("run", "--url", "http://127.0.0.1:9"): "is it a running Dateline?",
        ("compare", "one", "two"): "there is no run in 'one'",
        ("gate", "--run", "one"): "there is no run in 'one'",
    }
    for arguments, message in runs.items():
        done = dateline("eval", *arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), done
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_streams_are_measured_and_none_is_lost(document: Callable[..., Any]) -> None:
    found = document("eval", "streams", "--clients", "3", "--words", "12", "--word-ms", "5")

    assert (found["clients"], found["answered"]) == (3, 3)
    assert set(found["first_delta_ms"]) == set(found["health_ms"]) == {"p50", "p99", "max"}
    assert found["memory_mb"]["most"] >= found["memory_mb"]["before"] > 0
