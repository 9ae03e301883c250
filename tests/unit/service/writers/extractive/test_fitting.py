from __future__ import annotations

import pytest

from service.kinds import AnswerKind
from service.writers.extractive.fitting import fits, is_strange
from tests.unit.service.articles import passage


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        ("Lena Dahl", ("person",), True),
        ("the Harbour Board", ("organisation",), True),
        ("museum of Fennick", ("person",), False),
        ("Lena Dahl and the whole council of the town of Oakford", ("person",), False),
        ("May 1994", ("date",), True),
        ("2010 and 2020", ("date",), False),
        ("40", ("amount",), True),
        ("forty cars", ("amount",), True),
        ("some cars", ("amount",), False),
        ("It bit Tindall on the hand", (), False),
        ("a leaking gas pipe", (), True),
    ],
)
def test_a_span_has_the_form_of_what_is_asked_for(
    text: str, kinds: tuple[AnswerKind, ...], expected: bool
) -> None:
    assert fits(text, kinds) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who leads Oakford?", False),
        ("Who leads the Daily Ledger?", False),
        ("Who leads Paris?", True),
        ("Who leads Oakford and Paris?", True),
        ("Who spoke on Monday?", False),
        ("who leads it?", False),
    ],
)
def test_a_question_is_strange_when_it_names_what_no_passage_names(
    question: str, expected: bool
) -> None:
    assert is_strange(question, [passage("The mayor of Oakford spoke.")]) is expected
