"""RAMDocs: every answer that a document states is a position, none is forbidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.errors import InvalidLine
from tests.unit.evals.benchmarks.made_sets import (
    at_hand,
    counts,
    lost_quotes,
    read,
    read_public,
    texts,
)

RIGHT = "Odo Brandt of Quern was a rower."
OTHER = "Odo Brandt of Holt was a fencer."
WRONG = "Odo Brandt was known as a juggler."


def document(text: str, kind: str, answer: str) -> dict[str, str]:
    return {"text": f"{text} Little else is known of him.", "type": kind, "answer": answer}


def question(*documents: dict[str, str], gold: tuple[str, ...] = ("rower",)) -> dict[str, object]:
    wrong = [found["answer"] for found in documents if found["type"] == "misinfo"]
    fields = {"question": "What was Odo Brandt?", "documents": list(documents)}
    return {**fields, "disambig_entity": [], "gold_answers": list(gold), "wrong_answers": wrong}


ROWER = document(RIGHT, "correct", "rower")
FENCER = document(OTHER, "correct", "fencer")
JUGGLER = document(WRONG, "misinfo", "juggler")


def test_right_and_wrong_answers_are_positions_with_evidence(tmp_path: Path) -> None:
    made = read("ramdocs", tmp_path, question(ROWER, FENCER, JUGGLER, gold=("rower", "fencer")))

    (found,) = made.suite.questions
    assert (found.type, found.forbidden) == ("conflict", ())
    assert found.positions == (("rower",), ("fencer",), ("juggler",))
    assert found.answers == (("rower",), ("fencer",))
    assert [evidence.quote for evidence in found.evidence] == [RIGHT, OTHER, WRONG]


def test_two_documents_of_one_answer_are_one_position_and_no_conflict(tmp_path: Path) -> None:
    again = document("A rower, Odo Brandt, lived at Quern.", "correct", "Rower")

    (found,) = read("ramdocs", tmp_path, question(ROWER, again)).suite.questions

    assert (found.type, found.positions, len(found.evidence)) == ("factoid", (), 2)


def test_a_right_answer_of_no_document_is_asked_for_only_alone(tmp_path: Path) -> None:
    lines = (question(ROWER, gold=("rower", "miller")), question(ROWER, gold=("miller",)))

    made = read("ramdocs", tmp_path, *lines)

    assert [found.answers for found in made.suite.questions] == [(("rower",),), (("miller",),)]


def test_noise_is_an_article_and_no_evidence(tmp_path: Path) -> None:
    noise = document("Brandt is the name of three villages.", "noise", "unknown")

    made = read("ramdocs", tmp_path, question(ROWER, noise))

    assert len(made.suite.questions[0].evidence) == 1
    assert "https://ramdocs.invalid/1/2" in texts(made)


def test_equal_documents_of_two_questions_stay_apart(tmp_path: Path) -> None:
    made = read("ramdocs", tmp_path, question(ROWER), question(ROWER))

    evidence = [found.evidence[0].article for found in made.suite.questions]
    assert evidence == ["https://ramdocs.invalid/1/1", "https://ramdocs.invalid/2/1"]
    assert set(evidence) <= set(texts(made))


def test_an_answer_that_no_sentence_states_is_a_side_all_the_same(tmp_path: Path) -> None:
    unsaid = document(RIGHT, "correct", "aquatics")

    (found,) = read("ramdocs", tmp_path, question(unsaid, JUGGLER)).suite.questions

    assert found.positions == (("aquatics",), ("juggler",))
    assert [evidence.quote for evidence in found.evidence] == [RIGHT, WRONG]


def test_a_question_of_noise_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidLine, match=r"set\.jsonl:1: .*lacks answers or evidence"):
        read("ramdocs", tmp_path, question(document(OTHER, "noise", "unknown")))


def test_a_document_of_page_furniture_alone_is_left_out(tmp_path: Path) -> None:
    bare = {"text": "Log in", "type": "noise", "answer": "unknown"}

    made = read("ramdocs", tmp_path, question(ROWER, bare))

    assert "https://ramdocs.invalid/1/2" not in texts(made)
    assert len(made.articles.read_text("utf-8").splitlines()) == 1


@at_hand
def test_no_question_of_the_public_set_is_lost(tmp_path: Path) -> None:
    made = read_public("ramdocs", "conflict/ramdocs_dev.jsonl", tmp_path)

    assert counts(made) == {"conflict": 217, "factoid": 38}
    assert lost_quotes(made) == []
