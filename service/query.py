"""What is asked: the question in a form that stands alone."""

from __future__ import annotations

import re

from service.domain import Question

# Words that point at something said before; a question with one of them leans on the last one.
_POINTING = re.compile(
    r"\b(he|she|it|they|him|her|them|his|hers|its|their|that|this|those|these|there|then)\b", re.I
)
_CONTINUING = re.compile(
    r"^\s*(and|but|so|what about|how about|why|when|where|who)\b[^?]{0,40}\?", re.I
)
_WORD = re.compile(r"\w+")
SHORT_WORDS = 4


def standalone(question: Question) -> str:
    """Return the question with the last one asked before it, when it leans on that one.

    A question leans on the last one when it points at something ("when did he say it?"), opens by
    continuing ("and why?"), or has at most SHORT_WORDS words.
    """
    earlier = [turn.content.strip() for turn in question.history if turn.role == "user"]
    text = question.text.strip()
    if not earlier or not _leans(text):
        return text
    return f"{earlier[-1]} {text}"


def _leans(text: str) -> bool:
    short = len(_WORD.findall(text)) <= SHORT_WORDS
    return short or bool(_CONTINUING.match(text)) or bool(_POINTING.search(text))
