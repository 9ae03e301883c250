"""Backups of a service at work, and what comes of them."""

from __future__ import annotations

import json
import shutil
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import ROOT, Run
from tests.e2e.serving import serving
from tests.waiting import until

pytestmark = pytest.mark.e2e

Document = Callable[..., Any]
SUITE = ROOT / "evals" / "gold" / "samples.jsonl"
FAULTS = (
    "cut", "changed", "no archive", "other archive", "missing", "without its end", "a folder",
    "names of its own",
)  # fmt: skip


def answers(http: httpx.Client, every: int) -> list[dict[str, Any]]:
    """Ask of the bundled suite; return the answers without what differs from one time to the next.

    Args:
        http: A service.
        every: One in so many questions.
    """
    found = []
    for line in SUITE.read_text("utf-8").splitlines()[::every]:
        gold = json.loads(line)
        asked = {name: gold[name] for name in ("question", "history", "as_of") if name in gold}
        found.append(http.post("/v1/ask", json=asked).raise_for_status().json())
    return [{**one, "id": None, "timings_ms": None} for one in found]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("every", [4])
def test_a_backup_taken_while_serving_and_ingesting_answers_the_same(
    run: Run, indexed: Path, tmp_path: Path, every: int
) -> None:
    file, more = tmp_path / "index.tar", tmp_path / "more"
    more.mkdir()
    # So many that the ingest has published nothing when the backup is taken.
    for number in range(400):
        (more / f"{number}.txt").write_text(f"Storks {number}\n\nStork {number} came to Gorgan.")
    with serving(tmp_path, indexed) as served:
        before = answers(served.http, every)
        served.http.post("/v1/feedback", json={"answer_id": rated(served.http), "rating": "up"})
        ingest = threading.Thread(target=run, args=("ingest", str(more)))
        ingest.start()
        until(lambda: list((indexed / "generations").glob("building-*")), within_s=60)
        assert run("index", "backup", str(file)).returncode == 0
        ingest.join()

    shutil.rmtree(indexed)
    restored = run("index", "restore", str(file))

    assert restored.returncode == 0, restored.stderr
    with serving(tmp_path, indexed) as again_served:
        assert answers(again_served.http, every) == before
    assert run("index", "check").returncode == 0
    assert (indexed / "feedback.db").is_file()
    unchanged = json.loads(run("ingest", str(more), "--json").stdout)["articles"]
    assert unchanged["failed"] == 0


def rated(http: httpx.Client) -> str:
    question = {"question": "Which countries set off the snapback of UN sanctions?"}
    return str(http.post("/v1/ask", json=question).json()["id"])


def test_a_restored_generation_stands_beside_what_was_there(
    run: Run, document: Document, tmp_path: Path, indexed: Path
) -> None:
    file = tmp_path / "index.tar"
    run("index", "backup", str(file))
    assert indexed.is_dir()
    run("index", "restore", str(file))

    listed = document("index", "list")["generations"]
    assert [(row["generation"], row["current"]) for row in listed] == [(1, False), (2, True)]
    assert run("index", "use", "1").returncode == 0


def test_a_backup_replaces_nothing(run: Run, indexed: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    refused = run("index", "backup", str(file))
    assert (refused.returncode, file.read_text()) == (2, "mine")
    assert "is there already" in refused.stderr
    assert indexed.is_dir()


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_whole_backup_is_refused_and_changes_nothing(
    run: Run, document: Document, indexed: Path, tmp_path: Path, fault: str
) -> None:
    file = tmp_path / "index.tar"
    assert run("index", "backup", str(file)).returncode == 0
    spoil(file, fault, tmp_path)
    refused = run("index", "restore", str(file))

    assert refused.returncode in (2, 3)
    assert "Traceback" not in refused.stderr
    assert [row["generation"] for row in document("index", "list")["generations"]] == [1]
    assert [path.name for path in indexed.iterdir() if path.name.startswith("restoring")] == []


def spoil(file: Path, fault: str, folder: Path) -> None:
    whole = file.read_bytes()
    if fault == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif fault == "changed":
        at = whole.index(b"snapback")
        file.write_bytes(whole[:at] + b"SNAPBACK" + whole[at + 8 :])
    elif fault == "no archive":
        file.write_text("no archive")
    elif fault == "other archive":
        (folder / "other").write_text("other")
        with tarfile.open(file, "w") as archive:
            archive.add(folder / "other", "../../outside")
    elif fault == "without its end":
        again(file, lambda member: None if member.name == "backup.json" else member)
    elif fault == "a folder":
        file.unlink()
        file.mkdir()
    elif fault == "names of its own":
        outside = whole.replace(b'"catalog.db":', b'"/dev/zero" :')
        assert outside != whole
        file.write_bytes(outside)
    else:
        file.unlink()


def again(file: Path, change: Callable[[tarfile.TarInfo], tarfile.TarInfo | None]) -> None:
    """Write an archive again, changed or less."""
    copy = file.with_suffix(".copy")
    with tarfile.open(file) as archive, tarfile.open(copy, "w") as other:
        for member in archive:
            kept = change(member)
            if kept is not None:
                other.addfile(kept, archive.extractfile(member) if member.isreg() else None)
    copy.replace(file)


def test_a_backup_is_for_its_owner_alone_and_a_killed_restore_leaves_nothing(
    run: Run, indexed: Path, tmp_path: Path
) -> None:
    file = tmp_path / "index.tar"
    assert run("index", "backup", str(file)).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    (indexed / "restoring-x").mkdir()
    assert run("index", "restore", str(file)).returncode == 0
    assert not (indexed / "restoring-x").exists()
