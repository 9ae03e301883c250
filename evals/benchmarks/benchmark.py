"""What an adapter makes of a public question set."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.benchmarks.lines import Lines, R
from evals.errors import RepeatedId
from evals.suite import GoldQuestion, Suite

SEED = 20_251_217


@dataclass(frozen=True)
class Benchmark:
    """The questions of a set, and the file or folder of articles that they are about.

    Attributes:
        documents: The URLs of the documents that a question came with, by its id; of a set whose
            questions are asked of all documents there are none.
    """

    suite: Suite
    articles: Path
    documents: Mapping[str, Sequence[str]] = field(default_factory=dict)


Adapter = Callable[[Path, Path, int | None], Benchmark]
"""Takes the set's file, a folder to write articles into, and how many questions are wanted.

Raises SuiteError when a file is missing or empty, InvalidLine for a line of another shape.
"""


def benchmark(
    lines: Lines[R],
    questions: Mapping[int, GoldQuestion],
    articles: Path,
    limit: int | None,
    documents: Callable[[int], Sequence[str]] = lambda _number: (),
) -> Benchmark:
    """Return the benchmark of the questions, by the line each stands on.

    Args:
        lines: Of the set.
        questions: By the number of the line.
        articles: What they are about.
        limit: How many are wanted.
        documents: Returns the URLs of the documents of a line.

    Raises:
        RepeatedId: Two lines have one id.
    """
    places: dict[str, int] = {}
    for number, question in questions.items():
        first = places.setdefault(question.id, number)
        if first != number:
            raise RepeatedId(
                f"{lines.path}:{number}: the id {question.id!r} is taken by line {first}"
            )
    chosen = choose(list(questions.values()), limit)
    own = {question.id: documents(places[question.id]) for question in chosen}
    return Benchmark(Suite(lines.path, lines.sha256, chosen, places), articles, own)


def choose(questions: Sequence[GoldQuestion], limit: int | None) -> tuple[GoldQuestion, ...]:
    """Return a sample in the order of the set, every type in proportion; all without a limit.

    The same questions every time, and those of a smaller limit are among those of a larger one.
    """
    if limit is None or limit >= len(questions):
        return tuple(questions)
    kinds: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        kinds[question.type, question.answerable].append(place)
    shuffle = random.Random(SEED).shuffle
    ranked: list[tuple[float, int]] = []
    for places in kinds.values():
        shuffle(places)
        ranked += [((rank + 0.5) / len(places), place) for rank, place in enumerate(places)]
    return tuple(questions[place] for place in sorted(place for _, place in sorted(ranked)[:limit]))
