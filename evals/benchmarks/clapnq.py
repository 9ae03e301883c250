"""CLAP NQ (Rosenthal et al. 2024): natural questions, each with a passage, half not answered by it.

An answer is a text of several sentences, which no other text will hold word for word: read
`token_f1` and the citations, not `answer_contains`. The evidence is what the first annotator
chose; another's choice may be as good, so `citation_precision` is a lower bound.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from evals.benchmarks.benchmark import Benchmark, benchmark
from evals.benchmarks.lines import Lines, Row, read_lines
from evals.benchmarks.quotes import as_ingested
from evals.benchmarks.shelf import Document, Shelf, shelve
from evals.metrics.wording import words
from evals.suite import GoldQuestion, Phrase

SITE = "https://clapnq.invalid"


class _Passage(Row):
    title: str
    text: Phrase


class _Output(Row):
    answer: str
    selected_sentences: tuple[str, ...] = ()


class _Line(Row):
    id: str
    input: str
    passages: Annotated[tuple[_Passage, ...], Field(min_length=1)]
    output: tuple[_Output, ...]

    @property
    def answered(self) -> list[_Output]:
        """The annotations that give an answer, those that say where it stands first."""
        # One annotator's whole answer is a full stop.
        given = [output for output in self.output if words(output.answer)]
        return sorted(given, key=lambda output: not output.selected_sentences)


def read(path: Path, folder: Path, limit: int | None = None) -> Benchmark:
    """Read the questions; each passage becomes an article of its own."""
    lines = read_lines(path, _Line)
    documents = [
        Document(_url(number, n), passage.text, passage.title)
        for number, row in lines.rows.items()
        for n, passage in enumerate(row.passages, 1)
    ]
    shelf = shelve(documents, folder)
    questions = {number: _gold(lines, number, row, shelf) for number, row in lines.rows.items()}
    return benchmark(lines, questions, shelf.path, limit, lambda number: _urls(lines, number))


def _urls(lines: Lines[_Line], number: int) -> list[str]:
    return [_url(number, n) for n, _ in enumerate(lines.rows[number].passages, 1)]


def _url(number: int, n: int) -> str:
    return f"{SITE}/{number}/{n}"


def _gold(lines: Lines[_Line], number: int, row: _Line, shelf: Shelf) -> GoldQuestion:
    answered = row.answered
    fields: dict[str, object] = {
        "id": row.id,
        "question": row.input,
        "type": "factoid" if answered else "unanswerable",
        "answerable": bool(answered),
    }
    if answered:
        url = _url(number, 1)
        text = shelf.texts.get(url, "")
        chosen = answered[0].selected_sentences or (answered[0].answer,)
        quotes = dict.fromkeys(as_ingested(sentence, text) for sentence in chosen)
        fields["answers"] = [[output.answer for output in answered]]
        fields["evidence"] = [{"article": url, "quote": quote} for quote in quotes]
    return lines.gold(number, fields)
