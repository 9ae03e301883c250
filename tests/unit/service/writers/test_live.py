from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.statements import compose
from service.writers import live
from service.writers.live import LiveText
from service.writers.messages import DECLINE_LINE
from tests.unit.service.articles import passage

PASSAGES = [passage(f"The harbour is {n} metres deep.", n=n) for n in range(1, 4)]
BROKEN_MARKER = re.compile(r"\[\d*$|^\d*\]")


@pytest.fixture(autouse=True)
def _always_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GAP_S", 0.0)
    monkeypatch.setattr(live, "SLOWER", 0.0)


def told(text: str, size: int = 3) -> list[str]:
    """Return what is told of a text that comes in pieces of so many characters."""
    pieces: list[str] = []
    heard = LiveText({1, 2, 3}, DECLINE_LINE, pieces.append)
    for start in range(0, len(text), size):
        heard.add(text[start : start + size])
    heard.finish(compose(text, PASSAGES).text)
    return pieces


TEXTS = [
    "The harbour is 12 metres deep [1]. Captain Lund praised it [2][3].",
    "The harbour is deep. [1] It is old. [2]",
    "The harbour is deep【1】. It is old [^2] and wide [source 3].",
    "One [1].\n\nTwo [2].\nThree [1-3].",
    "**Bold** words [1] and `code` [2].",
    "He said “It is deep. It is old.” [1] Then he left [2].",
    "- First [1].\n- Second [2].",
    "1. First [1].\n2. Second [2].\n3. Third [3].",
    "The U.S. harbour, Mr. Lund says, is 1.5 metres deep [1]. It is old [9].",
    "A sentence without any marker. Another one.",
    "It is deep.\n[1]\nIt is old [2].",
    "Trade rose [1] and [2]. Then it fell [3].",
    "According to [1] and [2], trade rose.",
    'According to one [1], Lund said: "It is deep. It is old." Then he left [2].',
    "<think>Deep [2]?\nYes.\nThe rest</think>It is deep [1]. It is old [2].",
    "Trade rose.\n**[1]**\nThen it fell.\n([2])\nSo it was.",
    "Long. " + "The harbour is deep and the ships are many and slow [1]. " * 40,
    "See ![x](https://evil.example/a?b=c) and [here](http://evil.example) it is [1].",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", [1, 4, 17])
def test_what_is_told_is_the_finished_text_in_pieces(text: str, size: int) -> None:
    pieces = told(text, size)

    assert "".join(pieces) == compose(text, PASSAGES).text
    assert not any(BROKEN_MARKER.search(piece) for piece in pieces)
    assert not any("evil" in piece for piece in pieces)


@pytest.mark.parametrize("text", TEXTS[:4])
def test_words_are_told_long_before_the_text_is_finished(text: str) -> None:
    assert len(told(text)) > text.count(" ") / 2


def test_a_line_that_declines_is_not_told() -> None:
    pieces: list[str] = []
    heard = LiveText({1}, DECLINE_LINE, pieces.append)

    for character in DECLINE_LINE:
        heard.add(character)

    assert pieces == []


def test_what_begins_like_a_declining_line_is_told_once_it_is_another() -> None:
    assert "".join(told("The passages do say it [1].")) == "The passages do say it. [1]"


def test_looks_are_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GAP_S", 60.0)

    assert len(told("The harbour is deep and old and wide [1]. " * 5)) == 2


_PIECES = """
The ship [1] [2][3] [9] ( ) 12% “Yes.” U.S. *so* - it. Lund <b> `x http://evil.example/ said 1.
[ ] 【1】. and **[1]** ([1]) (source 2) _so_ , ;
"""
WORDS = st.sampled_from([*_PIECES.split(), "\n"])


@settings(max_examples=1500, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=40), st.integers(1, 9))
def test_whatever_comes_nothing_unfit_is_told(words: list[str], size: int) -> None:
    text = " ".join(words)

    pieces = told(text, size)

    assert compose(text, PASSAGES).text.startswith("".join(pieces))
    assert not any("evil" in piece or "http" in piece for piece in pieces)
    assert set(re.findall(r"\[(\d+)\]", "".join(pieces))) <= {"1", "2", "3"}


@pytest.mark.parametrize("sign", ["!", "[", "1 2 3 ", "\n", "- ", "_a*b`c|", ". "])
def test_what_never_becomes_a_word_is_looked_at_ever_less_often(
    sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr(live, "SLOWER", 50)
    monkeypatch.setattr(LiveText, "_settle", lambda _: looks.append(1))
    heard = LiveText({1}, DECLINE_LINE, lambda _: None)

    for _ in range(3000):
        heard.add(sign)

    assert len(looks) < 1500
