from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import Aspect, Order
from service.query.outlets import OutletNames
from service.query.understanding import Understanding, understand

TODAY = date(2025, 12, 10)
NAMES = OutletNames(["Harbour Post", "Lantern", "Lantern - Sport"])
ASKED = (
    "What is the latest that the Harbour Post article of 3 December 2025 says about Mara Lund and "
    "the Norland ferry, while the Evening Star article reports wheat prices?"
)


def read(text: str, *disregard: Aspect) -> Understanding:
    return understand(text, NAMES, TODAY, disregard)


def test_outlets_days_order_and_people_are_read_apart() -> None:
    found = read(ASKED)

    assert found.outlets == ("Harbour Post",)
    assert found.unknown_outlets == ("Evening Star",)
    assert [period.first for period in found.periods] == [date(2025, 12, 3)]
    assert found.order == "latest"
    assert found.people == ("Mara Lund", "Norland")


@pytest.mark.parametrize(
    ("aspect", "left"),
    [
        ("outlets", (False, True, "latest")),
        ("days", (True, False, "latest")),
        ("order", (True, True, None)),
    ],
)
def test_each_reading_can_be_switched_off_alone(
    aspect: Aspect, left: tuple[bool, bool, Order | None]
) -> None:
    found = read(ASKED, aspect)

    assert (bool(found.mentions), bool(found.periods), found.order) == left


def test_parts_can_be_switched_off() -> None:
    assert read(ASKED).parts
    assert (read(ASKED, "parts").parts, read(ASKED, "parts").part_outlets) == ((), ())


def test_a_day_with_a_comma_in_it_is_not_parted() -> None:
    text = "Did the old ferry sink on October 7, 2023 near Norland, while wheat prices fell?"

    assert [part.text for part in read(text).parts] == [
        "Did the old ferry sink on October 7, 2023 near Norland",
        "wheat prices fell",
    ]


def test_nothing_is_read_when_everything_is_disregarded() -> None:
    found = read(ASKED, "outlets", "days", "order")

    assert (found.mentions, found.outlets, found.unknown_outlets) == ((), (), ())
    assert (found.periods, found.order) == ((), None)


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        (
            "The Harbour Post article says the ferry sank, while wheat prices fell in May",
            [{"Harbour Post"}, {"Harbour Post"}],
        ),
        (
            "Did the old ferry sink, while the Harbour Post article says wheat prices fell?",
            [{"Harbour Post"}, {"Harbour Post"}],
        ),
        (
            "Does the Harbour Post article mention ferry storms, while Lantern mentions snow rain?",
            [{"Harbour Post"}, {"Lantern", "Lantern - Sport"}],
        ),
        ("Did the old ferry sink, while wheat prices fell?", [set(), set()]),
    ],
)
def test_a_part_without_an_outlet_takes_that_of_its_neighbour(
    text: str, outlets: list[set[str]]
) -> None:
    assert [set(own) for own in read(text).part_outlets] == outlets


def test_a_question_of_one_clause_has_no_parts() -> None:
    found = read("Why did wheat prices fall?")

    assert (found.parts, found.part_outlets) == ((), ())


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("What is the newest figure?", "latest"),
        ("How many died so far?", "latest"),
        ("What is the most recent count?", "latest"),
        ("Who reported it first?", "first"),
        ("Which outlet was first to name him?", "first"),
        ("What did the earliest report say?", "first"),
        ("WHAT IS THE LATEST?", "latest"),
        ("Which outlet reported the sad collapse first?", "first"),
        ("Who was the first president?", None),
        ("Who reported the first case?", None),
        ("Which paper announced the first ferry?", None),
        ("Who came first in the race?", None),
        ("Is the translatest word one?", None),
        ("When did the ferry sink?", None),
    ],
)
def test_the_latest_and_the_first_are_told_by_words(text: str, order: Order | None) -> None:
    assert read(text).order == order


def test_people_are_neither_outlets_nor_days() -> None:
    found = read("What did Lantern and the Harbour Post say in March 2025 about Sergei Orlov?")

    assert found.people == ("Sergei Orlov",)


def test_in_a_question_in_capitals_nobody_is_named() -> None:
    assert read("WHAT DID MARA LUND SAY?").people == ()


def test_an_outlets_name_is_none_of_the_words_that_count() -> None:
    found = read("What does the Harbour Post article say about the storm?")

    assert found.terms == ("storm",)
    assert {"harbour", "post"} <= set(found.all_terms)


def test_a_word_that_stands_elsewhere_than_in_an_outlets_name_counts() -> None:
    found = read("What does the Harbour Post article say about the storm in the harbour?")

    assert set(found.terms) == {"storm", "harbour"}


def test_an_outlet_that_is_named_twice_is_told_once() -> None:
    assert read("Does Lantern agree with Lantern?").outlets == ("Lantern", "Lantern - Sport")


@given(st.text(max_size=80) | st.text("AaBb ,;?and’'\"01-", max_size=80))
def test_any_text_is_understood(text: str) -> None:
    found = read(text)

    assert len(found.part_outlets) == len(found.parts) != 1
    assert set(found.terms) <= set(found.all_terms)
