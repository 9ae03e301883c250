from __future__ import annotations

from pathlib import Path

from ingest.cleaning_shown import CleaningShown, cleaning_of
from ingest.domain import Failure

PROSE = "The ferry ran aground off the northern cape on Monday, the harbour master said."


def test_shows_each_line_that_goes_with_its_rule_and_each_repair(tmp_path: Path) -> None:
    path = tmp_path / "ferry.txt"
    path.write_text(
        "date 2024-05-06 + ↺ − 16 px\n\n\n\nFerry\u00a0aground\n\n"
        f"{PROSE} The cityâ€™s port\u200b was closed.\n\nLeave a Comment\n"
    )
    [shown] = cleaning_of([path])
    assert isinstance(shown, CleaningShown)
    assert [d.rule for d in shown.dropped] == ["toolbar", "comments"]
    assert shown.title == "Ferry aground"
    assert shown.repairs == {
        "mojibake": 1,
        "hidden character": 1,
        "odd space": 1,
        "doubled blank line": 1,
    }
    assert shown.text == f"Ferry aground\n\n{PROSE} The city’s port was closed."


def test_what_cannot_be_read_is_shown_as_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    [failure] = cleaning_of([tmp_path])
    assert isinstance(failure, Failure) and failure.reason.startswith("is empty")
