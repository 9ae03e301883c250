from __future__ import annotations

import pytest

from service.kinds import AnswerKind, asking_words, can_be, kinds_of

PLAIN = "Tell of the harbour"


def fits(question: str, sentence: str) -> bool:
    return can_be(sentence, kinds_of(question))


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("How many ships came?", "Forty ships came.", "Some ships came."),
        ("How much does it cost?", "It costs 3.5 crowns.", "It costs little."),
        ("What percentage voted?", "It was 60%.", "It was most of them."),
        ("When did it sink?", "It sank in May.", "It sank off the coast."),
        ("And when?", "It sank on Tuesday.", "It sank slowly."),
        ("In which year was it built?", "It was built in 1911.", "It was built of steel."),
        ("Who steered it?", "It was Lund who steered.", "the captain steered."),
        ("Whose ship was it?", "it was Åberg’s.", "it was the pilot’s."),
    ],
)
def test_an_amount_a_time_or_a_person_is_looked_for_when_asked_for(
    question: str, has: str, lacks: str
) -> None:
    assert fits(question, has)
    assert not fits(question, lacks)


def test_both_kinds_that_a_question_asks_for_are_wanted() -> None:
    question = "Who sold how many ships?"

    assert fits(question, "Lund sold 9 ships.")
    assert not fits(question, "Lund sold ships.")
    assert not fits(question, "he sold 9 ships.")


@pytest.mark.parametrize("question", ["Did it sink?", PLAIN])
def test_other_questions_take_any_sentence(question: str) -> None:
    assert fits(question, "an old wreck")


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("How long did the strike last?", ("duration",)),
        ("How long ago did it sink?", ()),
        ("Did she say when it sank?", ("polarity",)),
        ("What did the mayor say when it sank?", ("quotation",)),
        ("Where is the harbour?", ("place",)),
        ("Which company built it?", ("organisation",)),
        ("Which minister resigned?", ("person",)),
        ("Why did it sink?", ("reason",)),
        ("Who sold how many ships?", ("amount", "person")),
        ("What happened to the ship?", ()),
        ("What did the company build?", ()),
        ("What did the president say?", ("quotation",)),
        ("What caused the rate to fall?", ()),
        ("Which former prime minister resigned?", ("person",)),
        ("The quay burned.\nWhen did it burn?", ("date",)),
        ("Ships came while it rained. Who led them?", ("person",)),
    ],
)
def test_what_a_question_asks_for(question: str, kinds: tuple[AnswerKind, ...]) -> None:
    assert kinds_of(question) == kinds


def test_the_words_that_ask_are_those_of_the_question() -> None:
    assert asking_words("By how many did it fall?", "amount") == "By how many"
    assert asking_words("By how many did it fall?", "place") == ""
