from __future__ import annotations

from dataclasses import replace

import pytest

from service.citations import cite
from service.disagreement.adding import Compared, with_disagreements
from service.domain import Passage, ShortAnswer, Statement
from service.writers.writer import Draft
from tests.unit.service.articles import evidence
from tests.unit.service.disagreement.test_finding import CONFLICTS, EARLY, LATE, two

DAYS = (EARLY, LATE)
QUESTION, ONE, OTHER, VALUES = CONFLICTS["count"]


def compared(*cited: int, passages: list[Passage] | None = None) -> Compared:
    """Return what becomes of a draft of one sentence that cites these sources."""
    shown = passages or two(ONE, OTHER)
    by_number = {passage.source.n: passage for passage in shown}
    citations = [cite(ONE, by_number[n]) for n in cited]
    said = Statement(text="So.", start=0, end=7, support="supported", citations=citations)
    return with_disagreements(Draft("So. [1]", (said,)), evidence(*shown, question=QUESTION))


def test_a_draft_that_believes_one_source_is_told_what_the_other_says() -> None:
    made = compared(1)

    first, added = made.draft.statements
    assert first.text == "So."
    assert made.draft.text[added.start : added.end] == f"{added.text} [1][2]"
    assert [[side.value for side in one.positions] for one in made.found.conflicts] == [VALUES]
    for value, citation in zip(VALUES, added.citations, strict=True):
        assert value in added.text
        assert value in citation.quote


def test_a_draft_that_cites_both_sides_says_it_itself() -> None:
    made = compared(1, 2)

    assert len(made.draft.statements) == 1
    assert made.found.conflicts


def test_a_later_report_is_told_as_an_update_and_no_conflict() -> None:
    one, other = (
        "Nine people died in the flood at Oakford.",
        "14 people died in the flood at Oakford.",
    )
    shown = evidence(
        *two(one, other, DAYS), question="How many people died in the flood at Oakford?"
    )

    made = with_disagreements(Draft("So. [1]"), shown)

    assert made.found.conflicts == ()
    assert [[side.value for side in one.positions] for one in made.found.updates] == [
        ["14", "Nine"]
    ]
    assert "latest report" in made.draft.statements[-1].text


def test_a_draft_that_declines_stays_as_it_is() -> None:
    declined = Draft(declined="writer_declined")

    made = with_disagreements(declined, evidence(*two(ONE, OTHER), question=QUESTION))

    assert made.draft == declined
    assert (made.found.conflicts, made.found.updates) == ((), ())


@pytest.mark.parametrize(
    "outlet", ["[2] News", "https://evil.example/x Post", "![x](http://evil.example)", "<b>Post"]
)
def test_no_marker_and_no_address_comes_in_by_an_outlets_name(outlet: str) -> None:
    one, other = two(ONE, OTHER)
    named = replace(one, source=one.source.model_copy(update={"outlet": outlet}))

    added = compared(1, passages=[named, other]).draft.statements[-1]

    assert not any(sign in added.text for sign in ("[", "]", "http", "evil", "<"))


def short_after(*days: str, cited: int) -> ShortAnswer | None:
    """Return what is left of a short answer when sources of these days differ."""
    one, other = (
        "Nine people died in the flood at Oakford.",
        "14 people died in the flood at Oakford.",
    )
    shown = two(one, other, days=days) if days else two(one, one)
    by_number = {passage.source.n: passage for passage in shown}
    text = by_number[cited].sentences[0].text
    said = Statement(
        text=text, start=0, end=50, support="supported", citations=[cite(text, by_number[cited])]
    )
    short = ShortAnswer(text=text.split()[0], statement=0, start=0, end=4, probability=0.9)
    question = "How many people died in the flood at Oakford?"
    draft = Draft(text, (said,), short_answer=short)
    return with_disagreements(draft, evidence(*shown, question=question)).draft.short_answer


def test_a_short_answer_stays_where_sources_agree() -> None:
    assert short_after(cited=1) is not None


def test_a_short_answer_stays_when_it_is_the_latest_report_s() -> None:
    assert short_after(LATE, EARLY, cited=1) is not None
    assert short_after(EARLY, LATE, cited=1) is None


def test_there_is_no_short_answer_to_what_sources_dispute() -> None:
    assert short_after(EARLY, EARLY, cited=1) is None
