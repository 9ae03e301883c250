"""Feedback becomes gold lines that have to be edited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.drafts import draft
from evals.errors import InvalidLine
from evals.suite import load
from service.domain import Turn
from service.feedback import Feedback
from tests.unit.evals.made import QUOTE, TITLE, answered, cited


def found(**changed: object) -> Feedback:
    fields = {
        "rating": "down",
        "comment": "It was Tuesday.",
        "given_at": "2026-01-01T00:00:00Z",
        "history": (),
        "answer": answered(citations=[cited(QUOTE), cited(QUOTE)]),
    }
    return Feedback.model_validate({**fields, **changed})


def test_a_draft_has_what_was_asked_and_cited() -> None:
    line = json.loads(draft(found()))

    assert (line["question"], line["type"]) == ("?", "factoid")
    assert line["evidence"] == [{"article": TITLE, "quote": QUOTE}]


def test_a_conversation_is_kept() -> None:
    line = json.loads(draft(found(history=(Turn("user", "When?"),))))

    assert (line["type"], line["history"]) == (
        "multi_turn",
        [{"role": "user", "content": "When?"}],
    )


def test_a_draft_that_nobody_edited_is_refused_and_an_edited_one_is_not(tmp_path: Path) -> None:
    suite, line = tmp_path / "suite.jsonl", json.loads(draft(found()))
    line["question"] = "When did it sink?"
    suite.write_text(json.dumps(line))
    with pytest.raises(InvalidLine, match=r"suite\.jsonl:1: .*lacks answers"):
        load(suite)
    suite.write_text(json.dumps({**line, "answers": [["Tuesday"]]}))

    assert load(suite).questions[0].answers == (("Tuesday",),)
