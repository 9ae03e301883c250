"""The page's conversion of offsets, run by Node where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

MODULE = (Path(__file__).parents[4] / "service" / "web" / "codepoints.js").as_uri()
NODE = shutil.which("node")
TEXTS = ["", "plain", "🚢🐟", "a🚢b", "é e\u0301 👩‍👩‍👧 中文\n🚢"]

pytestmark = pytest.mark.skipif(NODE is None and not os.environ.get("CI"), reason="needs Node")


def run(expression: str) -> object:
    """Return the value of a JavaScript expression that may use the module as `m`."""
    script = f"import * as m from {MODULE!r}; console.log(JSON.stringify({expression}))"
    command = [NODE or "", "--input-type=module", "--eval", script]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def test_slices_as_python_does() -> None:
    cases = [
        (text, start, end)
        for text in TEXTS
        for end in range(len(text) + 3)
        for start in range(end + 1)
    ]
    expected = [text[start:end] for text, start, end in cases]

    assert run(f"{json.dumps(cases)}.map((c) => m.slice(...c))") == expected


@pytest.mark.parametrize(
    ("start", "end", "quote", "found"),
    [
        (2, 5, "two", {"start": 3, "end": 6}),
        (0, 3, "two", {"start": 3, "end": 6}),
        (0, 3, "six", None),
        (0, 3, "", None),
    ],
)
def test_finds_a_quote_even_when_its_offsets_are_stale(
    start: int, end: int, quote: str, found: dict[str, int] | None
) -> None:
    assert run(f"m.find({json.dumps('🚢 two')}, {start}, {end}, {json.dumps(quote)})") == found
