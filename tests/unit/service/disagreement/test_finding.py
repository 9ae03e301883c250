"""Sources of different stories that give different values for what is asked."""

from __future__ import annotations

import pytest

from service.disagreement import Disagreements, find_disagreements
from service.domain import Disagreement, Passage
from tests.unit.service.articles import evidence, passage

EARLY, LATE = "2025-03-04", "2025-03-06"


def found(question: str, *passages: Passage) -> Disagreements:
    return find_disagreements(evidence(*passages, question=question))


def two(
    one: str, other: str, days: tuple[str | None, str | None] = (EARLY, EARLY)
) -> list[Passage]:
    return [
        passage(one, n=1, outlet="Daily Ledger", day=days[0]),
        passage(other, n=2, outlet="Harbour Post", day=days[1]),
    ]


def values(disagreements: tuple[Disagreement, ...]) -> list[list[str]]:
    return [[side.value for side in one.positions] for one in disagreements]


CONFLICTS = {
    "duration": (
        "How long is the treaty between Norland and Sudland meant to last?",
        "The treaty between Norland and Sudland is meant to last two years.",
        "The treaty between Norland and Sudland is meant to last 18 months.",
        ["two years", "18 months"],
    ),
    "date": (
        "When was the bridge at Oakford opened?",
        "The bridge at Oakford was opened on 3 May 2019.",
        "The bridge at Oakford was opened on 7 May 2019.",
        ["3 May 2019", "7 May 2019"],
    ),
    "count": (
        "How many dockers joined the walkout at Oakford?",
        "Some 1,850 dockers joined the walkout at Oakford.",
        "Only 900 dockers joined the walkout at Oakford.",
        ["1,850", "900"],
    ),
    "percentage": (
        "By how much did trade between Norland and Sudland grow last year?",
        "Trade between Norland and Sudland grew by 13 percent last year.",
        "Trade between Norland and Sudland grew by 16 percent last year.",
        ["13 percent", "16 percent"],
    ),
    "sum": (
        "How large is the damage from the flood at Oakford?",
        "The farmers put the damage from the flood at Oakford at 310 million crowns.",
        "The company puts the damage from the flood at Oakford at 450 million crowns.",
        ["310 million crowns", "450 million crowns"],
    ),
    "frequency": (
        "How often do the planes fly from Oakford to Sudland?",
        "The planes fly from Oakford to Sudland two times a week.",
        "The planes fly from Oakford to Sudland three times a week.",
        ["two", "three"],
    ),
    "person": (
        "Who signed the treaty at Oakford?",
        "The treaty at Oakford was signed by Anna Berg on Monday.",
        "The treaty at Oakford was signed by Carl Dahl on Monday.",
        ["Anna Berg", "Carl Dahl"],
    ),
    "place": (
        "In which city was the treaty with Norland signed?",
        "The treaty with Norland was signed in Oakford after long talks.",
        "The treaty with Norland was signed in Elmstead after long talks.",
        ["Oakford", "Elmstead"],
    ),
    "organisation": (
        "Which company bought the shipyard at Oakford?",
        "Meridia bought the shipyard at Oakford for a small sum, as Meridia said.",
        "The shipyard at Oakford was bought by Halden Holdings for a small sum.",
        ["Meridia", "Halden Holdings"],
    ),
    "yes or no": (
        "Did the governor order the gates at Oakford to be opened?",
        "The governor did order the gates at Oakford to be opened.",
        "The governor did not order the gates at Oakford to be opened.",
        [
            "The governor did order the gates at Oakford to be opened.",
            "The governor did not order the gates at Oakford to be opened.",
        ],
    ),
}


@pytest.mark.parametrize("kind", CONFLICTS)
def test_two_values_of_two_stories_are_a_conflict(kind: str) -> None:
    question, one, other, expected = CONFLICTS[kind]

    disagreements = found(question, *two(one, other))

    assert values(disagreements.conflicts) == [expected]
    assert disagreements.updates == ()


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "How long is the treaty with Norland meant to last?",
            "The treaty with Norland is meant to last two years.",
            "The treaty with Norland is meant to last 24 months.",
        ),
        (
            "When was the bridge at Oakford opened?",
            "The bridge at Oakford was opened on 3 May 2019.",
            "The bridge at Oakford was opened in May 2019.",
        ),
        (
            "How many people died in the flood at Oakford?",
            "Nine people died in the flood at Oakford.",
            "9 people died in the flood at Oakford.",
        ),
        (
            "How many people live in the town of Oakford?",
            "About 35 million people live in the town of Oakford.",
            "Now 35,300,000 people live in the town of Oakford.",
        ),
        (
            "How many people joined the march in Oakford?",
            "More than 200 people joined the march in Oakford.",
            "Organisers said 214 people joined the march in Oakford.",
        ),
        (
            "Who signed the treaty at Oakford?",
            "The treaty at Oakford was signed by Anna Berg.",
            "The treaty at Oakford was signed by President Berg.",
        ),
    ],
)
def test_one_value_in_two_forms_is_no_disagreement(question: str, one: str, other: str) -> None:
    assert found(question, *two(one, other)) == Disagreements()


