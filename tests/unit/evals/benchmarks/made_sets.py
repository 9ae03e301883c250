"""Sets of a few lines made up for the tests, and where the public ones lie, if anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evals
from evals.benchmarks import BENCHMARKS, Benchmark
from evals.benchmarks.shelf import articles_of
from evals.metrics.wording import one_spaced

SETS = Path(evals.__file__).parents[2] / "shared" / "benchmarks"
at_hand = pytest.mark.skipif(not SETS.is_dir(), reason="the public sets are not at hand")


def written(folder: Path, *records: object) -> Path:
    """Write a set of one record a line."""
    path = folder / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return path


def read(name: str, folder: Path, *records: object) -> Benchmark:
    """Write a set of these records and read it."""
    return BENCHMARKS[name](written(folder, *records), folder / "articles", None)


def read_public(name: str, file: str, folder: Path) -> Benchmark:
    """Read a public set whole."""
    return BENCHMARKS[name](SETS / file, folder, None)


def texts(benchmark: Benchmark) -> dict[str, str]:
    """Return what is ingested of a set's articles, by title and by URL."""
    found = list(articles_of(benchmark.articles))
    by_title = {article.title: article.text for article in found}
    return by_title | {article.url: article.text for article in found if article.url}


def lost_quotes(benchmark: Benchmark) -> list[str]:
    """Return the gold quotes that are not in the article they name."""
    spaced = {name: one_spaced(text) for name, text in texts(benchmark).items()}
    return [
        evidence.quote
        for question in benchmark.suite.questions
        for evidence in question.evidence
        if one_spaced(evidence.quote) not in spaced.get(evidence.article, "")
    ]


def counts(benchmark: Benchmark) -> dict[str, int]:
    """Return how many questions there are of each type."""
    types = [question.type for question in benchmark.suite.questions]
    return {name: types.count(name) for name in sorted(set(types))}
