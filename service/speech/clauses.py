"""A sentence of news cut into words, marks, and quotations that count as one token each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

QUOTE = "“”"
"""The text of a token that stands for a quotation."""

# The lookahead keeps the dateline's place in capitals: "TEHRAN, Feb. 25 (Wire) – ".
_DATELINE = re.compile(r"(?=[A-ZÀ-Þ]{2})[A-ZÀ-Þ][^–—a-z“\"]{1,40}[^–—“\"]{0,50}? ?(?:–|—| -{1,2}) ")
_PARENTHESIS = re.compile(r"\([^()]{1,80}\)")
_TOKEN = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Rev|St|Fr|Jr|Sr)\."
    r"|[^\W\d_]\.(?:[^\W\d_]\.)*|[^\W_]+(?:[-.'’&/][^\W_]+)*|&|[^\w\s]"
)
_MARKS = re.compile(r"[\"“”«»]|(?<!\w)‘|(?<=[^\s\w])’")
_OPEN, _CLOSE = "“«‘", "”»’"


class Token(NamedTuple):
    """A word, a mark, or a quotation.

    Attributes:
        start: Offset in the sentence; so is `end`.
        low: The token in lower case.
        is_word: Whether it is neither a mark nor a quotation.
    """

    text: str
    start: int
    end: int
    low: str
    is_word: bool


def _token(text: str, start: int, end: int) -> Token:
    return Token(text, start, end, text.casefold(), text[0].isalnum() or text == "&")


@dataclass(frozen=True)
class Clauses:
    """A sentence.

    Attributes:
        quoted: How many of its characters are quoted.
        leaves_open: Whether a quotation goes on in the next sentence.
    """

    text: str
    tokens: tuple[Token, ...]
    quoted: int
    leaves_open: bool


def cut(sentence: str, in_quotation: bool = False) -> Clauses:
    """Return the tokens of a sentence that may begin within a quotation."""
    spans, leaves_open = _quotations(sentence, in_quotation)
    bare = _without_asides(sentence)
    tokens: list[Token] = []
    position = 0
    for start, end in [*spans, (len(sentence), len(sentence))]:
        tokens += [_token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(bare, position, start)]
        if end > start:
            tokens.append(_token(QUOTE, start, end))
        position = end
    return Clauses(sentence, tuple(tokens), sum(e - s for s, e in spans), leaves_open)


def _without_asides(sentence: str) -> str:
    """Blank a dateline and what stands in brackets."""
    dateline = _DATELINE.match(sentence)
    if dateline:
        sentence = " " * dateline.end() + sentence[dateline.end() :]
    return _PARENTHESIS.sub(lambda found: " " * len(found[0]), sentence)


def _quotations(sentence: str, is_open: bool) -> tuple[list[tuple[int, int]], bool]:
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in _MARKS.finditer(sentence):
        opens = _opens(sentence, mark)
        if is_open and opens and not spans and not start and mark[0] != "‘":
            # The one that seemed to go on was never closed, as at the end of a paragraph.
            is_open = False
        if not is_open and opens:
            start, is_open = mark.start(), True
        elif not opens and (is_open or not spans):
            # A quotation that began in a sentence that is not known ends here.
            spans.append((start, mark.end()))
            is_open = False
    if is_open:
        spans.append((start, len(sentence)))
    return spans, is_open


def _opens(sentence: str, mark: re.Match[str]) -> bool:
    if mark[0] != '"':
        return mark[0] in _OPEN
    before = sentence[mark.start() - 1 : mark.start()]
    return not before or before.isspace() or before in "([–—-"


def text_of(sentence: str, tokens: Sequence[Token]) -> str:
    """Return the words of a sentence from the first of some tokens to the last."""
    return " ".join(sentence[tokens[0].start : tokens[-1].end].split()) if tokens else ""
