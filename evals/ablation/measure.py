"""Asks every question of every variant, from one index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from evals.ablation.sliding import cut_anew
from evals.ablation.variants import DEPTH, VARIANTS, Ranked, Variant, plain_searches, texts_of
from evals.metrics.facts import facts_of
from evals.metrics.retrieval import figures_of
from evals.suite import GoldQuestion, Suite
from evals.temporary_index import index_of
from ingest.domain import EmbedderId, Filters
from ingest.embed.embedder import Embedder
from ingest.embed.select import make_embedder
from ingest.index.library import Library
from ingest.index.reader import IndexReader
from service.local import LocalRetriever
from service.query.followup import standalone
from service.settings import ServiceSettings

Search = Callable[[str, Filters], list[str]]


@dataclass(frozen=True)
class Row:
    """What one variant found.

    Attributes:
        figures: Means over the questions, by metric.
        by_type: The same over the questions of each type.
        milliseconds: Median of a question, embedding included.
    """

    name: str
    figures: Mapping[str, float]
    by_type: Mapping[str, Mapping[str, float]]
    milliseconds: float


@dataclass(frozen=True)
class Ablation:
    """A table of variants.

    Attributes:
        questions: How many have evidence, and were asked.
        passages: In the index.
    """

    suite: str
    questions: int
    passages: int
    rows: tuple[Row, ...]


def measure_ablation(
    suite: Suite,
    articles: Path,
    settings: ServiceSettings,
    progress: Callable[[int, int], None],
    overlapping: bool = False,
) -> Ablation:
    """Ask the questions that have evidence of each variant, one at a time.

    Every variant is asked a follow-up in the form that stands alone, made by rules.

    Args:
        suite: The questions.
        articles: What they are about.
        settings: What embeds.
        progress: Called with the rows done and all.
        overlapping: Cut the articles as the paper of MultiHop-RAG does; see `sliding`.

    Raises:
        EvalError: See `evals.errors`.
        IndexUnavailable: The index cannot be written or read.
    """
    asked = [question for question in suite.questions if facts_of(question)]
    with ExitStack() as opened:
        index = opened.enter_context(index_of(articles, settings))
        if overlapping:
            index = opened.enter_context(cut_anew(index))
        library = Library(index.settings.data_dir)
        try:
            searches = _Searches(library, index.settings)
            texts = [searches.asked(question) for question in asked]
            named = dict(searches.by_name())
            rows = []
            for n, (name, search) in enumerate(named.items()):
                progress(n, len(named))
                rows.append(_row(name, search, list(zip(texts, asked, strict=True))))
            passages = library.run(lambda reader: reader.manifest.passages)
        finally:
            library.close()
    return Ablation(str(suite.path), len(asked), passages, tuple(rows))


class _Searches:
    """Every row's search of one library, with one embedder for all."""

    def __init__(self, library: Library, settings: ServiceSettings) -> None:
        self._library = library
        self._settings = settings
        self._made: dict[EmbedderId, Embedder] = {}
        self._whole = LocalRetriever(library, self.embedder)

    def embedder(self, identity: EmbedderId) -> Embedder:
        if identity not in self._made:
            self._made[identity] = make_embedder(self._settings, identity)
        return self._made[identity]

    def by_name(self) -> Iterator[tuple[str, Search]]:
        for variant in VARIANTS:
            retriever = LocalRetriever(self._library, self.embedder, variant.tuning)
            yield variant.name, partial(_found, retriever, variant)
        for name, rank in plain_searches().items():
            yield name, partial(self._plainly_found, rank)

    def _plainly_found(self, rank: Ranked, text: str, filters: Filters) -> list[str]:
        def find(reader: IndexReader) -> list[str]:
            embedder = self.embedder(reader.manifest.embedder.identity())
            return list(texts_of(reader, rank(reader, embedder, text, filters)))

        return self._library.run(find)

    def asked(self, question: GoldQuestion) -> str:
        """Return a question as it stands alone."""
        return standalone(question.asked(), self._whole.outlets_in)


def _found(retriever: LocalRetriever, variant: Variant, text: str, filters: Filters) -> list[str]:
    found = retriever.find(text, filters, DEPTH, variant.disregard)
    return [hit.text for hit in found.hits]


def _row(name: str, search: Search, asked: Sequence[tuple[str, GoldQuestion]]) -> Row:
    figures: list[dict[str, float]] = []
    took: list[float] = []
    for text, question in asked:
        started = time.perf_counter()
        texts = search(text, question.asked().filters)
        took.append((time.perf_counter() - started) * 1000)
        figures.append(figures_of(texts, facts_of(question)))
    types = sorted({question.type for _, question in asked})
    by_type: dict[str, Mapping[str, float]] = {
        kind: _means([f for f, (_, q) in zip(figures, asked, strict=True) if q.type == kind])
        for kind in types
    }
    return Row(name, _means(figures), by_type, float(np.median(took)))


def _means(figures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([one[name] for one in figures])) for name in figures[0]}
