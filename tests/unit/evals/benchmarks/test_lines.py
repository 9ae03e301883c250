"""A set that is missing, empty or of another shape is refused by file and line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from evals.benchmarks import BENCHMARKS
from evals.benchmarks.lines import Row, read_lines
from evals.benchmarks.shelf import write
from evals.errors import InvalidLine, SuiteError

EVERY = pytest.mark.parametrize("name", BENCHMARKS)


class Lamp(Row):
    name: str


@EVERY
def test_a_missing_or_empty_file_is_named(name: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text(" \n\n", "utf-8")

    for path in (tmp_path / "missing.jsonl", tmp_path, empty):
        with pytest.raises(SuiteError, match=path.name):
            BENCHMARKS[name](path, tmp_path / "articles", None)


@EVERY
@pytest.mark.parametrize("line", ["{", "[]", '{"colour": "red"}'])
def test_a_line_of_another_shape_is_named(name: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(f"\n{line}\n", "utf-8")

    with pytest.raises(InvalidLine) as raised:
        BENCHMARKS[name](path, tmp_path / "articles", None)

    assert str(raised.value).startswith(f"{path}:2: ")


def test_lines_keep_their_numbers_and_the_file_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "lamps.jsonl"
    path.write_text('{"name": "a"}\n\n{"name": "b\u2028c", "oil": 1}\n', "utf-8")

    lines = read_lines(path, Lamp)

    assert {number: row.name for number, row in lines.rows.items()} == {1: "a", 3: "b\u2028c"}
    assert lines.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_of_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'{"name": "caf\xe9"}')

    with pytest.raises(SuiteError, match=r"latin\.jsonl.*UTF-8"):
        read_lines(path, Lamp)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("", "utf-8")

    with pytest.raises(SuiteError, match="taken"):
        write(taken / "articles.jsonl", [])
