from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.errors import InvalidLine, SuiteError
from evals.reader.questions import CHOICE_ARTICLES, TEST_ARTICLES, read_squad1, read_squad2
from ingest.domain import Span

TEXT = "The ferry sank in May. It was raised in June."


def line(n: int, title: str, answers: list[str], starts: list[int]) -> str:
    return json.dumps(
        {
            "id": str(n),
            "title": title,
            "context": TEXT,
            "question": " When did it sink? ",
            "answers": answers,
            "answer_starts": starts,
            "is_impossible": not answers,
        }
    )


def written(folder: Path, lines: list[str]) -> Path:
    path = folder / "set.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_questions_are_divided_by_article_and_none_is_in_two_parts(tmp_path: Path) -> None:
    lines = [line(n, f"Ship {n % 9}", ["in May"], [15]) for n in range(27)]

    parts = read_squad2(written(tmp_path, lines))

    articles = [{one.article for one in part} for part in (parts.test, parts.choice)]
    assert [len(found) for found in articles] == [TEST_ARTICLES, CHOICE_ARTICLES]
    training = {one.article for one in parts.training}
    assert len(training) == 9 - TEST_ARTICLES - CHOICE_ARTICLES
    assert training.isdisjoint(articles[0] | articles[1])
    assert articles[0].isdisjoint(articles[1])
    assert len(parts.training) + len(parts.choice) + len(parts.test) == 27


def test_every_mark_of_an_annotator_counts_and_wrong_ones_do_not(tmp_path: Path) -> None:
    lines = [line(1, "Ship", ["in May", "May"], [15, 18, 15, 3])]

    parts = read_squad2(written(tmp_path, lines))

    (asked,) = [*parts.training, *parts.choice, *parts.test]
    assert asked.question == "When did it sink?"
    assert asked.spans == (Span(15, 21), Span(18, 21), Span(15, 21))


def test_an_unanswerable_question_has_no_mark(tmp_path: Path) -> None:
    parts = read_squad2(written(tmp_path, [line(1, "Ship", [], [])]))

    (asked,) = [*parts.training, *parts.choice, *parts.test]
    assert asked.spans == ()


def test_a_line_of_another_shape_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidLine, match=r"set\.jsonl:1"):
        read_squad2(written(tmp_path, ['{"id": "1"}']))


def squad1(folder: Path, answers: list[dict[str, object]]) -> Path:
    question = {"id": "q", "question": "When?", "answers": answers}
    paragraph = {"context": TEXT, "qas": [question]}
    path = folder / "set.json"
    path.write_text(json.dumps({"data": [{"title": "Ship", "paragraphs": [paragraph]}]}))
    return path


def test_the_older_form_is_read(tmp_path: Path) -> None:
    (asked,) = read_squad1(squad1(tmp_path, [{"text": "in June", "answer_start": 37}]))

    assert (asked.id, asked.article, asked.spans) == ("q", "Ship", (Span(37, 44),))


def test_a_question_whose_answer_is_not_where_it_should_be_is_left_out(tmp_path: Path) -> None:
    assert read_squad1(squad1(tmp_path, [{"text": "in June", "answer_start": 3}])) == []


@pytest.mark.parametrize("content", ["[]", "{", '{"data": 1}'])
def test_a_file_of_another_form_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "odd.json"
    path.write_text(content)

    with pytest.raises(SuiteError, match=r"odd\.json"):
        read_squad1(path)
