"""Suites are read whole or refused with the file and the line."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from evals.cli import SAMPLE_ARTICLES, SAMPLE_SUITE
from evals.errors import InvalidLine, RepeatedId, SuiteError
from evals.metrics.wording import holds_any, one_spaced
from evals.suite import QuestionType, load
from ingest.describe import describe
from ingest.domain import Article, RawArticle
from ingest.read import find_files, read
from service.domain import Turn
from tests.unit.evals.made import gold, unanswerable


def written(path: Path, *lines: str) -> Path:
    """Write a suite and return its path."""
    file = path / "suite.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    return file


def line(**changed: object) -> str:
    """Return a question as a line, with fields changed; None takes a field out."""
    fields = json.loads(gold().model_dump_json()) | changed
    return json.dumps({name: value for name, value in fields.items() if value is not None})


def test_reads_every_question_and_hashes_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, line(), "", line(id="again", as_of="2025-03-01"), "")

    suite = load(file)

    assert [question.id for question in suite.questions] == ["when", "again"]
    assert suite.questions[1].asked().filters.as_of == date(2025, 3, 1)
    assert suite.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_line_separator_inside_a_string_does_not_end_the_line(tmp_path: Path) -> None:
    raw = line(question="When did it sink?").replace("it sink", "it\u2028sink")

    assert load(written(tmp_path, raw)).questions[0].question == "When did it\u2028sink?"


def test_a_mark_of_the_encoding_before_the_first_line_is_no_part_of_it(tmp_path: Path) -> None:
    assert load(written(tmp_path, f"\ufeff{line()}")).questions[0].id == "when"


def test_the_bundled_suite_is_large_and_balanced() -> None:
    counts = Counter(question.type for question in load(SAMPLE_SUITE).questions)

    assert sum(counts.values()) >= 80
    assert min(counts.values()) >= 9


def test_asks_with_the_history(tmp_path: Path) -> None:
    file = written(tmp_path, line(history=[{"role": "user", "content": "And before?"}]))

    assert load(file).questions[0].asked().history == (Turn("user", "And before?"),)


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        (line(question=None), "question: Field required"),
        (line(answerable=None), "answerable: Field required"),
        (line(type="riddle"), "type: Input should be"),
        (line(colour="red"), "colour: Extra inputs"),
        (line(answerable=False), "unanswerable, yet it has answers"),
        (line(answers=[]), "answerable, yet it lacks answers"),
        (line(answers=[[]]), "answers.0"),
        (line(answers=[["…"]]), "answers.0.0"),
        (line(type="unanswerable"), "yet it is answerable"),
        (line(as_of="yesterday"), "as_of"),
    ],
)
def test_a_bad_line_is_refused_by_its_number(tmp_path: Path, broken: str, named: str) -> None:
    file = written(tmp_path, line(id="good"), broken)

    with pytest.raises(InvalidLine) as raised:
        load(file)

    assert str(raised.value).startswith(f"{file}:2: ")
    assert named in str(raised.value)


def test_two_questions_with_one_id_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path, line(), "", line())

    with pytest.raises(RepeatedId) as raised:
        load(file)

    assert str(raised.value) == f"{file}:3: the id 'when' is taken by line 1"


def test_a_missing_empty_or_foreign_file_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "latin.jsonl"
    foreign.write_bytes(b'{"id": "caf\xe9"}')

    for path in (tmp_path / "missing", tmp_path, foreign, written(tmp_path, "", " ")):
        with pytest.raises(SuiteError, match=path.name):
            load(path)


def sample_texts() -> dict[str, str]:
    """Return what is ingested of the bundled articles, by title."""
    raw = [found for path in find_files([SAMPLE_ARTICLES]) for found in read(path)]
    articles = [describe(one) for one in raw if isinstance(one, RawArticle)]
    return {one.title: one.text for one in articles if isinstance(one, Article)}


def test_every_gold_quote_of_the_bundled_suite_is_in_its_article() -> None:
    texts = sample_texts()
    evidence = [found for question in load(SAMPLE_SUITE).questions for found in question.evidence]

    lost = [
        found
        for found in evidence
        if one_spaced(found.quote) not in one_spaced(texts.get(found.article, ""))
    ]

    assert len(evidence) > 20
    assert lost == []


def test_the_bundled_suite_has_every_type_of_question() -> None:
    asked = {question.type for question in load(SAMPLE_SUITE).questions}

    assert asked == set(get_args(QuestionType))


def test_every_gold_answer_of_the_bundled_suite_is_in_its_evidence_or_title() -> None:
    unsupported = [
        (question.id, group)
        for question in load(SAMPLE_SUITE).questions
        for group in (*question.answers, *question.positions)
        if not any(holds_any(f"{e.quote} {e.article}", group) for e in question.evidence)
    ]

    assert unsupported == []


def test_an_unanswerable_question_may_be_of_any_type() -> None:
    assert unanswerable(type="temporal").answerable is False