def test_sources_of_one_value_stand_together() -> None:
    question, one, other, _ = CONFLICTS["count"]
    third = passage(one.replace("Some 1,850", "All 1850"), n=3, outlet="Coast Radio", day=LATE)

    conflict = found(question, *two(one, other), third).conflicts[0]

    assert conflict.about == "how many dockers"
    assert [side.sources for side in conflict.positions] == [[1, 3], [2]]
    assert conflict.positions[0].outlets == ["Daily Ledger", "Coast Radio"]
    assert [side.latest for side in conflict.positions] == [LATE, EARLY]


@pytest.mark.parametrize("field", ["story_id", "also_in", "article_id"])
def test_one_story_does_not_disagree_with_itself(field: str) -> None:
    question, one, other, _ = CONFLICTS["count"]
    first, second = two(one, other)
    value = {"story_id": "s1", "also_in": ["a1"], "article_id": "a1"}[field]
    copy = Passage(second.source.model_copy(update={field: value}), second.sentences)

    assert found(question, first, copy) == Disagreements()


def test_a_source_that_tells_both_values_is_no_side() -> None:
    question, one, other, _ = CONFLICTS["percentage"]
    both = f"{other} The minister had spoken of 13 percent."

    assert found(question, *two(one, both)) == Disagreements()


def test_a_later_toll_is_an_update() -> None:
    pages = two(
        "At least 14 people died in the flood at Oakford.",
        "The flood at Oakford killed nine people.",
        (LATE, EARLY),
    )

    disagreements = found("How many people died in the flood at Oakford?", *reversed(pages))

    assert disagreements.conflicts == ()
    assert values(disagreements.updates) == [["14", "nine"]]
    assert [side.latest for side in disagreements.updates[0].positions] == [LATE, EARLY]


def test_a_later_toll_that_tells_the_earlier_one_is_an_update_too() -> None:
    pages = two(
        "The flood at Oakford killed 14 people.",
        "The flood at Oakford killed 31 people. On Tuesday the number had stood at 14 people.",
        (EARLY, LATE),
    )

    disagreements = found("How many people did the flood at Oakford kill?", *pages)

    assert values(disagreements.updates) == [["31", "14"]]


def test_a_fixed_fact_does_not_become_true_later() -> None:
    question, one, other, expected = CONFLICTS["duration"]

    disagreements = found(question, *two(one, other, (EARLY, LATE)))

    assert values(disagreements.conflicts) == [expected]


def test_words_of_revision_make_an_update_of_a_fixed_fact() -> None:
    pages = two(
        "The bridge at Oakford will open on 3 May 2026.",
        "The bridge at Oakford will now open on 7 June 2026.",
        (EARLY, LATE),
    )

    disagreements = found("When will the bridge at Oakford open?", *pages)

    assert values(disagreements.updates) == [["7 June 2026", "3 May 2026"]]


def test_who_holds_an_office_changes() -> None:
    pages = two(
        "The council of Oakford is led by Anna Berg.",
        "The council of Oakford is led by Carl Dahl.",
        (EARLY, LATE),
    )

    disagreements = found("Who leads the council of Oakford?", *pages)

    assert values(disagreements.updates) == [["Carl Dahl", "Anna Berg"]]


@pytest.mark.parametrize("days", [(EARLY, None), (None, None), (EARLY, EARLY)])
def test_without_an_order_of_days_there_is_no_update(
    days: tuple[str | None, str | None],
) -> None:
    pages = two(
        "The flood at Oakford killed nine people.",
        "The flood at Oakford killed 14 people.",
        days,
    )

    disagreements = found("How many people did the flood at Oakford kill?", *pages)

    assert values(disagreements.conflicts) == [["nine", "14"]]
    assert disagreements.updates == ()


def test_who_did_something_once_does_not_change() -> None:
    question, one, other, expected = CONFLICTS["person"]

    disagreements = found(question, *two(one, other, (EARLY, LATE)))

    assert values(disagreements.conflicts) == [expected]


def test_a_value_that_a_source_denies_is_not_its_own() -> None:
    pages = two(
        "The flood at Oakford killed 14 people.",
        "The flood at Oakford killed 13 and not 14 people.",
        (EARLY, LATE),
    )

    disagreements = found("How many people did the flood at Oakford kill?", *pages)

    assert values(disagreements.updates) == [["13", "14"]]


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("How many dockers joined the walkout at Oakford?", "how many dockers"),
        ("What is the number of dockers at Oakford harbour?", "the number of dockers"),
        ("The port of Oakford is shut. How many dockers are on strike?", "how many dockers"),
    ],
)
def test_says_what_the_values_are_of_in_words_of_the_question(question: str, about: str) -> None:
    pages = two(
        "The number of dockers on strike at Oakford harbour, a shut port, is 900 dockers.",
        "The number of dockers on strike at Oakford harbour, a shut port, is 400 dockers.",
    )

    assert [one.about for one in found(question, *pages).conflicts] == [about]
