"""How many passages a language model can read: whole ones, the best first.

Each model counts tokens in its own way, and most servers do not tell how. What is counted here is
more than that for English and about as much for other scripts, so that a text that fits here fits
there: a server that is given too much cuts off its beginning, the rules, without a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.domain import Passage

_PIECE = re.compile(r"[A-Za-z]+|[0-9]+|[^\sA-Za-z0-9]")
_LETTERS, _DIGITS = 6, 3
"""So many make one token; of what is not ASCII each character does."""
CONTEXT_TOKENS = 4096
"""What Ollama's models read unless they are told otherwise."""
OVERHEAD = 24
"""What a server adds to frame two messages, and more."""


def tokens_in(text: str) -> int:
    """Return about how many tokens a text has, rather too many than too few."""
    return sum(_tokens_of(piece[0]) for piece in _PIECE.finditer(text))


def _tokens_of(piece: str) -> int:
    size = _LETTERS if piece.isalpha() else _DIGITS
    return -(-len(piece) // size) if piece.isascii() and piece.isalnum() else 1


def fitting(passages: Sequence[Passage], shown: Sequence[str], room: int) -> list[Passage]:
    """Return the first passages that fit, and the best one even if it does not.

    Args:
        passages: Best first.
        shown: How each one is shown to the model.
        room: Tokens that there are for all of them.
    """
    kept: list[Passage] = []
    for passage, text in zip(passages, shown, strict=True):
        room -= tokens_in(text)
        if room < 0 and kept:
            break
        kept.append(passage)
    return kept
