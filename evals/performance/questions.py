"""What a benchmark of retrieval asks: questions from a file, or made of the articles' sentences."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field

from evals.benchmarks.lines import Row, read_lines
from evals.performance.recombined import DAYS, FIRST_DAY, outlet_shares, outlets
from evals.performance.sentences import Sentences
from ingest.domain import Filters

Kind = Literal["short", "long", "outlet", "dated", "given"]
Filtered = Literal["none", "outlet", "dates", "outlet and dates"]
KINDS: tuple[Kind, ...] = ("short", "long", "outlet", "dated")
FILTERED: tuple[Filtered, ...] = ("none", "outlet", "dates", "outlet and dates")

SEED = 2
# Texts made for each question that is wanted, before there are no more to be found.
TRIES = 20
RANGES_DAYS = (30, 90, 365)
# Least and most words taken from the articles.
SHORT_WORDS = (3, 6)
PART_WORDS = (11, 17)
NAMED_WORDS = (5, 10)


@dataclass(frozen=True)
class Asked:
    """A question, and what it is filtered by where filters are measured.

    Attributes:
        kind: `given` when it is from a file.
        outlet: One outlet, a frequent one more often than a rare one.
        first: First day of a range of dates.
        last: Its last day.
    """

    text: str
    kind: Kind
    outlet: str
    first: date
    last: date

    def filters(self, filtered: Filtered) -> Filters:
        """Return the filters of one measurement."""
        chosen = Filters()
        if filtered in ("outlet", "outlet and dates"):
            chosen = replace(chosen, outlets=(self.outlet,))
        if filtered in ("dates", "outlet and dates"):
            chosen = replace(chosen, published_after=self.first, published_before=self.last)
        return chosen


class _Line(Row):
    question: str = Field(validation_alias=AliasChoices("question", "query"), min_length=1)


def read_questions(file: Path, found: Sentences) -> list[Asked]:
    """Return the different questions of a file, each with filters that fit the made articles.

    Args:
        file: JSON Lines with `question` or `query`; other fields are left out.
        found: What the articles are made of.

    Raises:
        SuiteError: The file cannot be read, or a line is no question.
    """
    rng = random.Random(SEED)
    texts = dict.fromkeys(row.question for row in read_lines(file, _Line).rows.values())
    return [_with_filters(text, "given", found, rng) for text in texts]


def made_questions(found: Sentences, count: int) -> list[Asked]:
    """Return so many different questions, the kinds in turn, the same in every run.

    Of very few sentences there are not so many; then fewer come back.
    """
    rng, made = random.Random(SEED), dict[str, Asked]()
    for kind in islice(cycle(KINDS), TRIES * count):
        if len(made) == count:
            break
        text = _text(kind, found, rng)
        if text not in made:
            made[text] = _with_filters(text, kind, found, rng)
    return list(made.values())


def _with_filters(text: str, kind: Kind, found: Sentences, rng: random.Random) -> Asked:
    outlet = rng.choices(outlets(found), outlet_shares().tolist())[0]
    length = rng.choice(RANGES_DAYS)
    first = FIRST_DAY.date() + timedelta(days=rng.randrange(DAYS - length))
    return Asked(text, kind, outlet, first, first + timedelta(days=length - 1))


def _text(kind: Kind, found: Sentences, rng: random.Random) -> str:
    if kind == "short":
        return _words(found.texts, SHORT_WORDS, rng)
    if kind == "long":
        one, other = (_words(found.texts, PART_WORDS, rng) for _ in range(2))
        return f"What is reported about {one}, and does it agree with {other}?"
    words = _words(found.texts, NAMED_WORDS, rng)
    if kind == "outlet":
        return f"What did {rng.choice(outlets(found))} say about {words}?"
    day = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    return f"What was known on {day:%-d %B %Y} about {words}?"


def _words(texts: Sequence[str], bounds: tuple[int, int], rng: random.Random) -> str:
    """Return a run of words of a sentence, and of the next ones drawn where it is too short."""
    wanted = rng.randint(*bounds)
    words = list(_drawn(texts, wanted, rng))
    start = rng.randint(0, len(words) - wanted)
    return " ".join(words[start : start + wanted]).strip(" .,;:!?")


def _drawn(texts: Sequence[str], wanted: int, rng: random.Random) -> Iterator[str]:
    drawn = 0
    while drawn < wanted:
        words = rng.choice(texts).split()
        drawn += len(words)
        yield from words
