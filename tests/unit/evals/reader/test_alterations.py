from __future__ import annotations

import random

import pytest

from evals.reader.alterations import altered
from evals.reader.questions import Asked
from ingest.domain import Span

TEXT = "The ferry Alma left Turku for Hanko in 1994 with 40 cars. The first crossing took a day."


def asked(question: str, answer: str | None = "a day", text: str = TEXT) -> Asked:
    start = text.index(answer) if answer else 0
    spans = (Span(start, start + len(answer)),) if answer else ()
    return Asked("q", question, text, spans, (answer or "",), "Ferries")


def every_alteration(one: Asked) -> set[str]:
    made = (list(altered([one], random.Random(seed))) for seed in range(60))
    return {found.question for few in made for found in few}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long did the trip from Turku take?", "How long did the trip from Hanko take?"),
        ("How long did 40 cars take?", "How long did 1994 cars take?"),
        ("How long did the first crossing take?", "How long did the last crossing take?"),
    ],
)
def test_a_name_a_number_or_a_word_is_exchanged(question: str, expected: str) -> None:
    assert expected in every_alteration(asked(question))


def test_where_nothing_can_be_exchanged_some_are_negated() -> None:
    assert every_alteration(asked("Why is it so?")) == {"Why is not it so?"}
    assert every_alteration(asked("What did they carry there?")) == {
        "What did they carry not there?"
    }


def test_what_is_altered_has_no_answer_and_its_own_question_is_left_alone() -> None:
    one = asked("How long did the first crossing take?")

    (made,) = altered([one], random.Random(1))

    assert (made.spans, made.answers, made.text) == ((), (), one.text)
    assert made.question != one.question


def test_the_answer_is_never_put_into_the_question() -> None:
    made = every_alteration(asked("Which port did the ferry from Turku reach?", "Hanko"))

    assert made
    assert not any("Hanko" in question for question in made)


def test_an_unanswerable_question_is_left_as_it_is() -> None:
    assert every_alteration(asked("How long did the first crossing take?", None)) == set()
