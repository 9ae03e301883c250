from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from evals.errors import SuiteError
from evals.performance import questions
from evals.performance.questions import KINDS, Asked, made_questions, read_questions
from ingest.domain import Filters
from tests.unit.evals.performance.made_sentences import made_sentences

ONE = Asked("Who?", "given", "Courier", date(2024, 1, 1), date(2024, 1, 30))


def test_questions_are_all_different_and_of_every_kind() -> None:
    made = made_questions(made_sentences(), 202)

    assert len({one.text for one in made}) == 202
    assert [one.kind for one in made[:4]] == list(KINDS)
    assert made == made_questions(made_sentences(), 202)


@pytest.mark.parametrize(("kind", "least", "most"), [("short", 3, 6), ("long", 25, 45)])
def test_a_kind_has_so_many_words(kind: str, least: int, most: int) -> None:
    made = made_questions(made_sentences(), 200)

    lengths = [len(one.text.split()) for one in made if one.kind == kind]

    assert least <= min(lengths) and max(lengths) <= most


def test_few_short_sentences_give_fewer_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "TRIES", 1)

    made = made_questions(made_sentences(count=1, words=3), 200)

    assert 100 < len({one.text for one in made}) == len(made) < 200


def test_each_measurement_has_its_filters() -> None:
    first, last = date(2024, 1, 1), date(2024, 1, 30)

    assert ONE.filters("none") == Filters()
    assert ONE.filters("outlet") == Filters(("Courier",))
    assert ONE.filters("dates") == Filters((), first, last)
    assert ONE.filters("outlet and dates") == Filters(("Courier",), first, last)


def test_a_file_may_call_them_question_or_query(tmp_path: Path) -> None:
    file = tmp_path / "asked.jsonl"
    lines = ({"query": "Who?", "id": 1}, {"question": "When?"}, {"query": "Who?"})
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))

    assert [one.text for one in read_questions(file, made_sentences())] == ["Who?", "When?"]


def test_a_line_without_a_question_is_named(tmp_path: Path) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_text('{"query": "Who?"}\n{"text": "When?"}\n')

    with pytest.raises(SuiteError, match=r"asked\.jsonl:2: question"):
        read_questions(file, made_sentences())
