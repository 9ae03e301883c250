from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from ingest import logs

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
PIECES = st.sampled_from(
    [
        *("\x1b", "[", "31", "m", "]", "0;title", "\x07", "\x9b", "\x1b\x1b[31m", "(B", "\r\n"),
        *("\x00", "\x08", "\x7f", "\x85", "\u2028", "\u2029", "\t", "word", " ", *sorted(BIDI)),
    ]
)
TEXTS = st.one_of(st.lists(PIECES).map("".join), st.text())


def acts(text: str, kept: str) -> list[str]:
    """Return what a terminal would act upon."""
    controls = {"Cc", "Zl", "Zp"}
    return [
        sign
        for sign in text
        if sign in BIDI or (unicodedata.category(sign) in controls and sign not in kept)
    ]


@given(TEXTS)
@example("\x1b[3\x1b[31m1mred")
def test_a_line_has_nothing_left_to_act_upon_and_stays_so(text: str) -> None:
    shown = logs.without_controls(text)

    assert acts(shown, kept="\t") == []
    assert logs.without_controls(shown) == shown


@given(TEXTS, st.sampled_from(["event", "failure", "exception", "stack"]))
def test_a_traceback_keeps_its_lines_and_nothing_else(text: str, name: str) -> None:
    fields = logs.plain(None, "info", {name: text, "ms": 1})
    again = logs.plain(None, "info", dict(fields))

    assert acts(fields[name], kept="\t" if name == "event" else "\t\n") == []
    assert (again, fields["ms"]) == (fields, 1)
