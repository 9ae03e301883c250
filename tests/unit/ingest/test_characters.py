from __future__ import annotations

import unicodedata
from itertools import product

import pytest
from ftfy import fix_encoding
from ftfy.badness import is_bad
from hypothesis import given
from hypothesis import strategies as st

from ingest.characters import one_line, plain, repaired


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("a\u200bb\ufeffc\u2060d\u00ade", "abcde"),
        ("x\U000e0041\U000e0042\U000e007fy", "xy"),
        ("\u202eabc\u202c \u2066d\u2069", "abc d"),
        ("p\ue000q\U000f1234r\ud800s\x07t", "pqrst"),
        ("one\u00a0two\u2009\u3000three\tfour   five", "one two three four five"),
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf"),
        ("e\u0301", "é"),
        ("of\ufb01ce \U0001d401\U0001d428\U0001d425\U0001d41d", "office Bold"),
        ("\U0001f600\ufe0f\ufe01\U000e0101\U000e0102z", "\U0001f600\ufe0fz"),
        ("a\U000e0101b", "ab"),
        ("a\u200db\u200cc", "abc"),
    ],
)
def test_what_a_reader_cannot_see_goes(raw: str, seen: str) -> None:
    assert plain(raw) == seen


@pytest.mark.parametrize(
    "text",
    [
        "10² km, ½ of it … CO₂, №5, ™",
        "\u0645\u06cc\u200c\u062e\u0648\u0627",  # Persian needs the joiner inside the word
        "क्\u200dष",
        "\U0001f469\u200d\U0001f4bb and ❤\ufe0f\u200d\U0001f525",
        "葛\U000e0100飾",
        "Café “quoted” – naïve",
    ],
)
def test_what_a_reader_sees_stays(text: str) -> None:
    assert plain(text) == text


@given(st.text())
def test_plain_text_is_plain_and_composed(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text())
def test_one_line_is_one_line_or_none(text: str) -> None:
    line = one_line(text)
    assert line is None or (line and "\n" not in line and line == line.strip())


def test_no_run_of_the_common_marks_is_mojibake() -> None:
    marks = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026aA1 \n.$"

    assert not [run for run in map("".join, product(marks, repeat=4)) if is_bad(run)]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman", "cp1251"])
@pytest.mark.parametrize(
    "line", ["“The ferry’s late” – 5 €…", "Café\nà Zürich", "plain", "Паром опоздал", "ÂÃ"]
)
def test_encodings_are_repaired_line_by_line_as_in_the_whole(encoding: str, line: str) -> None:
    shown = line.encode().decode(encoding, "replace")
    text = f"A plain first line.\n{shown}\n{shown} twice\nand “quotes”."

    assert repaired(text) == fix_encoding(text)
