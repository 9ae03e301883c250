"""The runs of a folder, oldest first, and how they are printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.errors import RunUnreadable
from evals.folder import RECORD, RunFolder
from evals.history import History, by_time, commit, runs_in, same_suite, writer
from evals.history_printing import print_history
from tests.unit.evals.made_runs import RIGHT, finished, record, sample


def on(day: int) -> dict[str, object]:
    """Return what makes a run one of this day of December."""
    return {"started": f"2025-12-{day:02}T10:00:00+00:00"}


def test_runs_come_oldest_first_whatever_their_folders_are_called(tmp_path: Path) -> None:
    late, early = finished(tmp_path / "a", changed=on(9)), finished(tmp_path / "b", changed=on(8))

    assert runs_in(tmp_path) == History((early, late))


def test_a_folder_that_is_a_run_itself_is_read_with_those_below_it(tmp_path: Path) -> None:
    outer, inner = finished(tmp_path, changed=on(8)), finished(tmp_path / "a", changed=on(9))

    assert runs_in(tmp_path).runs == (outer, inner)


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    whole = finished(tmp_path / "whole")
    RunFolder(tmp_path / "cut", record())
    old = finished(tmp_path / "old").folder / RECORD
    old.write_text(json.dumps({"schema_version": 1}), "utf-8")
    (tmp_path / "holiday").mkdir()

    found = runs_in(tmp_path)

    assert found.runs == (whole,)
    assert ["cut off" in found.left_out[0], "schema 1" in found.left_out[1]] == [True, True]
    assert len(found.left_out) == 2


def test_a_folder_that_is_not_there_cannot_be_listed(tmp_path: Path) -> None:
    with pytest.raises(RunUnreadable, match=r"nowhere' cannot be listed"):
        runs_in(tmp_path / "nowhere")


def test_runs_of_other_questions_are_no_history_of_a_run(tmp_path: Path) -> None:
    run = finished(tmp_path / "a")
    other = finished(tmp_path / "b", changed={"suite": {"path": "x", "sha256": "6" * 64}})

    assert same_suite([other, run], run) == [run]


def test_runs_are_sorted_by_the_time_they_began(tmp_path: Path) -> None:
    runs = [finished(tmp_path / str(day), changed=on(day)) for day in (9, 3, 30)]

    assert by_time(runs) == [runs[1], runs[0], runs[2]]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ({"commit": "c0ffee1234", "dirty": True, "sha256": ""}, "c0ffee1*"),
        ({"commit": "c0ffee1234", "dirty": False, "sha256": ""}, "c0ffee1"),
        ({"commit": None, "dirty": None, "sha256": ""}, "unknown"),
    ],
)
def test_a_commit_is_short_and_has_a_star_when_files_were_changed(
    tmp_path: Path, code: object, said: str
) -> None:
    assert commit(finished(tmp_path, changed={"code": code})) == said


def test_a_run_without_an_answer_has_no_writer(tmp_path: Path) -> None:
    assert writer(finished(tmp_path / "a")) == "extractive"
    assert writer(finished(tmp_path / "b", [sample(None)])) == "none"


def test_a_row_says_where_a_figure_went_and_never_shows_unscored_as_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    finished(tmp_path / "a", changed=on(8))
    finished(tmp_path / "b", [sample(RIGHT)], changed=on(9))
    finished(tmp_path / "c", [sample(None)], changed=on(10))

    print_history(runs_in(tmp_path))

    rows = [line.split() for line in capsys.readouterr().out.splitlines() if "c0ffee1*" in line]
    assert [row[0] for row in rows] == ["2025-12-08", "2025-12-09", "2025-12-10"]
    assert [row[4] for row in rows] == ["0.333", "1.000↑", "–"]


def test_a_narrow_terminal_leaves_no_figure_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    finished(tmp_path / "a", [sample(RIGHT)], changed=on(8))
    finished(tmp_path / "b", [sample(RIGHT)], changed=on(9))

    print_history(runs_in(tmp_path))

    rows = [line.split() for line in capsys.readouterr().out.splitlines() if "c0ffee1*" in line]
    assert [len(row) for row in rows] == [10, 10]
    assert rows[1][4:9] == ["1.000="] * 5


def test_what_was_left_out_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_history(History((finished(tmp_path),), ("[bold] is damaged",)))

    assert "left out: [bold] is damaged" in capsys.readouterr().out
