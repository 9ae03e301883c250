"""Raw text to paragraphs: hidden characters and page furniture out, every sentence kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.characters import plain, repaired
from ingest.furniture import Dropped, ends_sentence, next_story, rule_for, signature

PARAGRAPH_BREAK = "\n\n"
_LIST_ITEM = re.compile(r"(?:[-*\u2022\u2013\u2014]|\d{1,2}[.)])\s")
_WRAP_MIN, _WRAP_MAX = 50, 90
_LONGEST_WRAPPED_LINE = 100


@dataclass(frozen=True)
class Cleaned:
    """An article's text, paragraphs parted by one blank line, and what was left out of it."""

    text: str
    dropped: tuple[Dropped, ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs in order; none is empty."""
        return self.text.split(PARAGRAPH_BREAK) if self.text else []


def clean(text: str, outlet: str | None = None) -> Cleaned:
    """Return the article in `text` without the page around it.

    Args:
        text: As the file has it.
        outlet: The outlet's name where it is known, to know it again at the end.
    """
    paragraphs: list[str] = []
    dropped: list[Dropped] = []
    for line in _paragraphs(plain(repaired(text))):
        rule = rule_for(line)
        if rule:
            dropped.append(Dropped(rule, line))
        else:
            paragraphs.append(line)
    _drop_end(paragraphs, dropped, outlet)
    return Cleaned(PARAGRAPH_BREAK.join(paragraphs), tuple(dropped))


def _drop_end(paragraphs: list[str], dropped: list[Dropped], outlet: str | None) -> None:
    if signature(paragraphs, outlet):
        dropped.append(Dropped("signature", paragraphs.pop()))
    start = next_story(paragraphs)
    if start is not None:
        dropped.extend(Dropped("next story", line) for line in paragraphs[start:])
        del paragraphs[start:]


def _paragraphs(text: str) -> list[str]:
    """Take each line as a paragraph, unless the text was wrapped at a fixed width."""
    blocks = [_lines(block) for block in re.split(r"\n\s*\n", text)]
    if _is_wrapped(blocks):
        return [line for block in blocks for line in _unwrapped(block)]
    return [line for block in blocks for line in block]


def _lines(block: str) -> list[str]:
    return [line.strip() for line in block.split("\n") if line.strip()]


def _is_wrapped(blocks: Sequence[Sequence[str]]) -> bool:
    """Look at every line that another follows: like width, mid-sentence, going on in lower case."""
    pairs = [pair for block in blocks for pair in pairwise(block)]
    if not pairs or max(len(line) for block in blocks for line in block) > _LONGEST_WRAPPED_LINE:
        return False
    like_width = sum(_WRAP_MIN <= len(line) <= _WRAP_MAX for line, _ in pairs)
    open_ended = sum(not ends_sentence(line) for line, _ in pairs)
    going_on = sum(not following[0].isupper() for _, following in pairs)
    count = len(pairs)
    return like_width >= 0.7 * count and open_ended >= 0.6 * count and going_on >= 0.5 * count


def _unwrapped(block: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for line in block:
        if not joined or _LIST_ITEM.match(line):
            joined.append(line)
        else:
            hyphenated = re.search(r"[^\W\d_]-$", joined[-1])
            joined[-1] += line if hyphenated else f" {line}"
    return joined
