"""Disagreements on what a reader takes for the answer in each source."""

from __future__ import annotations

import pytest

from service.disagreement import find_disagreements
from service.disagreement.claims import LEAST_SURE, SURE
from service.writers.writer import Spotted
from tests.unit.service.articles import START, evidence
from tests.unit.service.disagreement.test_finding import two

FESTIVAL = "Which festival did the storm at Oakford break up?"
ONE = "In Oakford the storm broke up the Harvest Fair, and visitors went home."
OTHER = "Thousands left Oakford by bus when gales ended Lantern Week early."


def sides(
    question: str, given: tuple[str, str], words: tuple[str, str], sure: tuple[float, float]
) -> list[list[str]]:
    """Return the values told when a reader spots words in two sources, so sure of each."""
    shown = two(*given)
    spotted = [
        Spotted(n, START + text.index(word), START + text.index(word) + len(word), probability)
        for n, text, word, probability in zip((1, 2), given, words, sure, strict=True)
    ]
    found = find_disagreements(evidence(*shown, question=question), spotted)
    every = [*found.conflicts, *found.updates]
    return [[side.value for side in one.positions] for one in every]


def festivals(*sure: float) -> list[list[str]]:
    return sides(FESTIVAL, (ONE, OTHER), ("Harvest Fair", "Lantern Week"), (sure[0], sure[1]))


def test_what_a_reader_spots_may_stand_in_sentences_that_are_not_alike() -> None:
    assert festivals(SURE, LEAST_SURE) == [["Harvest Fair", "Lantern Week"]]


@pytest.mark.parametrize("sure", [(SURE - 0.01, SURE - 0.01), (0.9, LEAST_SURE - 0.01)])
def test_it_must_be_sure_of_one_and_not_unsure_of_the_other(sure: tuple[float, float]) -> None:
    assert festivals(*sure) == []


def test_two_words_for_one_thing_are_no_disagreement() -> None:
    given = (
        "The quay at Oakford was mended with timber after the storm.",
        "Workers at Oakford laid wooden planks on the quay once the storm was over.",
    )

    question = "What was the quay at Oakford mended with?"

    assert sides(question, given, ("timber", "wooden planks"), (0.9, 0.9)) == []


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (
            ("48 hours", "two days"),
            (
                "The crew of the Alma took 48 hours to pump Oakford dry.",
                "It took two days to pump Oakford dry, the crew of the Alma said.",
            ),
        ),
        (
            ("40 percent", "300,000"),
            (
                "The storm at Oakford cut power to 40 percent of homes.",
                "After the storm at Oakford 300,000 homes had no power.",
            ),
        ),
    ],
)
def test_values_in_other_units_are_no_disagreement(
    words: tuple[str, str], given: tuple[str, str]
) -> None:
    question = "How much power did the storm at Oakford cut?"

    assert sides(question, given, words, (0.9, 0.9)) == []


def test_what_is_counted_the_reader_knows() -> None:
    given = (
        "Bakers of Oakford sold 40 tonnes for the fair.",
        "For the fair the bakers of Oakford sold 70 tonnes.",
    )

    question = "How many loaves did the bakers of Oakford sell for the fair?"

    assert sides(question, given, ("40", "70"), (0.9, 0.9)) == [["40", "70"]]


def test_of_a_source_that_does_not_name_what_is_asked_about_it_must_be_sure() -> None:
    given = (ONE, "Thousands left Ashford by bus when gales ended Lantern Week early.")

    spotted = ("Harvest Fair", "Lantern Week")

    assert sides(FESTIVAL, given, spotted, (0.9, SURE - 0.01)) == []


def test_reports_of_other_years_are_of_other_events() -> None:
    question = "How many runners took part in the marathon at Oakford?"
    given = (
        "Some 7,500 runners took part in the marathon at Oakford.",
        "Some 9,000 runners took part in the marathon at Oakford.",
    )

    apart = two(*given, days=("2024-05-02", "2025-05-04"))
    near = two(*given, days=("2025-05-03", "2025-05-04"))

    assert find_disagreements(evidence(*apart, question=question)).conflicts == ()
    assert find_disagreements(evidence(*near, question=question)).conflicts


def test_a_king_is_no_company() -> None:
    question = "Which company dug the tunnel at Oakford?"
    given = (
        "The tunnel at Oakford was inaugurated by King Leopold.",
        "The tunnel at Oakford was dug by the company Bohrag.",
    )

    assert sides(question, given, ("King Leopold", "Bohrag"), (0.6, 0.9)) == []


def test_a_date_that_was_put_off_is_no_longer_said() -> None:
    question = "When will the Sorrel bridge at Oakford open?"
    given = (
        "The Sorrel bridge at Oakford will open on 4 May 2024.",
        "The opening of the Sorrel bridge at Oakford was postponed from 4 May 2024 to 9 June 2024.",
    )

    assert sides(question, given, ("4 May 2024", "9 June 2024"), (0.9, 0.6)) == [
        ["4 May 2024", "9 June 2024"]
    ]
