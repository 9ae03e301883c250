"""What the service would hand to a writer for each question of a set."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evals.benchmarks.benchmark import Benchmark
from evals.suite import GoldQuestion
from evals.temporary_index import index_of
from service.bootstrap import open_retriever
from service.domain import DEFAULT_K, MAX_K
from service.local import LocalRetriever
from service.query.followup import standalone
from service.settings import ServiceSettings
from service.writers.writer import Evidence

Half = Literal["all", "fitted", "kept"]
"""Probabilities are fitted on one half of the articles of a set and reported on the other."""


@dataclass(frozen=True)
class Asked:
    """One question and what is found for it.

    Attributes:
        cluster: Questions of one cluster rest on one document.
    """

    gold: GoldQuestion
    cluster: str
    evidence: Evidence


def ask(
    made: Benchmark,
    settings: ServiceSettings,
    own: bool,
    half: Half,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[Asked]:
    """Yield the questions of a set with their evidence.

    Args:
        made: The set.
        settings: What embeds.
        own: Leave only the documents that a question came with, of those that are found; else
            leave what a question of the service would find.
        half: Which questions.
        progress: Called with the questions done and all.

    Raises:
        EvalError: See `evals.errors`.
        IndexUnavailable: The index cannot be written or read.
    """
    named = [(one, _cluster(one, made.documents.get(one.id, ()))) for one in made.suite.questions]
    wanted = [(one, cluster) for one, cluster in named if half in ("all", half_of(cluster))]
    with index_of(made.articles, settings) as index, open_retriever(index.settings) as retriever:
        for n, (gold, cluster) in enumerate(wanted):
            progress(n, len(wanted))
            documents = made.documents.get(gold.id, ()) if own else None
            yield Asked(gold, cluster, _evidence(retriever, gold, documents))


def half_of(cluster: str) -> Half:
    """Return the half that a cluster is in, by its hash: nobody chose."""
    return "kept" if hashlib.sha256(cluster.encode()).digest()[0] % 2 else "fitted"


def _evidence(
    retriever: LocalRetriever, gold: GoldQuestion, documents: Sequence[str] | None
) -> Evidence:
    asked = gold.asked()
    text = standalone(asked, retriever.outlets_in)
    found = retriever.find(text, asked.filters, DEFAULT_K if documents is None else MAX_K).evidence
    if documents is None:
        return found
    pairs = zip(found.passages, found.closeness, strict=True)
    left = [pair for pair in pairs if pair[0].source.url in documents]
    return replace(
        found,
        passages=[passage for passage, _ in left],
        closeness=[cosines for _, cosines in left],
    )


def _cluster(gold: GoldQuestion, documents: Sequence[str]) -> str:
    """Return the first document that a question is about."""
    about = [*documents, *sorted(evidence.article for evidence in gold.evidence)]
    return about[0] if about else gold.id
