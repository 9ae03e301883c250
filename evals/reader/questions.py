"""Questions with a text and where in it annotators marked the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.benchmarks.lines import Row, read_lines
from evals.benchmarks.squad2 import Line
from evals.errors import SuiteError
from ingest.domain import Span

TEST_ARTICLES = 4
"""Of a SQuAD 2.0 file, so many are never trained on; figures are reported from them."""
CHOICE_ARTICLES = 2
"""So many more are only looked at while training, to choose between runs."""


@dataclass(frozen=True)
class Asked:
    """One question.

    Attributes:
        spans: What each annotator marked, in code points of the text; () when it does not answer.
        answers: What they wrote.
        article: That the text is from.
    """

    id: str
    question: str
    text: str
    spans: tuple[Span, ...]
    answers: tuple[str, ...]
    article: str


@dataclass(frozen=True)
class Parts:
    """A set of questions, divided by article."""

    training: Sequence[Asked]
    choice: Sequence[Asked]
    test: Sequence[Asked]


class _Answer(Row):
    text: str
    answer_start: int


class _Question(Row):
    id: str
    question: str
    answers: tuple[_Answer, ...]


class _Paragraph(Row):
    context: str
    qas: tuple[_Question, ...]


class _Article(Row):
    title: str
    paragraphs: tuple[_Paragraph, ...]


class _Squad1(Row):
    data: tuple[_Article, ...]


def read_squad2(path: Path) -> Parts:
    """Read SQuAD 2.0 (Rajpurkar et al. 2018), one question a line, and divide it by article.

    Which articles are kept aside their titles' hashes say, so that nobody chose them.

    Raises:
        SuiteError: The file cannot be read.
        InvalidLine: A line has another shape.
    """
    rows = list(read_lines(path, Line).rows.values())
    titles = sorted({row.title for row in rows}, key=_order)
    aside = TEST_ARTICLES + CHOICE_ARTICLES
    test, choice = set(titles[:TEST_ARTICLES]), set(titles[TEST_ARTICLES:aside])
    asked = [_of_line(row) for row in rows]
    return Parts(
        training=[one for one in asked if one.article not in test | choice],
        choice=[one for one in asked if one.article in choice],
        test=[one for one in asked if one.article in test],
    )


def read_squad1(path: Path) -> list[Asked]:
    """Read questions in the form of SQuAD 1.1, all of them answerable.

    Raises:
        SuiteError: The file cannot be read or has another form.
    """
    try:
        whole = _Squad1.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SuiteError(f"{str(path)!r} cannot be read: {error}") from error
    return [
        asked
        for article in whole.data
        for paragraph in article.paragraphs
        for asked in _of_paragraph(article.title, paragraph)
    ]


def _of_paragraph(title: str, paragraph: _Paragraph) -> Iterator[Asked]:
    for question in paragraph.qas:
        given = [(answer.text, answer.answer_start) for answer in question.answers]
        spans = _spans(paragraph.context, given)
        if spans:
            answers = tuple(text for text, _ in given)
            yield Asked(
                question.id, question.question.strip(), paragraph.context, spans, answers, title
            )


def _of_line(row: Line) -> Asked:
    given = [(text, start) for start in row.answer_starts for text in row.answers]
    spans = () if row.is_impossible else _spans(row.context, given)
    return Asked(row.id, row.question.strip(), row.context, spans, row.answers, row.title)


def _spans(text: str, given: Sequence[tuple[str, int]]) -> tuple[Span, ...]:
    """Return where the answers stand; one that does not stand where it should is left out."""
    return tuple(
        Span(start, start + len(answer))
        for answer, start in given
        if answer and text[start : start + len(answer)] == answer
    )


def _order(title: str) -> str:
    return hashlib.sha256(title.encode()).hexdigest()
