"""CLAP NQ: chosen sentences become evidence; without an answer a question is unanswerable."""

from __future__ import annotations

from pathlib import Path

from tests.unit.evals.benchmarks.made_sets import at_hand, counts, lost_quotes, read, read_public

FIRST = "The weir at Quern \u200e was raised in 1911 ."
SECOND = "It holds back the lower pond ."


def question(name: str, *output: dict[str, object]) -> dict[str, object]:
    passage = {"title": f"Weir {name}", "text": f"{FIRST} {SECOND}", "sentences": [FIRST, SECOND]}
    asked = "when was the weir raised"
    return {"id": name, "input": asked, "passages": [passage], "output": list(output)}


def annotated(answer: str, *chosen: str) -> dict[str, object]:
    return {"answer": answer, "selected_sentences": list(chosen), "meta": {}}


def test_the_first_annotators_sentences_are_evidence(tmp_path: Path) -> None:
    of_two = question("a", annotated("In 1911.", SECOND), annotated("1911, it is said.", FIRST))

    made = read("clapnq", tmp_path, of_two)

    (found,) = made.suite.questions
    assert [evidence.quote for evidence in found.evidence] == [SECOND]
    assert found.answers == (("In 1911.", "1911, it is said."),)


def test_a_sentence_that_cleaning_changes_is_quoted_as_it_is_now(tmp_path: Path) -> None:
    made = read("clapnq", tmp_path, question("a", annotated("In 1911.", FIRST)))

    assert "\u200e" not in made.suite.questions[0].evidence[0].quote
    assert lost_quotes(made) == []


def test_an_answer_without_words_is_none(tmp_path: Path) -> None:
    lines = (question("a", annotated("")), question("b", annotated("."), annotated("In 1911.")))

    made = read("clapnq", tmp_path, *lines)

    assert counts(made) == {"factoid": 1, "unanswerable": 1}
    assert made.suite.questions[1].answers == (("In 1911.",),)


@at_hand
def test_no_question_of_the_public_set_is_lost(tmp_path: Path) -> None:
    made = read_public("clapnq", "answerable/clapnq_dev_half.jsonl", tmp_path)

    assert counts(made) == {"factoid": 155, "unanswerable": 150}
    assert lost_quotes(made) == []
