from __future__ import annotations

import pytest

from service.domain import Citation, Passage
from service.speech.attribution import speaker_of
from tests.unit.service.articles import START, passage

HARBOUR = passage(
    "Mayor Ivo Holm opened the quay. Trade rose 13 percent last year, and he called it a gift."
    " Holm said the crane cost 80,000 crowns. The union, according to Lena Dahl, wants more pay. "
    "Two ships lie idle in the basin. The Daily Ledger reported that the basin was shallow. "
    "The Northern Echo reported that the dredger had sunk."
)


def cited(quote: str, source: Passage = HARBOUR) -> Citation:
    start = START + source.source.text.index(quote)
    return Citation(
        source=source.source.n,
        article_id=source.source.article_id,
        start=start,
        end=start + len(quote),
        quote=quote,
    )


@pytest.mark.parametrize(
    ("claim", "quote", "speaker"),
    [
        (
            "The crane cost 80,000 crowns.",
            "Holm said the crane cost 80,000 crowns.",
            "Ivo Holm",
        ),
        ("Holm said the crane cost a lot.", "Holm said the crane cost", "Ivo Holm"),
        ("The union wants more pay.", "The union, according to Lena Dahl, wants", "Lena Dahl"),
        ("Two ships lie idle.", "Two ships lie idle in the basin.", None),
        ("Trade rose 13 percent last year.", "Trade rose 13 percent last year", None),
        ("The basin was shallow.", "The Daily Ledger reported that the basin", None),
        ("The dredger sank.", "The Northern Echo reported that the dredger", "Northern Echo"),
        ("The mayor said the crane cost a lot.", "Holm said the crane cost", "Ivo Holm"),
        ("Dahl said two ships lie idle.", "Two ships lie idle in the basin.", "Lena Dahl"),
        ("Nora Quist said two ships lie idle.", "Two ships lie idle in the basin.", None),
    ],
)
def test_the_cited_words_decide_whose_they_are(claim: str, quote: str, speaker: str | None) -> None:
    assert speaker_of(claim, [cited(quote)], [HARBOUR]) == speaker


def test_of_several_citations_the_first_that_reports_speech_counts() -> None:
    other = passage("The dredger sank, Nora Quist said.", n=2)
    citations = [
        cited("Two ships lie idle in the basin."),
        cited("The dredger sank, Nora Quist said.", other),
    ]

    assert speaker_of("The dredger sank beside two ships.", citations, [HARBOUR, other]) == (
        "Nora Quist"
    )


def test_a_quotation_of_several_sentences_has_the_speaker_at_its_end() -> None:
    said = passage("“We waited for days. Nobody came to the quay,” said Nora Quist, a cook.")

    assert speaker_of("They waited for days.", [cited("We waited for days.", said)], [said]) == (
        "Nora Quist"
    )


def test_without_citations_nobody_speaks() -> None:
    assert speaker_of("Holm said it rained.", [], [HARBOUR]) is None


def test_a_citation_of_a_passage_that_was_not_shown_is_passed_over() -> None:
    citation = cited("Holm said the crane cost").model_copy(update={"source": 9})

    assert speaker_of("The crane cost a lot.", [citation], [HARBOUR]) is None
