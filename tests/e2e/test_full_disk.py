from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import StorageFull
from ingest.index.check import check
from ingest.index.generations import Generations
from ingest.pipeline import Options, ingest
from tests.fakes import FakeTools

DISK_BYTES = 40_000_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _articles(path: Path, count: int) -> Path:
    body = " ".join(f"Ship {number} left port {number % 7} on time." for number in range(40))
    with path.open("w") as file:
        for number in range(count):
            record = {"title": f"Ships, part {number}", "body": f"Part {number}. {body}"}
            file.write(json.dumps(record) + "\n")
    return path


@pytest.mark.e2e
def test_a_full_disk_stops_an_ingest_and_nothing_published_is_lost(
    disk: Path, tmp_path: Path
) -> None:
    data = disk / "data"
    first = _articles(tmp_path / "first.jsonl", 20)
    more = _articles(tmp_path / "more.jsonl", 400)
    assert ingest([first], data, FakeTools(), Options()).added == 20
    filler = disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(disk).free - 1_000_000))
    with pytest.raises(StorageFull, match="make room and run again"):
        ingest([more], data, FakeTools(), Options())
    assert check(Generations(data).path(1)) == []
    filler.unlink()
    assert ingest([more], data, FakeTools(), Options()).added == 400
    assert check(Generations(data).path(2)) == []


@pytest.mark.e2e
def test_a_disk_that_fills_up_in_the_middle_leaves_what_was_published(
    disk: Path, tmp_path: Path
) -> None:
    data = disk / "data"
    assert (
        ingest([_articles(tmp_path / "first.jsonl", 20)], data, FakeTools(), Options()).added == 20
    )
    many = _articles(tmp_path / "many.jsonl", 6000)
    with pytest.raises(StorageFull):
        ingest([many], data, FakeTools(), Options())
    assert Generations(data).current() == 1
    assert check(Generations(data).path(1)) == []
    assert list(Generations(data).folder.glob("building-*")) == []
