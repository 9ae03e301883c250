"""`dateline eval run`: one document for programs, a table for people, 2 for a bad suite."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import dateline
from evals import cli
from evals.errors import InvalidLine
from evals.folder import Run
from evals.measure import Plan, measure_with
from evals.results import describe_run
from ingest import logs
from service.domain import Answer
from tests.unit.evals.made import FakeBackend, answered, gold


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Answer every question with the same words, and return a suite of one question."""

    def measured_plan(plan: Plan) -> Run:
        given: Answer | Exception = answered("On Tuesday [bold].")
        if plan.suite.questions[0].id == "fails":
            given = RuntimeError("no ink")
        service = FakeBackend({question.question: given for question in plan.suite.questions})
        record = describe_run(plan.suite, None, "fake", plan.settings)
        return asyncio.run(measure_with(plan, service, record))

    monkeypatch.setattr(cli, "_measured", measured_plan)
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
    assert "report: there/report.html" in result.stdout


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
    monkeypatch.setattr(logs, "to_standard_error", lambda *_: None)

    with pytest.raises(SystemExit) as caught:
        dateline.main()

    said = capsys.readouterr()
    assert (caught.value.code, said.out) == (2, "")
    assert said.err.startswith(f"dateline: {measured}:1: ")


def test_errors_of_a_run_are_told_by_the_program_alone(measured: Path) -> None:
    measured.write_text("{", "utf-8")

    result = CliRunner().invoke(cli.app, ["run", "--suite", str(measured)])

    assert isinstance(result.exception, InvalidLine)


def test_runs_are_compared_and_gated(measured: Path) -> None:
    for out in ("one", "two"):
        CliRunner().invoke(cli.app, ["run", "--suite", str(measured), "--out", out])

    compared = CliRunner().invoke(cli.app, ["compare", "one", "two", "--json"])
    gated = CliRunner().invoke(cli.app, ["gate", "--baseline", "one", "--run", "two"])

    assert json.loads(compared.stdout)["metrics"]["answer_contains"]["p_value"] == 1
    assert json.loads(compared.stdout)["changed"] == []
    assert (gated.exit_code, "the gate is open" in gated.stdout) == (0, True)


def test_a_shut_gate_is_told_by_the_exit_code(measured: Path) -> None:
    CliRunner().invoke(cli.app, ["run", "--suite", str(measured), "--out", "whole"])
    lines = Path("whole/samples.jsonl").read_text()
    Path("broken").mkdir()
    for name in ("run.json", "summary.json"):
        Path("broken", name).write_text(Path("whole", name).read_text())
    Path("broken/samples.jsonl").write_text(lines.replace('"error":null', '"error":"no ink"'))

    result = CliRunner().invoke(
        cli.app, ["gate", "--baseline", "whole", "--run", "broken", "--json"]
    )

    assert result.exit_code == 1
    assert json.loads(result.stdout)["reasons"] == ["question 'when' failed: no ink"]
