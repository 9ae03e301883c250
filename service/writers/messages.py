"""What a language model is given: the rules, the passages between delimiters, the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from prompts.loader import Prompt
from service.domain import Passage, Source
from service.writers.writer import Evidence

DECLINE_LINE = "The passages do not answer this question."
"""What the model writes when the passages do not say."""

OPENING = "<<<PASSAGE"
CLOSING = "<<<END OF PASSAGE>>>"
_DELIMITER_LIKE = re.compile("[<>\u2039\u203a\u00ab\u00bb\uff1c\uff1e\u3008-\u300b]{2,}")
_MARKER_LIKE = re.compile(
    "[\\[\u3010\u3014\uff3b]([^\\[\\]\u3010\u3011\u3014\u3015\uff3b\uff3d\n]{0,40})[\\]\u3011\u3015\uff3d]"
)
_DAY_CHARS = len("2025-12-17")


def system_message(prompt: Prompt) -> str:
    """Return the rules."""
    return prompt.render(opening=OPENING, closing=CLOSING, decline_line=DECLINE_LINE)


def user_message(prompt: Prompt, evidence: Evidence) -> str:
    """Return the passages and the question."""
    return prompt.render(
        passages=framed(evidence.passages), question=neutral(_line(evidence.question))
    )


def framed(passages: Sequence[Passage]) -> str:
    """Return the passages between delimiters that nothing inside can forge."""
    return "\n\n".join(frame(passage) for passage in passages)


def frame(passage: Passage) -> str:
    """Return one passage between its delimiters."""
    return f"{_head(passage.source)}\n{neutral(passage.source.text)}\n{CLOSING}"


def neutral(text: str) -> str:
    """Return a text without what looks like a delimiter or like a citation `[1]`."""
    text = _DELIMITER_LIKE.sub(lambda found: found[0][0], text)
    return _MARKER_LIKE.sub(_rounded, text)


def _rounded(bracket: re.Match[str]) -> str:
    """Turn `[1]` into `(1)`; an insertion without a number, as in "[he] said", stays."""
    has_number = any(character.isdecimal() for character in bracket[1])
    return f"({bracket[1]})" if has_number else bracket[0]


def _head(source: Source) -> str:
    day = source.published_at[:_DAY_CHARS] if source.published_at else "date unknown"
    known = [neutral(_line(source.outlet or "outlet unknown")), day, neutral(_line(source.title))]
    return f"{OPENING} {source.n} | {' | '.join(known)}>>>"


def _line(text: str) -> str:
    return " ".join(text.split())
