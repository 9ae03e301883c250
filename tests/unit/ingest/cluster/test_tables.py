"""Stages over tables, and how many of them there are; without Ray."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow
import pytest

from ingest.cluster.dataset import ROWS_AT_ONCE, TableStage, embedders, wanted_cpus
from ingest.cluster.rows import Ended, Job, Plan, packed, unpacked
from ingest.cluster.stages import KnownStage, ReadStage
from ingest.domain import EmbedderId
from ingest.settings import IndexSettings
from tests.integration.conftest import record, write


def plan(folder: Path, embedder: str = "minilm") -> Plan:
    settings = IndexSettings.model_construct(embedder=embedder)
    return Plan(settings, EmbedderId("fake", 8, "0"), None, folder / "data" / "embeddings.db")


class Doubling:
    """Gives each row twice, and tells how many it was asked for."""

    taken = 0

    def __init__(self, _plan: Plan) -> None:
        Doubling.taken = 0

    def __call__(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        for row in rows:
            Doubling.taken += 1
            yield from (row, row)


def table(*rows: bytes) -> pyarrow.Table:
    return pyarrow.table({"row": pyarrow.array(rows, pyarrow.large_binary())})


def rows_of(tables: Iterable[pyarrow.Table]) -> list[list[bytes]]:
    return [given.column("row").to_pylist() for given in tables]


def test_all_rows_come_in_order_in_tables_of_bounded_size(tmp_path: Path) -> None:
    given = [bytes([number]) for number in range(ROWS_AT_ONCE + 1)]
    came = rows_of(TableStage(Doubling, plan(tmp_path))(table(*given)))
    assert [len(rows) for rows in came] == [ROWS_AT_ONCE, ROWS_AT_ONCE, 2]
    assert [row for rows in came for row in rows] == [row for row in given for _ in range(2)]


def test_the_first_table_goes_on_before_the_last_row_is_read(tmp_path: Path) -> None:
    given = [bytes([number]) for number in range(100)]
    next(iter(TableStage(Doubling, plan(tmp_path))(table(*given))))
    assert Doubling.taken == ROWS_AT_ONCE // 2


def test_of_no_rows_comes_no_table(tmp_path: Path) -> None:
    assert rows_of(TableStage(Doubling, plan(tmp_path))(table())) == []


def test_a_source_is_read_to_rows_that_name_its_digest_at_both_ends(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", record("Ferry"), record("Rail"))
    stage = TableStage(ReadStage, plan(tmp_path))
    ((begun, *_, ended),) = map(unpacked, rows_of(stage(table(packed(Job(1, file, 9))))))
    assert isinstance(ended, Ended) and ended.digest and ended.count == 2
    assert begun.digest == ended.digest  # type: ignore[union-attr]


def test_what_is_no_cache_is_passed_over_and_none_is_made(tmp_path: Path) -> None:
    row = packed(Ended(1, 0, None))
    assert list(KnownStage(plan(tmp_path))([row])) == [row]
    assert not (tmp_path / "data").exists()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "embeddings.db").write_bytes(b"no database, but long enough" * 100)
    assert list(KnownStage(plan(tmp_path))([row])) == [row]


@pytest.mark.parametrize(("embedder", "count"), [("minilm", 8), ("openai:small", 2)])
def test_an_endpoint_is_asked_by_few(tmp_path: Path, embedder: str, count: int) -> None:
    given = plan(tmp_path, embedder)
    assert embedders(given, 8) == count
    assert embedders(given, 1) == 1
    assert wanted_cpus(given, 8) == pytest.approx(2 * 0.15 + 0.4 * count)
