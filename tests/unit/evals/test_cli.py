"""`dateline eval run`: one document for programs, a table for people, 2 for a bad suite."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import dateline
from evals import cli
from evals.errors import InvalidLine
from evals.run import Outcome, run
from evals.suite import Suite
from ingest import logs
from service.domain import Answer
from tests.unit.evals.made import FakeBackend, answered, gold


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Answer every question with the same words, and return a suite of one question."""

    def measure(suite: Suite, _articles: Path, _settings: object, _out: Path) -> Outcome:
        import asyncio

        given: Answer | Exception = answered("On Tuesday [bold].")
        if suite.questions[0].id == "fails":
            given = RuntimeError("no ink")
        return asyncio.run(run(suite, FakeBackend({suite.questions[0].question: given})))

    monkeypatch.setattr(cli, "_measure", measure)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "suite.jsonl"
    file.write_text(gold().model_dump_json(), "utf-8")
    return file


def test_programs_get_one_document(measured: Path) -> None:
    result = CliRunner().invoke(cli.app, ["run", "--suite", str(measured), "--json"])

    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["metrics"]["answer_contains"]["mean"] == 0
    assert Path(document["out"]).parent == Path(".dateline/evals")


def test_people_get_a_table_and_what_fell_short(measured: Path) -> None:
    result = CliRunner().invoke(cli.app, ["run", "--suite", str(measured), "--out", "there"])

    assert result.exit_code == 0
    assert "answer_contains" in result.stdout
    assert "when: answer_contains 0.00: not in the answer: Monday" in result.stdout
    assert "written to there" in result.stdout


def test_questions_that_raise_are_told_by_the_exit_code(measured: Path) -> None:
    measured.write_text(gold(id="fails").model_dump_json(), "utf-8")

    result = CliRunner().invoke(cli.app, ["run", "--suite", str(measured)])

    assert result.exit_code == 1
    assert "fails: RuntimeError: no ink" in result.stdout


def test_a_bad_suite_ends_with_its_line_and_2(
    measured: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured.write_text("{", "utf-8")
    monkeypatch.setattr("sys.argv", ["dateline", "eval", "run", "--suite", str(measured)])
    monkeypatch.setattr(logs, "to_standard_error", lambda: None)

    with pytest.raises(SystemExit) as caught:
        dateline.main()

    said = capsys.readouterr()
    assert (caught.value.code, said.out) == (2, "")
    assert said.err.startswith(f"dateline: {measured}:1: ")


def test_errors_of_a_run_are_told_by_the_program_alone(measured: Path) -> None:
    measured.write_text("{", "utf-8")

    result = CliRunner().invoke(cli.app, ["run", "--suite", str(measured)])

    assert isinstance(result.exception, InvalidLine)
