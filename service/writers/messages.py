"""What a language model is given: the rules, the passages between delimiters, the question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from prompts.loader import Prompt
from service.domain import Passage, Source
from service.markers import defused
from service.plain import JOINERS
from service.published import day_shown
from service.writers.writer import Evidence

DECLINE_LINE = "The passages do not answer this question."
"""What the model writes when the passages do not say."""

OPENING = "<<<PASSAGE"
CLOSING = "<<<END OF PASSAGE>>>"
_ANGLES = (
    "<>\u2039\u203a\u00ab\u00bb\u226a\u226b\u22d8\u22d9\u276c-\u2771"
    "\u27e8-\u27eb\u3008-\u300b\uff1c\uff1e"
)
_DELIMITER_LIKE = re.compile(rf"[{_ANGLES}](?:[^\S\n]*[{_ANGLES}])+")


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
    # What nobody sees could part a delimiter that a model then reads as one.
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf" or c in JOINERS)
    return defused(_DELIMITER_LIKE.sub(lambda found: found[0][0], seen))


def _head(source: Source) -> str:
    day = day_shown(source) or "date unknown"
    known = [_field(source.outlet or "outlet unknown"), day, _field(source.title)]
    return f"{OPENING} {source.n} | {' | '.join(known)}>>>"


def _field(text: str) -> str:
    """Return one field of a head: on one line, and no two."""
    return neutral(_line(text)).replace("|", "/")


def _line(text: str) -> str:
    return " ".join(text.split())
