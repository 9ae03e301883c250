from __future__ import annotations

import json
from pathlib import Path

from evals.reader.questions import read_squad2
from evals.reader.split import split
from tests.unit.evals.reader.test_questions import line, written


def test_the_parts_are_what_no_reader_is_trained_on(tmp_path: Path) -> None:
    lines = [line(n, f"Ship\u2028 {n % 9}", ["in May"], [15]) for n in range(27)]
    whole = written(tmp_path, lines)

    split(whole, tmp_path / "parts")

    parts = read_squad2(whole)
    for name, expected in (("choice", parts.choice), ("test", parts.test)):
        text = (tmp_path / "parts" / f"{name}.jsonl").read_text("utf-8")
        ids = [json.loads(row)["id"] for row in text.split("\n") if row]
        assert ids == [one.id for one in expected]
