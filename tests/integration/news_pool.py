"""A small pool of made-up articles for properties of retrieval: copies, open dates, long texts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

from ingest.domain import Precision, PublicationDate
from ingest.index.rows import Indexed
from tests.integration.index.conftest import entry

OUTLETS = ("Harbour Post", "Lantern", "Courier - Sport", "Courier - Sea")
VOCABULARY = (
    "harbour ferry storm wheat prices bread strike bridge rain mayor tariff Orlov Araghchi Norland "
    "sank fell rose closed opened 12 40 percent Monday children bakers"
)
WORDS = VOCABULARY.split()
PRECISIONS: tuple[Precision, ...] = ("day", "day", "month", "year", "unknown")
SENTENCE_PIECES = 70


def pool(seed: int = 1, articles: int = 16) -> list[Indexed]:
    """Return articles of one to four passages; every fourth is a copy of the one before it."""
    chance = random.Random(seed)
    made: list[Indexed] = []
    text = ""
    for n in range(articles):
        if n % 4 != 3:
            text = "\n".join(_sentence(chance) for _ in range(chance.randint(1, 4)))
        made.append(_dated(entry(f"a{n:02d}", text, OUTLETS[chance.randrange(4)]), chance))
    return made


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(8, 14))).capitalize() + "."


def _dated(item: Indexed, chance: random.Random) -> Indexed:
    """Return an article with a date of some precision and with counted sentences."""
    precision = chance.choice(PRECISIONS)
    day, month = chance.randint(1, 28), chance.randint(1, 3)
    at = {
        "day": datetime(2025, month, day, tzinfo=UTC),
        "month": datetime(2025, month, 1, tzinfo=UTC),
        "year": datetime(2025, 1, 1, tzinfo=UTC),
    }.get(precision)
    published = PublicationDate(at, precision, "text" if at else "unknown")
    counted = [replace(p, sizes=(SENTENCE_PIECES,) * len(p.sentences)) for p in item.passages]
    article = replace(item.article, published=published)
    return replace(item, article=article, passages=tuple(counted))
