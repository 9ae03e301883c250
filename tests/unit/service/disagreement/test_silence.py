"""Where sources give different values and yet do not disagree."""

from __future__ import annotations

import pytest

from service.disagreement import Disagreements, find_disagreements
from service.writers.writer import Evidence
from tests.unit.service.articles import evidence, passage
from tests.unit.service.disagreement.test_finding import CONFLICTS, EARLY, found, two

QUIET = {
    "periods": (
        "How many dockers does the port of Oakford employ?",
        "The port of Oakford employed 900 dockers in 2023.",
        "The port of Oakford employed 1,200 dockers in 2024.",
    ),
    "quarters": (
        "By how much did the sales of Meridia grow?",
        "The sales of Meridia grew by 4 percent in the first quarter.",
        "The sales of Meridia grew by 9 percent in the second quarter.",
    ),
    "subjects": (
        "How many people died in the flood?",
        "In Oakford nine people died in the flood.",
        "In Elmstead 31 people died in the flood.",
    ),
    "another subject than is asked for": (
        "How many people died in the flood at Elmstead?",
        "Nine people died in the flood at Oakford.",
        "At Oakford 31 people died in the flood.",
    ),
    "units": (
        "How much did the port of Oakford lose in the strike?",
        "The port of Oakford lost 12 percent of its trade in the strike.",
        "The port of Oakford lost 40 million crowns in the strike.",
    ),
    "currencies": (
        "How much did the port of Oakford lose in the strike?",
        "The port of Oakford lost $12 million in the strike.",
        "The port of Oakford lost €40 million in the strike.",
    ),
    "rates": (
        "How much does Meridia pay for the pier at Oakford?",
        "Meridia pays 14 million crowns a year for the pier at Oakford.",
        "Meridia pays 90 million crowns for the pier at Oakford.",
    ),
    "parts": (
        "How many people died in the flood at Oakford?",
        "The flood at Oakford killed 31 people.",
        "People died in the flood at Oakford, including 12 children.",
    ),
    "what is counted": (
        "How many dockers joined the walkout at Oakford?",
        "Some 1,850 dockers joined the walkout at Oakford.",
        "The walkout of dockers at Oakford held up 42 ships.",
    ),
    "comparison": (
        "Did trade with Norland grow by more percent than trade with Sudland?",
        "Trade with Norland and Sudland grew by 13 percent.",
        "Trade with Norland and Sudland grew by 16 percent.",
    ),
    "two questions": (
        "How many ships waited at Oakford, and how many dockers joined the strike?",
        "At Oakford 17 ships waited when the dockers joined the strike.",
        "At Oakford 42 ships waited when the dockers joined the strike.",
    ),
    "two outlets": (
        "How many dockers joined the strike by the Daily Ledger and by the Harbour Post?",
        "At Oakford 900 dockers joined the strike.",
        "At Oakford 1,850 dockers joined the strike.",
    ),
    "list": (
        "Which countries signed the treaty at Oakford?",
        "The treaty at Oakford was signed by Norland.",
        "The treaty at Oakford was signed by Sudland.",
    ),
    "why": (
        "Why was the bridge at Oakford closed?",
        "The bridge at Oakford was closed for 3 days because of ice.",
        "The bridge at Oakford was closed for 9 days because of rust.",
    ),
}


@pytest.mark.parametrize("reason", QUIET)
def test_is_silent_about(reason: str) -> None:
    question, one, other = QUIET[reason]

    assert found(question, *two(one, other)) == Disagreements()


@pytest.mark.parametrize("question", ["", "?", "How?", "Who", "How many?", "When", "ΠΟΤΕ;"])
def test_a_question_that_says_nothing_finds_nothing(question: str) -> None:
    _, one, other, _ = CONFLICTS["count"]

    assert found(question, *two(one, other)) == Disagreements()


def test_no_passages_disagree_about_nothing() -> None:
    assert found(CONFLICTS["count"][0]) == Disagreements()


def test_what_is_far_from_the_question_does_not_count() -> None:
    question, one, other, _ = CONFLICTS["count"]
    pages = two(one, other)

    far = Evidence(question, pages, {}, [[0.1], [0.9]])

    assert find_disagreements(far) == Disagreements()


def test_fifty_passages_are_read() -> None:
    filler = "The mayor of Oakford opened a market with 30 stalls near Elmstead on 3 May 2019. " * 9
    pages = [
        passage(
            f"{filler}Some {900 + 200 * n} dockers joined the walkout at Oakford.",
            n=n,
            outlet=f"Post {n}",
            day=EARLY,
        )
        for n in range(1, 51)
    ]
    asked = evidence(*pages, question=CONFLICTS["count"][0])

    disagreements = find_disagreements(asked)

    assert len(disagreements.conflicts[0].positions) > 1
