from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import Question, Turn
from service.query.completion import MAX_CHARS
from service.query.followup import standalone

OUTLETS = ("Harbour Daily", "Lantern", "NRK")
LUND = "What did Mara Lund say about the tariffs, according to the Harbour Daily?"
FERRY = "How many people died on the ferry in Norland on October 7, 2023?"
USER = st.sampled_from(
    [LUND, FERRY, "And when?", "Why?", "What did she say?", "And the Lantern?", "ok", "", "it", "“"]
)


def outlets(text: str) -> list[str]:
    return [name for name in OUTLETS if name in text]


def conversation(*said: str) -> Question:
    """Return the last text as a question; those before it are turns, of the assistant after `>`."""
    turns = (
        Turn("assistant", text[1:]) if text.startswith(">") else Turn("user", text)
        for text in said[:-1]
    )
    return Question(said[-1], tuple(turns))


def asked(*said: str) -> str:
    return standalone(conversation(*said), outlets)


@pytest.mark.parametrize(
    "text",
    [
        "And when did she say it?",
        "When did she say that?",
        "and when?",
        "When?",
    ],
)
def test_a_follow_up_names_person_topic_and_outlet_again(text: str) -> None:
    assert asked(LUND, text) == (
        "When did Mara Lund say that about the tariffs, according to the Harbour Daily?"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("And the one by NRK?", "What did Mara Lund say about the tariffs, according to NRK?"),
        ("And according to NRK?", "What did Mara Lund say about the tariffs, according to NRK?"),
        ("And the Lantern?", "What did Mara Lund say about the tariffs, according to the Lantern?"),
        (
            "According to the Fjord Post?",
            "What did Mara Lund say about the tariffs, according to the Fjord Post?",
        ),
    ],
)
def test_another_outlet_takes_the_place_of_the_one_before(text: str, expected: str) -> None:
    assert asked(LUND, text) == expected


def test_an_outlet_is_added_where_none_was_named() -> None:
    assert asked(FERRY, "And in the Lantern?") == (
        "How many people died on the ferry in Norland on October 7, 2023, according to the Lantern?"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("And on October 8?", "How many people died on the ferry in Norland on October 8?"),
        ("What about October 8?", "How many people died on the ferry in Norland on October 8?"),
        ("And last week?", "How many people died on the ferry in Norland last week?"),
        ("In 2024?", "How many people died on the ferry in Norland in 2024?"),
        ("2024?", "How many people died on the ferry in Norland in 2024?"),
        ("Yesterday?", "How many people died on the ferry in Norland yesterday?"),
    ],
)
def test_other_days_take_the_place_of_those_before(text: str, expected: str) -> None:
    assert asked(FERRY, text) == expected


def test_several_outlets_are_all_carried_over() -> None:
    assert asked("Do the Lantern and NRK name the captain?", "Who is he?") == (
        "Who is he, concerning the captain, according to the Lantern and NRK?"
    )


def test_days_are_added_in_front_of_the_outlet() -> None:
    assert asked(LUND, "What about last week?") == (
        "What did Mara Lund say about the tariffs last week, according to the Harbour Daily?"
    )


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        (
            "What did Mara Lund say about Norland?",
            "And Sudmark?",
            "What did Mara Lund say about Sudmark?",
        ),
        (
            "What did Mara Lund say about Norland?",
            "And Olav Dahl?",
            "What did Olav Dahl say about Norland?",
        ),
        ("How did Norland answer Sudmark?", "And Ostmark?", "How did Ostmark answer Sudmark?"),
        (
            "What did the minister say about the strike?",
            "And the railway?",
            "What did the minister say about the railway?",
        ),
        (
            "What did the minister say about the strike?",
            "And on wages?",
            "What did the minister say about wages?",
        ),
        ("How many died in Norland?", "And in Sudmark?", "How many died in Sudmark?"),
        ("Did Norland ban the ferry?", "Sudmark?", "Did Sudmark ban the ferry?"),
        ("What did the EU ban?", "And the UN?", "What did the UN ban?"),
        ("What did the U.S. ban?", "And Norland?", "What did Norland ban?"),
        (
            "Who won in Norland?",
            "And about the ferry?",
            "Who won in Norland about the ferry?",
        ),
    ],
)
def test_another_name_or_topic_takes_the_place_of_its_like(
    before: str, text: str, expected: str
) -> None:
    assert asked(before, text) == expected


def test_a_surname_is_that_of_the_person_named_in_full_before() -> None:
    answer = ">Olav Dahl and Mara Lund spoke about Norland. [1]"

    assert asked("What did Mara Lund say about Norland?", answer, "And Dahl?") == (
        "What did Dahl say about Norland?"
    )


def test_names_survive_over_several_turns() -> None:
    turns = ("Who is Mara Lund?", "What did she say on Sudmark?", "And on wages?", "And NRK?")

    assert asked(*turns, "Why?") == "Why did Mara Lund say that on wages, according to NRK?"


