"""What is asked: the question in a form that stands alone."""

from __future__ import annotations

import re

from service.domain import Question

# Words that point at something said before.
_POINTING = re.compile(
    r"\b(he|she|it|they|him|her|them|his|hers|its|their|this|those|these)\b", re.I
)
_CONTINUING = re.compile(r"^\s*(and|but|so|what about|how about)\b", re.I)
# What a question is about by name: a capital or a digit inside it.
_OWN_SUBJECT = re.compile(r"(?<=\s)[\"'“‘(]?(?:[^\W\d_a-z][\w’'-]+|\d)")
_BARE = re.compile(r"^\s*(who|whom|when|where|why|how|which|what)(\s+\w+)?\s*\?*\s*$", re.I)
MAX_EARLIER_CHARS = 400


def standalone(question: Question) -> str:
    """Return the question, with the last one asked before it when it leans on that one.

    A question leans when it names nothing itself and points at something ("when did he say it?"),
    goes on ("and the railway?"), or is little more than a question word ("why?"). Of the earlier
    question at most MAX_EARLIER_CHARS characters are taken, so that the new one keeps its weight.
    """
    asked = (turn.content.strip() for turn in question.history if turn.role == "user")
    earlier = [text for text in asked if text]
    text = question.text.strip()
    if not earlier or not _leans(text):
        return text
    return f"{earlier[-1][:MAX_EARLIER_CHARS]} {text}"


def _leans(text: str) -> bool:
    if _CONTINUING.match(text) or _BARE.match(text):
        return True
    return bool(_POINTING.search(text)) and not _OWN_SUBJECT.search(text)
