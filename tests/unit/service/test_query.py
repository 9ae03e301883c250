from __future__ import annotations

import pytest

from service.domain import Question, Turn
from service.query import MAX_EARLIER_CHARS, standalone

EARLIER = "What did the harbour minister say about the strike?"


def asked(text: str, *earlier: str) -> str:
    return standalone(Question(text, tuple(Turn("user", content) for content in earlier)))


@pytest.mark.parametrize(
    "text",
    [
        "Who is the president of France?",
        "Who pays for the Rasht-Astara railway?",
        "What did they pay for it in 2024?",
        "When did she meet Åberg?",
        "Is this what “Lund” promised?",
        "Which port is the deepest?",
    ],
)
def test_a_question_with_a_subject_of_its_own_is_left_alone(text: str) -> None:
    assert asked(text, EARLIER) == text


@pytest.mark.parametrize(
    "text",
    [
        "When did he say it?",
        "Does that ship belong to them?",
        "How deep is this?",
        "And the railway?",
        "and in Norland?",
        "What about Lund?",
        "How about 2024?",
        "Why?",
        "who",
        "Which one?",
    ],
)
def test_a_question_that_leans_on_the_last_one_gets_it_in_front(text: str) -> None:
    assert asked(text, EARLIER) == f"{EARLIER} {text}"


@pytest.mark.parametrize("text", ["When did he say it?", "And the railway?", "Why?"])
def test_without_history_even_a_leaning_question_stands_as_it_is(text: str) -> None:
    assert asked(text) == text


def test_a_word_that_merely_contains_a_pointing_one_points_at_nothing() -> None:
    text = "How many ships set sail without item lists?"

    assert asked(text, EARLIER) == text


def test_only_the_last_question_is_taken() -> None:
    assert asked("Why?", "Who sank?", EARLIER) == f"{EARLIER} Why?"


def test_a_long_earlier_question_is_cut_and_the_new_one_is_not() -> None:
    new = "Why did " + "it " * MAX_EARLIER_CHARS + "sink?"

    joined = asked(new, "x" * MAX_EARLIER_CHARS + "y")

    assert joined == "x" * MAX_EARLIER_CHARS + " " + new


def test_what_the_assistant_said_never_counts() -> None:
    said = Turn("assistant", "The minister spoke about wages.")

    assert standalone(Question("Why?", (said,))) == "Why?"
    assert standalone(Question("Why?", (Turn("user", EARLIER), said))) == f"{EARLIER} Why?"


def test_blanks_around_both_questions_go() -> None:
    assert asked("  Why?\n", f"\t{EARLIER} ") == f"{EARLIER} Why?"
