"""`dateline eval perf` from articles to a record, with the bundled model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import dateline
from evals import cli
from evals.errors import SuiteError
from ingest import logs

STORY = "\n".join(
    f"{place} will open its new harbour bridge in {month}, the council of {place} said on Monday."
    for place in ("Anzali", "Aktau", "Baku", "Derbent", "Turkmenbashi", "Makhachkala")
    for month in ("April", "June", "October")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which a small benchmark was run."""
    folder = tmp_path_factory.mktemp("perf")
    (folder / "news").mkdir()
    (folder / "news" / "bridges.txt").write_text(STORY)
    lines = (json.dumps({"query": f"Which bridge opens in {n}?"}) for n in range(6))
    (folder / "asked.jsonl").write_text("\n".join(lines))
    (folder / "printed.json").write_text(run(folder, "--json"))
    return folder


def run(folder: Path, *more: str) -> str:
    """Run the benchmark, and return what it prints."""
    named = {"articles": "news", "questions": "asked.jsonl", "work": "work", "out": "out"}
    options = [part for n, value in named.items() for part in (f"--{n}", str(folder / value))]
    result = CliRunner().invoke(cli.app, ["perf", "--passages", "300", *options, *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_programs_get_the_document_that_is_kept(folder: Path) -> None:
    printed, kept = (folder / "printed.json"), folder / "out" / "perf.json"

    assert json.loads(printed.read_text()) == json.loads(kept.read_text())


def test_the_record_has_every_measurement(folder: Path) -> None:
    document: dict[str, Any] = json.loads((folder / "printed.json").read_text())

    [size] = document["sizes"]
    rows = size["measured"]["rows"]
    assert (size["passages"], size["shards"]) == (300, 1)
    assert set(size["disk_mb"]) == {"catalog", "chroma", "tantivy"}
    assert min(size["disk_mb"].values()) > 0
    assert len({(row["filtered"], row["clients"]) for row in rows}) == 8
    assert all(row["p50_times"] > 0 and row["p99_times"] > 0 for row in rows)
    assert len((folder / "out" / "questions.jsonl").read_text().splitlines()) == 6


def test_a_second_run_builds_nothing_and_people_get_a_table(folder: Path) -> None:
    [size] = json.loads((folder / "printed.json").read_text())["sizes"]

    shown = run(folder)

    assert f"built {size['built']['at']}" in shown
    assert "300 passages" in shown
    assert "real sentences in a new order" in shown


def test_one_question_is_too_few(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text('{"query": "Which bridge opens?"}')
    options = ["--questions", str(tmp_path / "one.jsonl"), "--articles", str(folder / "news")]

    result = CliRunner().invoke(cli.app, ["perf", *options, "--work", str(folder / "work")])

    assert isinstance(result.exception, SuiteError)


@pytest.mark.parametrize("wrong", [["--passages", "0"], ["--articles", "nowhere"], ["--sizes"]])
def test_wrong_usage_ends_with_2(wrong: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["dateline", "eval", "perf", *wrong])
    monkeypatch.setattr(logs, "to_standard_error", lambda *_: None)

    with pytest.raises(SystemExit) as caught:
        dateline.main()

    assert caught.value.code == 2
