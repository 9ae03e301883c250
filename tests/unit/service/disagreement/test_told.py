"""A disagreement in words."""

from __future__ import annotations

from service.disagreement import Disagreements, find_disagreements, told
from service.domain import Passage
from tests.unit.service.articles import START, evidence, passage
from tests.unit.service.disagreement.test_finding import CONFLICTS, EARLY, LATE, two


def said(question: str, *passages: Passage) -> list[str]:
    disagreements = find_disagreements(evidence(*passages, question=question))
    return [one.text for one in told(disagreements, passages)]


def test_a_conflict_names_every_side_and_its_day() -> None:
    question, one, other, _ = CONFLICTS["duration"]

    assert said(question, *two(one, other, (EARLY, LATE))) == [
        "Sources differ on how long: Daily Ledger says “two years” (4 March 2025), "
        "but Harbour Post says “18 months” (6 March 2025)."
    ]


def test_an_update_begins_with_the_latest_report() -> None:
    pages = two(
        "The flood at Oakford killed nine people.",
        "The flood at Oakford killed 14 people.",
        (EARLY, LATE),
    )

    assert said("How many people did the flood at Oakford kill?", *pages) == [
        "The latest report, of Harbour Post on 6 March 2025, says “14”; "
        "an earlier one, of Daily Ledger on 4 March 2025, said “nine”."
    ]


def test_without_outlet_and_day_the_title_stands() -> None:
    question, one, other, _ = CONFLICTS["count"]
    pages = [passage(one, n=1, outlet=None, day=None), passage(other, n=2, day=None)]

    assert said(question, *pages) == [
        "Sources differ on how many dockers: “Harbour plans” says “1,850”, "
        "but Daily Ledger says “900”."
    ]


def test_several_outlets_of_one_side_say_it_together() -> None:
    question, one, other, _ = CONFLICTS["count"]
    more = [passage(one, n=n, outlet=name) for n, name in ((3, "Coast Radio"), (4, "Pier News"))]

    text = said(question, *two(one, other), *more)[0]

    assert "Daily Ledger, Coast Radio and 1 more say “1,850”" in text


def test_every_side_rests_on_its_sentence() -> None:
    question, one, other, _ = CONFLICTS["percentage"]
    pages = two(f"The port was busy. {one}", other)
    disagreements = find_disagreements(evidence(*pages, question=question))

    citations = told(disagreements, pages)[0].citations

    assert [(c.source, c.article_id, c.quote) for c in citations] == [
        (1, "a1", one),
        (2, "a2", other),
    ]
    assert citations[0].start == START + len("The port was busy. ")
    assert citations[0].end == citations[0].start + len(one)


def test_nothing_found_is_nothing_told() -> None:
    assert told(Disagreements(), []) == []
