"""RAMDocs (Wang et al. 2025): documents that support several answers, false ones and noise.

Two people or films of one name give two right answers. Answers given by documents of
misinformation are positions like the right ones, and nothing is forbidden: see `claims`. Some right
answers are in no document that the set brings; they are asked for only where there is no other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from evals.benchmarks.benchmark import Benchmark, benchmark
from evals.benchmarks.claims import Claim, conflict_fields
from evals.benchmarks.lines import Lines, Row, read_lines
from evals.benchmarks.shelf import Document, Shelf, shelve
from evals.metrics.wording import words
from evals.suite import GoldQuestion, Phrase

SITE = "https://ramdocs.invalid"


class _Document(Row):
    text: Phrase
    type: Literal["correct", "misinfo", "noise"]
    answer: str


class _Line(Row):
    question: str
    documents: Annotated[tuple[_Document, ...], Field(min_length=1)]
    gold_answers: Annotated[tuple[str, ...], Field(min_length=1)]


def read(path: Path, folder: Path, limit: int | None = None) -> Benchmark:
    """Read the questions, which have no ids but their lines; every document becomes an article."""
    lines = read_lines(path, _Line)
    documents = [
        Document(_url(number, n), document.text)
        for number, row in lines.rows.items()
        for n, document in enumerate(row.documents, 1)
    ]
    shelf = shelve(documents, folder)
    questions = {number: _gold(lines, number, shelf) for number in lines.rows}
    return benchmark(lines, questions, shelf.path, limit, lambda number: _urls(lines, number))


def _urls(lines: Lines[_Line], number: int) -> list[str]:
    return [_url(number, n) for n, _ in enumerate(lines.rows[number].documents, 1)]


def _url(number: int, n: int) -> str:
    return f"{SITE}/{number}/{n}"


def _gold(lines: Lines[_Line], number: int, shelf: Shelf) -> GoldQuestion:
    row = lines.rows[number]
    claims = [
        Claim(document.answer, url, shelf.texts[url])
        for n, document in enumerate(row.documents, 1)
        if document.type != "noise" and (url := _url(number, n)) in shelf.texts
    ]
    given = {tuple(words(claim.value)) for claim in claims}
    right = [answer for answer in row.gold_answers if tuple(words(answer)) in given]
    fields = conflict_fields(row.question, claims, right or row.gold_answers)
    return lines.gold(number, {"id": f"ramdocs-{number}", **fields})
