"""SQuAD 2.0: a paragraph is one article, the sentence around an answer is evidence."""

from __future__ import annotations

from pathlib import Path

from tests.unit.evals.benchmarks.made_sets import (
    at_hand,
    counts,
    lost_quotes,
    read,
    read_public,
    texts,
)

CONTEXT = "The weir was raised in 1911. In 1911 the mill burned down too."
QUOTES = ["The weir was raised in 1911.", "In 1911 the mill burned down too."]


def question(name: str, starts: list[int], *answers: str, **changed: object) -> dict[str, object]:
    fields = {"id": name, "title": "Weir", "context": CONTEXT, "question": "When was it raised?"}
    given = {"answers": list(answers), "answer_starts": starts, "is_impossible": not answers}
    return {**fields, **given, **changed}


def test_the_sentence_that_most_annotators_marked_is_evidence(tmp_path: Path) -> None:
    second = CONTEXT.rindex("1911")
    first = CONTEXT.index("1911")
    lines = (question("a", [first, first, second], "1911"), question("b", [second], "1911", "."))

    made = read("squad2", tmp_path, *lines)

    assert [q.evidence[0].quote for q in made.suite.questions] == QUOTES
    assert made.suite.questions[1].answers == (("1911",),)
    assert lost_quotes(made) == []


def test_a_paragraph_of_two_questions_is_one_article(tmp_path: Path) -> None:
    elsewhere = question("c", [], context="Another weir stands at Holt, higher up the stream.")

    made = read("squad2", tmp_path, question("a", []), question("b", []), elsewhere)

    urls = [name for name in texts(made) if name.startswith("https:")]
    assert len(urls) == 2
    assert counts(made) == {"unanswerable": 3}


@at_hand
def test_no_question_of_the_public_set_is_lost(tmp_path: Path) -> None:
    made = read_public("squad2", "training/squad2_6078.jsonl", tmp_path)

    assert counts(made) == {"factoid": 2910, "unanswerable": 3168}
    assert sum(name.startswith("https:") for name in texts(made)) == 646
    assert lost_quotes(made) == []
