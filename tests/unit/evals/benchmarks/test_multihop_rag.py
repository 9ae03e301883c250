"""MultiHop-RAG: facts become evidence, null questions are unanswerable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.benchmarks import Benchmark
from evals.errors import SuiteError
from tests.unit.evals.benchmarks.made_sets import at_hand, counts, lost_quotes, read, read_public

FACT = "The lock at Quern was shut for eight days."
ARTICLE = {"title": "Lock shut\u00a0at Quern", "url": "https://quern.example/1"}
CORPUS = [{**ARTICLE, "body": f"{FACT} Barges waited upstream.", "source": "Canal Post"}]


def question(kind: str = "inference_query", **changed: object) -> dict[str, object]:
    fact = {**ARTICLE, "source": "Canal Post", "fact": FACT}
    fields = {"id": kind, "query": "Which lock was shut?", "answer": "Quern"}
    return {**fields, "question_type": kind, "evidence_list": [fact], **changed}


def read_made(folder: Path, *records: object) -> Benchmark:
    (folder / "corpus.json").write_text(json.dumps(CORPUS), "utf-8")
    return read("multihop-rag", folder, *records)


def test_a_fact_is_evidence_from_the_article_as_ingested(tmp_path: Path) -> None:
    made = read_made(tmp_path, question())

    (found,) = made.suite.questions
    assert (found.type, found.answers) == ("factoid", (("Quern",),))
    assert found.evidence[0].article == "Lock shut at Quern"
    assert (lost_quotes(made), made.articles) == ([], tmp_path / "corpus.json")


@pytest.mark.parametrize(
    ("kind", "expected"), [("comparison_query", "comparison"), ("temporal_query", "temporal")]
)
def test_kinds_become_types(tmp_path: Path, kind: str, expected: str) -> None:
    made = read_made(tmp_path, question(kind, answer="no"))

    assert made.suite.questions[0].type == expected
    assert made.suite.questions[0].answers == (("no",),)


def test_a_null_question_is_unanswerable(tmp_path: Path) -> None:
    null = question("null_query", answer="Insufficient information.", evidence_list=[])

    (found,) = read_made(tmp_path, null).suite.questions

    assert (found.type, found.answerable, found.answers) == ("unanswerable", False, ())


def test_a_set_without_its_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"corpus\.json"):
        read("multihop-rag", tmp_path, question())


@at_hand
def test_no_question_and_no_fact_of_the_public_set_is_lost(tmp_path: Path) -> None:
    made = read_public("multihop-rag", "multihop_rag/dev.jsonl", tmp_path)

    expected = {"comparison": 203, "factoid": 282, "temporal": 205, "unanswerable": 97}
    assert counts(made) == expected
    assert sum(len(found.evidence) for found in made.suite.questions) == 1927
    assert lost_quotes(made) == []
