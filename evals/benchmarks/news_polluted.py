"""NewsPolluted (Pan et al. 2024): a question, one real report and fakes that answer otherwise.

The credible report's answer is the right one; the fakes' answers are positions too, and nothing is
forbidden: see `claims`. Which choice a fake gives is not stated: it is the wrong one that it names
most often, the earliest of several. A fake that names one only to deny it is taken at its words.
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

SITE = "https://news-polluted.invalid"


class _Document(Row):
    title: str
    text: Phrase
    cred: Literal["high", "low"]


class _Line(Row):
    id: str
    question: str
    docs: Annotated[tuple[_Document, ...], Field(min_length=1)]
    choices: tuple[str, ...]
    answer: str


def read(path: Path, folder: Path, limit: int | None = None) -> Benchmark:
    """Read the questions; every document becomes an article, its credibility left out."""
    lines = read_lines(path, _Line)
    documents = [
        Document(_url(number, n), document.text, document.title or None)
        for number, row in lines.rows.items()
        for n, document in enumerate(row.docs, 1)
    ]
    shelf = shelve(documents, folder)
    questions = {number: _gold(lines, number, shelf) for number in lines.rows}
    return benchmark(lines, questions, shelf.path, limit, lambda number: _urls(lines, number))


def _urls(lines: Lines[_Line], number: int) -> list[str]:
    return [_url(number, n) for n, _ in enumerate(lines.rows[number].docs, 1)]


def _url(number: int, n: int) -> str:
    return f"{SITE}/{number}/{n}"


def _gold(lines: Lines[_Line], number: int, shelf: Shelf) -> GoldQuestion:
    row = lines.rows[number]
    wrong = [choice for choice in row.choices if choice != row.answer]
    claims: list[Claim] = []
    # The credible report first, as it is the right side.
    for n, document in sorted(enumerate(row.docs, 1), key=lambda found: found[1].cred != "high"):
        text = shelf.texts.get(_url(number, n), "")
        value = row.answer if document.cred == "high" else _named_most(text, wrong)
        if text and value:
            claims.append(Claim(value, _url(number, n), text))
    fields = conflict_fields(row.question, claims, [row.answer])
    return lines.gold(number, {"id": row.id, **fields})


def _named_most(text: str, choices: list[str]) -> str | None:
    said = f" {' '.join(words(text))} "
    wanted = {choice: f" {' '.join(words(choice))} " for choice in choices}
    named = [choice for choice in choices if wanted[choice] in said]
    return max(
        named,
        key=lambda choice: (said.count(wanted[choice]), -said.index(wanted[choice])),
        default=None,
    )
