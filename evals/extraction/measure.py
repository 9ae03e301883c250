"""Puts the questions of a set to every way of choosing sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evals.benchmarks.benchmark import Benchmark
from evals.extraction.asking import Half, ask
from evals.extraction.figures import Bin, Figure, Threshold, bins, figures, thresholds
from evals.extraction.outcome import Outcome, outcome
from evals.extraction.ways import ways
from service.reader.load import load_reader
from service.reader.minilm_reader import MiniLmReader
from service.settings import ServiceSettings


@dataclass(frozen=True)
class Extraction:
    """What was measured.

    Attributes:
        own: Whether each question was put to its own documents only.
        half: Which questions were asked.
        answerable: How many of them are.
        figures: By way of choosing, then by name.
        thresholds: What the reader's answers would be worth with other thresholds.
        bins: What the reader states and what is so: of the sentences that are shown best, and of
            all that were read.
    """

    suite: str
    own: bool
    half: Half
    questions: int
    answerable: int
    figures: Mapping[str, Mapping[str, Figure]]
    thresholds: Sequence[Threshold]
    bins: Mapping[str, Sequence[Bin]]


def measure_extraction(
    made: Benchmark,
    settings: ServiceSettings,
    own: bool,
    half: Half,
    progress: Callable[[int, int], None],
) -> Extraction:
    """Ask every question of every way of choosing; see `asking.ask`.

    Raises:
        EvalError: See `evals.errors`.
        IndexUnavailable: The index cannot be written or read.
        ReaderUnavailable: The reader cannot be loaded.
    """
    reader = MiniLmReader(lambda: load_reader(settings))
    reader.warm()
    named = ways(reader)
    outcomes: dict[str, list[Outcome]] = {name: [] for name in named}
    for asked in ask(made, settings, own, half, progress):
        for name, way in named.items():
            choice = way(asked.evidence)
            found = outcome(asked.gold, asked.cluster, choice.chosen, choice.judged)
            outcomes[name].append(found)
    read = outcomes["reader"]
    return Extraction(
        suite=str(made.suite.path),
        own=own,
        half=half,
        questions=len(read),
        answerable=sum(one.answerable for one in read),
        figures={name: figures(found) for name, found in outcomes.items()},
        thresholds=thresholds(read),
        bins={
            "best": bins([one.judged[0] for one in read if one.judged]),
            "all": bins([sentence for one in read for sentence in one.judged]),
        },
    )
