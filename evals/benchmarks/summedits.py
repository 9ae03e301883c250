"""SummEdits (Laban et al. 2023): does the support check notice one altered fact in a summary?

Not about questions: every sentence of a summary is checked against its document as the service
checks a sentence of an answer against the passages that it cites. A summary counts as consistent
when every sentence is `supported`.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from evals.benchmarks.benchmark import SEED
from evals.benchmarks.lines import Row, read_lines
from evals.benchmarks.quotes import sentences_of
from evals.suite import Phrase
from service.facts.quantities import missing_numbers, numbers_in
from service.verify import check
from service.writers.words import content_terms


class _Line(Row):
    id: str
    doc: Phrase
    summary: Phrase
    label: Annotated[int, Field(ge=0, le=1)]
    edit_types: tuple[str, ...] = ()

    @property
    def edited(self) -> bool:
        """Whether one fact was changed."""
        return self.label == 0


@dataclass(frozen=True)
class Count:
    """How many of some summaries were doubted."""

    doubted: int = 0
    total: int = 0

    @property
    def share(self) -> float | None:
        """The share that was doubted; None of none."""
        return self.doubted / self.total if self.total else None


@dataclass(frozen=True)
class Baseline:
    """What a simple rule makes of the same summaries."""

    rule: str
    edited: Count
    consistent: Count

    @property
    def balanced_accuracy(self) -> float | None:
        """The mean of the shares judged rightly among edited and consistent ones."""
        return _balanced(self.edited.share, self.consistent.share)


@dataclass(frozen=True)
class SupportReport:
    """What the support check made of the summaries.

    Attributes:
        edited: Those in which one fact was changed; doubting them is right.
        consistent: Those true to their documents; doubting them is a false alarm.
        by_edit: The edited ones by kind of edit; some are of several kinds.
        baselines: What simpler rules make of them.
    """

    edited: Count
    consistent: Count
    by_edit: Mapping[str, Count] = field(default_factory=dict)
    baselines: tuple[Baseline, ...] = ()

    @property
    def recall(self) -> float | None:
        """The share of edited summaries that were noticed."""
        return self.edited.share

    @property
    def false_alarms(self) -> float | None:
        """The share of consistent summaries that were doubted."""
        return self.consistent.share

    @property
    def balanced_accuracy(self) -> float | None:
        """The mean of the shares judged rightly among edited and consistent ones."""
        return _balanced(self.recall, self.false_alarms)


def measure_support(path: Path, limit: int | None = None) -> SupportReport:
    """Check the summaries of a file, or a seeded sample of `limit` of them.

    Raises:
        SuiteError: The file cannot be read or is empty.
        InvalidLine: A line has another shape.
    """
    rows = list(read_lines(path, _Line).rows.values())
    if limit is not None and limit < len(rows):
        rows = random.Random(SEED).sample(rows, limit)
    doubted = {row.id: is_doubted(row.summary, row.doc) for row in rows}
    kinds: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        for kind in row.edit_types if row.edited else ():
            kinds[kind].append(doubted[row.id])
    return SupportReport(
        edited=_count([doubted[row.id] for row in rows if row.edited]),
        consistent=_count([doubted[row.id] for row in rows if not row.edited]),
        by_edit={kind: _count(kinds[kind]) for kind in sorted(kinds)},
        baselines=(_by_numbers(rows), _by_words(rows)),
    )


def is_doubted(summary: str, document: str) -> bool:
    """Return whether the support check finds a sentence that the document does not bear out."""
    return any(check(claim, [document]).support != "supported" for claim in sentences_of(summary))


def _by_numbers(rows: Sequence[_Line]) -> Baseline:
    told = {row.id: missing_numbers(row.summary, numbers_in(row.doc)) for row in rows}
    return _baseline("a number is not in the document", rows, {n for n in told if told[n]})


def _by_words(rows: Sequence[_Line]) -> Baseline:
    """Doubt a small share of words in the document, small as fits these summaries best.

    Chosen on the summaries that it is then measured on, so it is more than the rule is worth.
    """
    shares = {row.id: _share_there(row) for row in rows}
    tried = [
        _baseline(
            f"under {least:.2f} of the words are in the document (chosen on these summaries)",
            rows,
            {name for name, share in shares.items() if share < least},
        )
        for least in (n / 20 for n in range(21))
    ]
    return max(tried, key=lambda one: one.balanced_accuracy or 0.0)


def _share_there(row: _Line) -> float:
    wanted = set(content_terms(row.summary))
    return len(wanted & set(content_terms(row.doc))) / len(wanted) if wanted else 1.0


def _baseline(rule: str, rows: Sequence[_Line], doubted: Collection[str]) -> Baseline:
    return Baseline(
        rule,
        edited=_count([row.id in doubted for row in rows if row.edited]),
        consistent=_count([row.id in doubted for row in rows if not row.edited]),
    )


def _balanced(recall: float | None, false_alarms: float | None) -> float | None:
    if recall is None or false_alarms is None:
        return None
    return (recall + 1 - false_alarms) / 2


def _count(doubted: Sequence[bool]) -> Count:
    return Count(sum(doubted), len(doubted))
