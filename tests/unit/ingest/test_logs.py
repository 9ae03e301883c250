from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from ingest import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("one\r\ntwo\nthree", "one two three"),
        ("bell\x07 back\x08 \x9b31m", "bell back 31m"),
        ("two\u2028lines", "twolines"),
        ("naïve 船", "naïve 船"),
    ],
)
def test_a_line_of_the_log_is_one_line_and_moves_no_cursor(text: str, shown: str) -> None:
    assert logs.plain(None, "info", {"event": text}) == {"event": shown}


def test_a_traceback_keeps_its_lines_but_not_its_colours() -> None:
    assert logs.plain(None, "error", {"failure": "a\n\x1b[1mb", "ms": 1.5}) == {
        "failure": "a\nb",
        "ms": 1.5,
    }


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.to_standard_error("json")

    structlog.get_logger("t").info("request", route="/v1/ask", text="a\nb")

    (line,) = capsys.readouterr().err.splitlines()
    found = json.loads(line)
    assert (found["event"], found["route"], found["text"]) == ("request", "/v1/ask", "a b")


def test_lines_of_the_standard_library_are_of_the_same_form(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # pytest has handlers of its own there, and basicConfig changes nothing where there are any.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    logs.to_standard_error("json")

    logging.getLogger("t").warning("the model said %s", "\x1b[31mno\nmore")

    found = json.loads(capsys.readouterr().err)
    assert (found["event"], found["level"]) == ("the model said no more", "warning")
