"""Whether a span can be the short answer, and whether a question is about what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.domain import Passage
from service.facts.names import OF_MANY, missing_names, words
from service.kinds import AnswerKind, can_be

MAX_WORDS = 12
MAX_NAME_WORDS = 7
_NAMES: frozenset[AnswerKind] = frozenset({"person", "place", "organisation"})
_PRONOUN = re.compile(r"(?:it|he|she|they|we|i|you)\b", re.I)
_ARTICLE = re.compile(r"(?:the|a|an) ", re.I)
_YEARS = re.compile(r"\b(?:1\d|20)\d\d\b")


def fits(text: str, kinds: tuple[AnswerKind, ...]) -> bool:
    """Tell whether a span has the form of what is asked for: a name, one date, a few words."""
    size = len(text.split())
    if not can_be(text, kinds) or size > MAX_WORDS or _PRONOUN.match(text):
        return False
    if "date" in kinds and len(_YEARS.findall(text)) > 1:
        return False
    is_name = _ARTICLE.sub("", text, count=1)[:1].isupper() and size <= MAX_NAME_WORDS
    return is_name or _NAMES.isdisjoint(kinds)


def is_strange(question: str, passages: Sequence[Passage]) -> bool:
    """Tell whether a question names somebody or something that no passage names."""
    named = missing_names(question, frozenset())
    if not named:
        return False
    sources = {passage.source.passage_id: passage.source for passage in passages}
    text = " ".join(f"{s.title} {s.outlet or ''} {s.text}" for s in sources.values())
    missing = missing_names(question, words(text))
    return any(not OF_MANY.match(name) for name in missing)
