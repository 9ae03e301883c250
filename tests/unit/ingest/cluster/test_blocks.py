"""How sources are shared out among the tasks that read them."""

from __future__ import annotations

import pickle
from pathlib import Path

from ingest.cluster.connect import blocks
from ingest.cluster.rows import Job
from ingest.read.source import page_source


def numbers(jobs: list[Job]) -> list[list[int]]:
    return [[pickle.loads(row).number for row in block] for block in blocks(jobs)]


def test_small_files_are_read_together_in_order() -> None:
    shared = numbers([Job(number, Path("a.txt"), 1000) for number in range(70)])
    assert [len(block) for block in shared] == [32, 32, 6]
    assert [number for block in shared for number in block] == list(range(70))


def test_large_files_are_read_by_tasks_of_their_own() -> None:
    jobs = [Job(number, Path("a.jsonl"), 3_000_000) for number in range(3)]
    assert numbers(jobs) == [[0], [1], [2]]


def test_what_an_address_gave_counts_by_what_travels() -> None:
    page = page_source("https://a.example", "https://a.example", b"x" * 1_500_000, None, None)
    assert numbers([Job(number, page, 0) for number in range(3)]) == [[0], [1], [2]]
