"""Questions to begin with, about whom and what the latest articles of an index speak of most."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ingest.index.reader import IndexReader
from ingest.index.rows import StoredArticle
from service.speech.attribution import speaker_in

MOST = 4
_READ = 60
"""Of the latest articles so many are read."""
_OPENING_CHARS = 2500
_OF_EACH_KIND = 2
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]+[”\"’]?(?=\s|$)")
_NAME_WORD = r"[^\W\d_a-z][\w’'-]+"
# Two words and more: one alone is often the first word of a sentence, or too much to ask about.
_NAME = re.compile(rf"(?<=[a-z,] ){_NAME_WORD}(?: {_NAME_WORD}){{1,2}}(?!\w)")
_FULL_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,3}}")
_CALENDAR = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_WITH_ARTICLE = re.compile(
    r"(?:States|Kingdom|Nations|Union|Council|Agency|Ministry|Committee|Commission|Office|Court"
    r"|Party|Bank|Company|Group|Association|Authority|Department|Service|Guard|Corps|Strait|Sea"
    r"|Canal|River|Emirates|Parliament|Assembly|Senate|Institute|University|Club|Police)$"
)


class Examples:
    """Remembers those of the generation in use: finding them takes a moment."""

    def __init__(self) -> None:
        self._known: tuple[int, list[str]] | None = None

    def of(self, reader: IndexReader) -> list[str]:
        """See `examples`."""
        if self._known is None or self._known[0] != reader.number:
            self._known = reader.number, examples(reader)
        return self._known[1]


def examples(reader: IndexReader) -> list[str]:
    """Return up to MOST questions in English, about the names of most stories."""
    keys = sorted(
        reader.articles_by_id.values(),
        key=lambda key: (key.last_day or 0, key.article_id),
        reverse=True,
    )
    read = reader.articles([key.article_id for key in keys[:_READ]]).values()
    english = [stored for stored in read if (stored.article.language or "en") == "en"]
    said, named = _speakers(english), _names(english)
    found = [f"What did {_written(name)} say?" for name in _best(said)[:_OF_EACH_KIND]]
    others = [name for name in _best(named) if not any(name in question for question in found)]
    found += [f"What is reported about {_written(name)}?" for name in others[: MOST - len(found)]]
    return found


def _speakers(articles: Sequence[StoredArticle]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for stored in articles:
        for sentence in _sentences(stored):
            speaker = speaker_in(sentence)
            if speaker and _FULL_NAME.fullmatch(speaker):
                found[speaker].add(stored.story_id)
    return found


def _names(articles: Sequence[StoredArticle]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for stored in articles:
        outlet = (stored.article.outlet or "").casefold()
        for name in _NAME.findall(stored.article.text[:_OPENING_CHARS]):
            if not _CALENDAR.search(name) and name.casefold() != outlet:
                found[name].add(stored.story_id)
    return found


def _sentences(stored: StoredArticle) -> Iterator[str]:
    return (match[0] for match in _SENTENCE.finditer(stored.article.text[:_OPENING_CHARS]))


def _best(found: Mapping[str, set[str]]) -> list[str]:
    """Return the names of most stories first, of these the longest."""
    return sorted(found, key=lambda name: (-len(found[name]), -len(name), name))


def _written(name: str) -> str:
    return f"the {name}" if _WITH_ARTICLE.search(name) else name