def test_a_person_survives_a_question_about_something_else() -> None:
    turns = ("Who is Mara Lund?", "What happened in Oslo?")

    assert asked(*turns, "What did she say?") == "What did Mara Lund say in Oslo?"


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("Did Norland ban the ferry?", "Why?", "Why did Norland ban the ferry?"),
        ("What did Norland ban?", "Why?", "Why did Norland ban that?"),
        ("Where was the ferry built?", "When?", "When was the ferry built?"),
        ("Who leads the talks?", "Why?", "Why, concerning the talks?"),
        ("Who sank?", "Why?", "Why, as to who sank?"),
        ("Which ship sank?", "When was it built?", "When was it built, as to which ship sank?"),
    ],
)
def test_a_bare_question_word_asks_the_question_before_otherwise(
    before: str, text: str, expected: str
) -> None:
    assert asked(before, text) == expected


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        (LUND, "How did Norland answer it?", "How did Norland answer the tariffs{}"),
        (LUND, "Who disagreed with her?", "Who disagreed with Mara Lund about the tariffs{}"),
        (
            LUND,
            "What did her party announce?",
            "What did Mara Lund’s party announce about the tariffs{}",
        ),
        (LUND, "And what did Olav Dahl say?", "What did Olav Dahl say about the tariffs{}"),
        (LUND, "Are they legal?", "Are the tariffs legal, concerning Mara Lund{}"),
        (LUND, "What did she say about wages?", "What did Mara Lund say about wages{}"),
        (
            LUND,
            "And what was the reaction?",
            "What was the reaction, concerning Mara Lund and the tariffs{}",
        ),
    ],
)
def test_pointing_words_get_the_names_they_point_at(before: str, text: str, expected: str) -> None:
    assert asked(before, text) == expected.format(", according to the Harbour Daily?")


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        (FERRY, "And how many were hurt?", FERRY.replace("people died", "were hurt")),
        (
            "How long is the Oslo-Lund railway?",
            "Who paid for it?",
            "Who paid for the Oslo-Lund railway?",
        ),
        ("What did Norland decide?", "What was their reason?", "What was Norland’s reason?"),
        ("What happened in Oslo?", "Who lives there?", "Who lives in Oslo?"),
        ("Is the port strike over?", "Who won?", "Who won, concerning the port strike?"),
        (
            "What did the minister say on grain?",
            "When did she say it?",
            "When did the minister say that on grain?",
        ),
        ("what did lund say on grain?", "why did he say it", "Why did lund say that on grain"),
    ],
)
def test_what_a_question_leaves_out_is_carried_over(before: str, text: str, expected: str) -> None:
    assert asked(before, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "What did Norland say about grain?",
        "  Who is the president of  France? ",
        "Is it true that Norland paid?",
        "Did Olav Dahl say he would resign?",
        "What happened this week?",
        "Which port is the deepest?",
        "How is steel made?",
        "How many ships set sail without item lists?",
        "Rasht port grain prices",
        "where did olav dahl spend his youth",
        "what is the name of the deepest lake of norland",
        "Which port, known for its cranes and said by its owner to be the largest there is, has "
        "after the strike of this spring closed the one that it had opened before?",
        "Und wann?",
        "Thanks!",
        "...",
    ],
)
def test_a_question_that_stands_by_itself_is_left_as_it_is(text: str) -> None:
    assert asked(LUND, text) == text


@pytest.mark.parametrize("text", ["And when did he say it?", "And Norland?", " Why?\n"])
def test_without_an_earlier_question_every_question_is_left_as_it_is(text: str) -> None:
    assert asked(text) == asked(">Mara Lund said so. [1]", text) == asked(" ", text) == text


def test_an_answer_names_the_person_that_no_question_has_named() -> None:
    answer = ">The Harbour Daily says that Olav Dahl leads the talks. [1] Mara Lund left. [2]"

    assert asked("Who leads the talks?", answer, "What did he say yesterday?") == (
        "What did Olav Dahl say yesterday, concerning the talks?"
    )
    assert asked("What did Norland say?", answer, "When did he leave?").startswith(
        "When did Olav Dahl leave"
    )
    assert "Dahl" not in asked("Who is Mara Lund?", answer, "What did she say?")
    assert "Dahl" not in asked("Who leads the talks?", answer, "When do the talks end?")


def test_of_a_long_earlier_question_its_end_is_taken() -> None:
    long = "The port of Norland was closed. " * 40 + "What did Mara Lund say about it?"

    assert asked(long, "And when did she resign?") == (
        "When did Mara Lund resign, concerning the port of Norland?"
    )


def test_a_question_too_long_to_be_rewritten_is_left_as_it_is() -> None:
    text = "And why did she say it, " + "and why " * MAX_CHARS

    assert asked(LUND, text) == text


@given(st.lists(st.one_of(USER, st.text(max_size=700)), min_size=1, max_size=6))
def test_any_conversation_gives_a_question_of_bounded_length(said: list[str]) -> None:
    whole = asked(*said)

    assert whole == said[-1] or len(whole) <= MAX_CHARS
    assert bool(whole.strip()) == bool(said[-1].strip())
