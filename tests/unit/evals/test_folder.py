"""A run's folder is whole, can be gone on with, and tells what is wrong with it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from evals.errors import OutputError, RunUnreadable
from evals.folder import RunFolder, read_run
from evals.results import RunRecord, describe_run
from evals.run import Outcome, run
from evals.suite import Suite
from service.settings import ServiceSettings
from tests.unit.evals.made import FakeBackend, abstained, answered, gold, unanswerable

WHO = unanswerable(id="who", question="Who\u2028steered?", type="unanswerable")
SUITE = Suite(Path("ferry.jsonl"), "0" * 64, (gold(), WHO))


def record(**changed: object) -> RunRecord:
    made = describe_run(SUITE, None, "fake", ServiceSettings(_env_file=None), "http://127.0.0.1:1")
    return made.model_copy(update=changed)


def begun(folder: Path, **changed: object) -> RunFolder:
    """Return a run that has let go of its folder, as a killed one does."""
    made = RunFolder(folder, record(**changed))
    made.close()
    return made


def outcome() -> Outcome:
    given = {gold().question: answered(), WHO.question: abstained()}
    return asyncio.run(run(SUITE, FakeBackend(given)))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    done = outcome()

    RunFolder(tmp_path / "new" / "out", record()).finish(done)

    found = read_run(tmp_path / "new" / "out")
    assert (found.samples, found.summary) == (done.samples, done.summary)
    assert [writer["kind"] for writer in found.record.writers] == ["extractive"]
    assert found.record.packages["numpy"]
    assert found.record.finished is not None


def test_a_run_that_was_cut_off_is_gone_on_with(tmp_path: Path) -> None:
    first = begun(tmp_path)
    first.keep(outcome().samples[1])
    del first
    whole = (tmp_path / "samples.jsonl").read_bytes()
    # Cut wherever a kill may cut it, inside a character too.
    line = whole.replace("\u2028".encode(), "–".encode())
    for end in [*range(1, 60), len(line) - 2]:
        (tmp_path / "samples.jsonl").write_bytes(whole + line[:end])

        assert list(begun(tmp_path, started="later").done) == ["who"]

        assert (tmp_path / "samples.jsonl").read_bytes() == whole


def test_a_finished_run_that_is_gone_on_with_is_unfinished_again(tmp_path: Path) -> None:
    RunFolder(tmp_path, record()).finish(outcome())

    RunFolder(tmp_path, record())

    with pytest.raises(RunUnreadable, match="cut off"):
        read_run(tmp_path)


def test_a_finished_run_with_a_sample_less_is_damaged(tmp_path: Path) -> None:
    RunFolder(tmp_path, record()).finish(outcome())
    first = (tmp_path / "samples.jsonl").read_bytes().split(b"\n")[0]

    for content in (first, first + b"\n" + first):
        (tmp_path / "samples.jsonl").write_bytes(content + b"\n")
        with pytest.raises(RunUnreadable, match=r"samples\.jsonl' is damaged"):
            read_run(tmp_path)


def test_files_that_are_no_runs_are_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "samples.jsonl").write_text("gold")

    with pytest.raises(OutputError, match=r"samples\.jsonl that is no run's"):
        RunFolder(tmp_path, record())

    assert (tmp_path / "samples.jsonl").read_text() == "gold"


def test_a_folder_takes_one_run_at_a_time(tmp_path: Path) -> None:
    first = RunFolder(tmp_path, record())

    with pytest.raises(OutputError, match="another run is being written"):
        RunFolder(tmp_path, record())
    first.finish(outcome())
    RunFolder(tmp_path, record()).finish(outcome())


def test_a_run_that_could_not_begin_leaves_no_trace(tmp_path: Path) -> None:
    RunFolder(tmp_path, record()).abandon()

    assert list(tmp_path.iterdir()) == []


def test_a_question_that_failed_is_asked_again(tmp_path: Path) -> None:
    failed = outcome().samples[0].model_copy(update={"error": "no ink"})
    begun(tmp_path).keep(failed)

    assert not begun(tmp_path).done


def test_the_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    begun(tmp_path)

    with pytest.raises(OutputError, match="run of other questions"):
        RunFolder(tmp_path, record(embedder="another"))


def test_a_run_that_was_cut_off_cannot_be_read(tmp_path: Path) -> None:
    RunFolder(tmp_path, record())

    with pytest.raises(RunUnreadable, match="cut off"):
        read_run(tmp_path)


def test_an_older_schema_is_named(tmp_path: Path) -> None:
    RunFolder(tmp_path, record()).finish(outcome())
    older = json.loads((tmp_path / "run.json").read_text())
    del older["schema_version"]
    (tmp_path / "run.json").write_text(json.dumps(older))

    with pytest.raises(RunUnreadable, match="has schema 1, this version reads 2"):
        read_run(tmp_path)


@pytest.mark.parametrize("name", ["run.json", "samples.jsonl", "summary.json"])
@pytest.mark.parametrize("content", [None, "{", "[]", "nothing"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: str | None) -> None:
    RunFolder(tmp_path, record()).finish(outcome())
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_text(content)

    with pytest.raises(RunUnreadable, match=name):
        read_run(tmp_path)


def test_a_damaged_sample_is_told_by_its_line(tmp_path: Path) -> None:
    RunFolder(tmp_path, record()).finish(outcome())
    lines = (tmp_path / "samples.jsonl").read_text().splitlines()
    (tmp_path / "samples.jsonl").write_text(f"{lines[0]}\n{lines[1][:-9]}\n")

    with pytest.raises(RunUnreadable, match=r"samples\.jsonl:2"):
        read_run(tmp_path)


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")

    with pytest.raises(OutputError, match="taken"):
        RunFolder(tmp_path / "taken", record())
