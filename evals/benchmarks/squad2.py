"""SQuAD 2.0 (Rajpurkar et al. 2018): questions on Wikipedia paragraphs, half not answered there.

All paragraphs are in one index, so a question that its own paragraph does not answer may be
answered by another: `abstention_recall` is a lower bound.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from evals.benchmarks.benchmark import Benchmark, benchmark
from evals.benchmarks.lines import Lines, Row, read_lines
from evals.benchmarks.quotes import as_ingested
from evals.benchmarks.shelf import Document, shelve
from evals.metrics.wording import words
from evals.suite import GoldQuestion, Phrase
from ingest.domain import Span
from ingest.sentences import sentences

SITE = "https://squad2.invalid"


class Line(Row):
    """A question with its paragraph; `answer_starts` has one place an annotator."""

    id: str
    title: str
    context: Phrase
    question: str
    answers: tuple[str, ...]
    answer_starts: tuple[int, ...]
    is_impossible: bool


def read(path: Path, folder: Path, limit: int | None = None) -> Benchmark:
    """Read the questions; each paragraph becomes one article, however many ask about it."""
    lines = read_lines(path, Line)
    titles = {row.context: row.title for row in lines.rows.values()}
    urls = {context: f"{SITE}/{n}" for n, context in enumerate(titles, 1)}
    shelf = shelve([Document(urls[text], text, title) for text, title in titles.items()], folder)
    spans = {context: sentences(context, "en") for context in titles}
    questions: dict[int, GoldQuestion] = {}
    for number, row in lines.rows.items():
        url = urls[row.context]
        quote = as_ingested(_evidence(row, spans[row.context]), shelf.texts.get(url, ""))
        questions[number] = _gold(lines, number, url, quote)
    return benchmark(
        lines, questions, shelf.path, limit, lambda number: [urls[lines.rows[number].context]]
    )


def _evidence(row: Line, spans: list[Span]) -> str:
    """Return the sentence in which most annotators marked an answer; the first without one."""
    marked = Counter(
        span for start in row.answer_starts for span in spans if span.start <= start < span.end
    )
    most = marked.most_common(1)[0][0] if marked else spans[0]
    return row.context[most.start : most.end]


def _gold(lines: Lines[Line], number: int, url: str, quote: str) -> GoldQuestion:
    row = lines.rows[number]
    fields: dict[str, object] = {
        "id": row.id,
        "question": row.question,
        "type": "unanswerable" if row.is_impossible else "factoid",
        "answerable": not row.is_impossible,
    }
    if not row.is_impossible:
        # Some annotators marked a full stop.
        fields["answers"] = [[answer for answer in row.answers if words(answer)]]
        fields["evidence"] = [{"article": url, "quote": quote}]
    return lines.gold(number, fields)
