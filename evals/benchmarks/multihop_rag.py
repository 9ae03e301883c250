"""MultiHop-RAG (Tang and Yang 2024): questions over 609 news articles, most of several facts.

The articles are `corpus.json` beside the questions. A null question is unanswerable; an inference
asks for one name, so it is a factoid here. "Yes" and "no" are answers like others: writers that
quote seldom say them, so `answer_contains` says little of those.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from evals.benchmarks.benchmark import Benchmark, benchmark
from evals.benchmarks.lines import Lines, Row, read_lines
from evals.errors import SuiteError
from evals.suite import GoldQuestion, QuestionType
from ingest.characters import one_line

CORPUS = "corpus.json"
Asked = Literal["inference_query", "comparison_query", "temporal_query", "null_query"]
TYPES: dict[Asked, QuestionType] = {
    "inference_query": "factoid",
    "comparison_query": "comparison",
    "temporal_query": "temporal",
    "null_query": "unanswerable",
}


class _Fact(Row):
    title: str
    fact: str


class _Line(Row):
    id: str
    query: str
    answer: str
    question_type: Asked
    evidence_list: tuple[_Fact, ...]


def read(path: Path, folder: Path, limit: int | None = None) -> Benchmark:  # noqa: ARG001 - an Adapter
    """Read the questions; the corpus is ingested from where it lies."""
    lines = read_lines(path, _Line)
    corpus = path.parent / CORPUS
    if not corpus.is_file():
        raise SuiteError(f"there is no {str(corpus)!r}: put the set's articles beside {path.name}")
    questions = {number: _gold(lines, number, row) for number, row in lines.rows.items()}
    return benchmark(lines, questions, corpus, limit)


def _gold(lines: Lines[_Line], number: int, row: _Line) -> GoldQuestion:
    answerable = row.question_type != "null_query"
    fields: dict[str, object] = {
        "id": row.id,
        "question": row.query,
        "type": TYPES[row.question_type],
        "answerable": answerable,
    }
    if answerable:
        fields["answers"] = [[row.answer]]
        fields["evidence"] = [
            {"article": one_line(found.title) or found.title, "quote": found.fact}
            for found in row.evidence_list
        ]
    return lines.gold(number, fields)
