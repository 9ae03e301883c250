"""What an answer rests on: evidence shown, evidence cited, citations whole."""

from __future__ import annotations

import pytest

from evals.metrics.case import Case
from evals.metrics.citation_integrity import citation_integrity
from evals.metrics.citation_precision import citation_precision
from evals.metrics.citation_recall import citation_recall
from evals.metrics.evidence_recall import evidence_recall
from service.domain import Citation
from tests.unit.evals.made import (
    QUOTE,
    SPOKEN,
    TEXT,
    TITLE,
    abstained,
    answered,
    cited,
    gold,
    source,
    unanswerable,
)

TEXTS = {"a1": TEXT}
TWO = gold(evidence=[{"article": TITLE, "quote": QUOTE}, {"article": TITLE, "quote": SPOKEN}])


def test_evidence_counts_when_a_source_holds_it_in_any_layout() -> None:
    shown = source(text="Before.\n\nThe ferry\u00a0sank\n on Monday. After.")

    assert evidence_recall(Case(TWO, answered(sources=[shown]))).value == 0.5
    assert evidence_recall(Case(TWO, answered(sources=[shown, source(2)]))).value == 1


def test_no_sources_hold_no_evidence() -> None:
    assert evidence_recall(Case(gold(), answered(sources=[]))).value == 0


def test_a_quote_that_two_articles_carry_counts_once() -> None:
    copies = [{"article": title, "quote": QUOTE} for title in (TITLE, "A copy of it")]

    found = evidence_recall(Case(gold(evidence=copies), answered()))

    assert (found.value, found.why) == (1, "1 of 1 gold quotes are among 1 sources")
    assert (
        citation_recall(Case(gold(evidence=copies), answered(citations=[cited(QUOTE)]))).value == 1
    )


@pytest.mark.parametrize("metric", [evidence_recall, citation_recall, citation_precision])
def test_without_gold_or_without_an_answer_there_is_no_score(metric: object) -> None:
    assert callable(metric)
    assert metric(Case(unanswerable(), answered(citations=[cited(QUOTE)]))).value is None
    assert metric(Case(unanswerable(), abstained())).value is None
    assert metric(Case(gold(), abstained())).value is None


def test_recall_is_the_share_of_gold_quotes_that_are_cited() -> None:
    assert citation_recall(Case(TWO, answered(citations=[cited(QUOTE)]))).value == 0.5
    assert citation_recall(Case(TWO, answered(citations=[cited(TEXT)]))).value == 1


def test_precision_is_the_share_of_citations_that_are_gold() -> None:
    both = answered(citations=[cited(QUOTE), cited("Twelve were aboard.")])

    assert citation_precision(Case(gold(), both)).value == 0.5


def test_no_citation_cites_no_evidence_and_has_no_precision() -> None:
    assert citation_recall(Case(gold(), answered())).value == 0
    assert citation_precision(Case(gold(), answered())).value is None


def test_curly_quotes_and_dashes_make_no_difference_to_what_is_cited() -> None:
    question = gold(
        evidence=[{"article": TITLE, "quote": 'The harbour-master said "nobody was hurt"'}]
    )

    assert citation_recall(Case(question, answered(citations=[cited(SPOKEN)]))).value == 1


def test_a_citation_that_quotes_its_article_to_the_letter_is_whole() -> None:
    assert (
        citation_integrity(
            Case(gold(), answered(citations=[cited(QUOTE), cited(SPOKEN)]), texts=TEXTS)
        ).value
        == 1
    )


@pytest.mark.parametrize(
    "broken",
    [
        cited(SPOKEN, quote=SPOKEN.replace("“", '"')),
        cited(QUOTE, start=1),
        cited(QUOTE, end=len(TEXT) + 1),
        cited(QUOTE, start=-len(TEXT), end=-len(TEXT) + len(QUOTE)),
        cited("", start=0, end=0),
        cited(QUOTE, source=2),
        cited(QUOTE, article_id="a2"),
    ],
)
def test_a_citation_that_does_not_is_broken(broken: Citation) -> None:
    assert (
        citation_integrity(
            Case(gold(), answered(citations=[broken, cited(QUOTE)]), texts=TEXTS)
        ).value
        == 0.5
    )


def test_a_citation_of_an_article_that_does_not_exist_is_broken() -> None:
    assert citation_integrity(Case(gold(), answered(citations=[cited(QUOTE)]), texts={})).value == 0


def test_a_marker_without_a_source_counts_as_a_broken_citation() -> None:
    invented = answered("It sank [1]. All were saved [7].", [cited(QUOTE)])

    assert citation_integrity(Case(gold(), invented, texts=TEXTS)).value == 0.5
    assert citation_integrity(Case(gold(), answered("All were saved [7]."), texts=TEXTS)).value == 0


def test_an_answer_without_citations_and_an_abstention_have_none_to_check() -> None:
    assert citation_integrity(Case(gold(), answered("It sank."), texts=TEXTS)).value is None
    assert citation_integrity(Case(gold(), abstained(), texts=TEXTS)).value is None
