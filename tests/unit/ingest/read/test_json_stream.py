from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from ingest.domain import Failure, RawArticle
from ingest.read import json_articles, json_stream, read

RECORDS = [{"title": str(n), "body": f"Story {n}.", "views": 1.5} for n in range(50)]


@pytest.fixture(autouse=True)
def _hold_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_articles, "_MAX_HELD_BYTES", 500)


@pytest.mark.parametrize("name", [None, "articles", "items", "data"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_large_array_is_read_record_by_record(
    tmp_path: Path, name: str | None, mark: bytes
) -> None:
    document = {"status": "ok", name: RECORDS, "more": {"data": []}} if name else RECORDS
    (tmp_path / "a.json").write_bytes(mark + json.dumps(document).encode())
    found = [item for item in read(tmp_path / "a.json") if isinstance(item, RawArticle)]
    assert [item.text for item in found] == [record["body"] for record in RECORDS]


def test_a_record_is_named_alike_in_a_large_file_and_in_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(RECORDS))
    large = list(read(tmp_path / "a.json"))
    monkeypatch.setattr(json_articles, "_MAX_HELD_BYTES", 1_000_000)
    assert list(read(tmp_path / "a.json")) == large


def test_a_large_packed_file_and_large_lines_under_json_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(json.dumps(RECORDS).encode()))
    (tmp_path / "b.json").write_text("\n".join(map(json.dumps, RECORDS)))
    assert len(list(read(tmp_path / "a.json.gz"))) == len(list(read(tmp_path / "b.json"))) == 50


def test_a_large_array_that_breaks_off_keeps_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(RECORDS)[:-20])
    *articles, failure = read(tmp_path / "a.json")
    assert len(articles) == 49
    assert isinstance(failure, Failure) and "is not valid JSON" in failure.reason


def test_one_large_value_without_articles_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"body": "x" * 1000, "list": [1]}))
    [failure] = read(tmp_path / "a.json")
    assert isinstance(failure, Failure) and "without an array of articles" in failure.reason


def test_a_record_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_WHOLE_BYTES", 200_000)
    monkeypatch.setattr(json_stream, "_CHUNK_BYTES", 10_000)
    (tmp_path / "a.json").write_text(json.dumps([{"body": "x"}, {"body": "y" * 900_000}]))
    article, failure = read(tmp_path / "a.json")
    assert isinstance(article, RawArticle)
    assert isinstance(failure, Failure) and "in one record" in failure.reason
