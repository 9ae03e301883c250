from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from service.plain import JOINERS, plain, unlinked

PIECES = st.sampled_from(
    [
        *("\x1b[31m", "\x9b", "\x00", "\x85", "\u202e", "\u2066", "\u2069", "\u200e", "\u061c"),
        *("\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad", "\U000e0041", "\ue000", "\ufff9"),
        *("<b>", "</b>", "<", ">", "`", "*", "**", "_", "|", "- ", "# ", "1. ", "2. ", "[1]", "["),
        *("](", ")", "(", "![", "https://x.example/", "word", "می", " ", "\n", "\t", "\r\n", "."),
        *("&#27;", "&#x202e;", "&lt;", "&gt;", "&amp;", "&#8203;"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text())


@settings(max_examples=500)
@given(TEXTS)
def test_nothing_unseen_is_left(text: str) -> None:
    for shown in (plain(text), unlinked(text)):
        kept = [sign for sign in shown if sign not in f"\n{JOINERS}"]
        assert [sign for sign in kept if unicodedata.category(sign)[0] == "C"] == []


@settings(max_examples=500)
@given(TEXTS)
def test_what_is_plain_grows_no_more(text: str) -> None:
    shown = plain(text)

    assert len(shown) <= len(text) + text.count("](") + text.count("![") + len(text)
    assert shown == shown.strip()
    assert "\n\n" not in shown
    assert "  " not in shown
