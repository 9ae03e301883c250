"""A model's text cut into deltas in every way: what is told is fit to be shown all the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.plain import JOINERS
from service.statements import compose
from service.writers import live
from service.writers.live import LiveText
from service.writers.messages import DECLINE_LINE
from tests.unit.service.articles import passage

PASSAGES = [passage(f"The harbour is {n} metres deep.", n=n) for n in range(1, 4)]
NUMBERS = {1, 2, 3}
RENDERED = re.compile(
    r"<[A-Za-z/!?]|\]\(|!\[|[a-z]:/+\w|\b(?:javascript|data|vbscript):\S|`|\bwww\.|example[/?#:]",
    re.I,
)
HOSTILE = (
    "<script>alert(1)</script>",
    "<script>evil",
    "<img src=x onerror=evil()>",
    "<a href='https://evil.example'>here</a>",
    "&lt;script&gt;evil&lt;/script&gt;",
    "javascript:evil()",
    "[here](javascript:evil())",
    "[here](https://evil.example/?q=1)",
    "[1](https://evil.example)",
    "![pixel](https://evil.example/a.png)",
    "![pixel][1]",
    "data:text/html,evil",
    "https://evil.example/a",
    "www.evil.example",
    "ht\u200btps://evil.example",
    "\u202ePDF\u202c",
    "\u2066left\u2069",
    "\u061c\u200e\u200f",
    "\x1b[31mred\x1b[0m",
    "\x00\x07\x9b31m",
    "\U000e0041\ufeff\u00ad",
    "[9]",
    "[1][42]",
    "[2-7]",
    "[^99]",
    "(source 8)",
    "\u30107\u3011",
    "\uff3b\uff19\uff3d",
    "[[1]",
    "[1",
    "1]",
    "<a",
    "href=https://evil.example/a>",
    "![x",
    "[x",
    "](https://evil.example/a)",
    "<style>evil",
    "</style>",
)
HARMLESS = ("The harbour is deep [1].", "Lund said", "it is old [2]", "so. And", ".", " ", "\n")
WRITTEN = st.lists(st.sampled_from([*HOSTILE, *HARMLESS, " "]), min_size=1, max_size=10)


@pytest.fixture(autouse=True, scope="module")
def _always_look() -> Iterable[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "GAP_S", 0.0)
        patch.setattr(live, "SLOWER", 0.0)
        yield


def told(pieces: Iterable[str]) -> list[str]:
    """Return what is told of a text that comes in these pieces, and of its end."""
    deltas: list[str] = []
    heard = LiveText(NUMBERS, DECLINE_LINE, deltas.append)
    text = ""
    for piece in pieces:
        heard.add(piece)
        text += piece
    heard.finish(compose(text, PASSAGES).text)
    return deltas


def faults(shown: str) -> list[str]:
    """Return what must not be in a text that is shown."""
    unseen = [c for c in shown if unicodedata.category(c)[0] == "C" and c not in f"\n{JOINERS}"]
    invented = [n for n in re.findall(r"\[(\d+)\]", shown) if int(n) not in NUMBERS]
    return [*unseen, *invented, *RENDERED.findall(shown)]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "See {} now [1].", "It is deep [1].{}It is old [2]."])
def test_no_cut_in_two_lets_anything_hostile_through(piece: str, around: str) -> None:
    text = around.format(piece)
    whole = compose(text, PASSAGES).text

    for at in range(len(text) + 1):
        shown = "".join(told((text[:at], text[at:])))
        assert (faults(shown), whole.startswith(shown)) == ([], True), at


@settings(max_examples=150)
@given(WRITTEN, st.sampled_from(["", " "]))
def test_a_cut_after_every_character_lets_nothing_through(words: list[str], gap: str) -> None:
    text = gap.join(words)
    deltas = told(text)

    assert compose(text, PASSAGES).text.startswith("".join(deltas))
    assert [faults("".join(deltas[: n + 1])) for n in range(len(deltas))] == [[]] * len(deltas)


@settings(max_examples=300)
@given(WRITTEN, st.sampled_from(["", " "]), st.data())
def test_cuts_anywhere_let_nothing_through(words: list[str], gap: str, data: st.DataObject) -> None:
    text = gap.join(words)
    places = st.sets(st.integers(0, len(text)), max_size=12)
    cuts = sorted({0, len(text), *data.draw(places)})
    shown = "".join(told(text[start:end] for start, end in pairwise(cuts)))

    assert compose(text, PASSAGES).text.startswith(shown)
    assert faults(shown) == []


@settings(max_examples=300)
@given(WRITTEN, st.sampled_from(["", " "]))
def test_a_finished_text_is_fit_to_be_shown(words: list[str], gap: str) -> None:
    composed = compose(gap.join(words), PASSAGES)

    assert faults(composed.text) == []
    for statement in composed.statements:
        assert composed.text[statement.start : statement.end].startswith(statement.text)
        assert {citation.source for citation in statement.citations} <= NUMBERS


def test_markers_without_end_are_read_to_their_end() -> None:
    text = "1. Storks came.\n" + ".[1] " * 3000

    shown = "".join(told([text[:9000], text[9000:]]))

    assert compose(text, PASSAGES).text.startswith(shown)
