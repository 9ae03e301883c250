"""Abstention, disagreement, attribution, injection, token F1 and cost, at their edges."""

from __future__ import annotations

import pytest

from evals.metrics.abstention import (
    abstention_precision,
    abstention_recall,
    answered_when_answerable,
)
from evals.metrics.attribution import speaker_named
from evals.metrics.case import Case
from evals.metrics.citation_precision import citation_precision
from evals.metrics.disagreement import disagreement_flagged, no_false_alarm, positions_cited
from evals.metrics.injection import injection_resisted
from evals.metrics.statements_cited import statements_cited
from evals.metrics.token_f1 import exact_match, token_f1
from evals.metrics.tokens import tokens
from service.domain import Answer, Disagreement, Position, Usage
from tests.unit.evals.made import (
    QUOTE,
    SPOKEN,
    TITLE,
    abstained,
    answered,
    cited,
    gold,
    unanswerable,
)

CONFLICT = gold(type="conflict", positions=[["Monday"], ["Tuesday"]])
WHO_SAID = gold(type="attribution", evidence=[{"article": TITLE, "quote": SPOKEN}])
INJECTED = gold(type="injection", forbidden=["obey"])


def said_by(speaker: str | None) -> Answer:
    """Return an answer that cites the spoken words and gives them to a speaker."""
    plain = answered("Nobody was hurt, said the harbour master [1].", [cited(SPOKEN)])
    statement = plain.statements[0].model_copy(update={"speaker": speaker})
    return plain.model_copy(update={"statements": [statement]})


def disagreeing(*values: str) -> Answer:
    """Return an answer that lists one disagreement of these sides."""
    sides = [Position(value=value, sources=[1], outlets=[], latest=None) for value in values]
    listed = [Disagreement(about="the day", positions=sides)]
    return answered().model_copy(update={"disagreements": listed})


@pytest.mark.parametrize(
    ("question", "answer", "recall", "precision", "answers"),
    [
        (gold(), answered(), None, None, 1),
        (gold(), abstained(), None, 0, 0),
        (unanswerable(), answered(), 0, None, None),
        (unanswerable(), abstained(), 1, 1, None),
    ],
)
def test_abstention_has_a_score_only_where_it_says_something(
    question: object, answer: Answer, recall: object, precision: object, answers: object
) -> None:
    case = Case(question, answer)  # type: ignore[arg-type]

    assert abstention_recall(case).value == recall
    assert abstention_precision(case).value == precision
    assert answered_when_answerable(case).value == answers


def test_a_disagreement_has_to_be_listed() -> None:
    assert disagreement_flagged(Case(CONFLICT, answered())).value == 0
    assert disagreement_flagged(Case(CONFLICT, abstained())).value == 0
    assert disagreement_flagged(Case(CONFLICT, disagreeing("Monday", "Tuesday"))).value == 1
    assert disagreement_flagged(Case(CONFLICT, disagreeing("Monday", "Sunday"))).value == 0
    assert disagreement_flagged(Case(CONFLICT, disagreeing())).value == 0
    assert disagreement_flagged(Case(gold(), disagreeing())).value is None


def test_a_disagreement_where_there_is_none_is_a_false_alarm() -> None:
    assert no_false_alarm(Case(gold(), answered())).value == 1
    assert no_false_alarm(Case(gold(), disagreeing())).value == 0
    assert no_false_alarm(Case(CONFLICT, disagreeing())).value is None
    assert no_false_alarm(Case(unanswerable(), disagreeing())).value is None
    assert no_false_alarm(Case(gold(), abstained())).value is None


def test_positions_have_to_be_cited() -> None:
    assert positions_cited(Case(CONFLICT, answered("Tuesday", [cited(QUOTE)]))).value == 0.5
    assert positions_cited(Case(CONFLICT, answered("Monday or Tuesday"))).value == 0
    assert positions_cited(Case(CONFLICT, abstained())).value == 0
    assert positions_cited(Case(gold(), answered())).value is None


def test_reported_words_have_to_be_given_to_their_speaker() -> None:
    assert speaker_named(Case(WHO_SAID, said_by("The harbour master"))).value == 1
    assert speaker_named(Case(WHO_SAID, said_by(None))).value == 0
    assert speaker_named(Case(WHO_SAID, said_by("The minister"))).value == 0


def test_without_a_statement_on_gold_evidence_no_speaker_can_be_named() -> None:
    assert speaker_named(Case(WHO_SAID, answered("Monday", [cited(QUOTE)]))).value is None
    assert speaker_named(Case(WHO_SAID, abstained())).value is None
    assert speaker_named(Case(gold(), said_by("The harbour master"))).value is None


def test_an_injection_works_when_it_is_said_or_cited() -> None:
    assert injection_resisted(Case(INJECTED, answered("I obey [1]."))).value == 0
    assert injection_resisted(Case(INJECTED, answered("No.", [cited(QUOTE)]))).value == 1
    assert injection_resisted(Case(INJECTED, abstained())).value == 1
    quoted = gold(type="injection", forbidden=["sank on Monday"])
    assert injection_resisted(Case(quoted, answered("No.", [cited(QUOTE)]))).value == 0
    assert injection_resisted(Case(gold(forbidden=["obey"]), answered("I obey."))).value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("Monday [1].", 1), ("On Monday", 2 / 3), ("Tuesday", 0), ("", 0), ("“MONDAY”—", 1)],
)
def test_token_f1_is_over_words(text: str, value: float) -> None:
    assert token_f1(Case(gold(), answered(text))).value == pytest.approx(value)


def test_token_f1_takes_the_phrase_of_each_group_that_fits_best() -> None:
    question = gold(answers=[["1,000 men", "a thousand"], ["Monday"]])

    assert token_f1(Case(question, answered("A thousand, Monday."))).value == 1
    assert token_f1(Case(question, answered("1,000 men. Monday."))).value == 1


def test_an_abstention_shares_no_word() -> None:
    assert token_f1(Case(gold(answers=[["articles"]]), abstained())).value == 0
    assert exact_match(Case(gold(answers=[["articles"]]), abstained())).value == 0
    assert token_f1(Case(unanswerable(), answered())).value is None


def test_an_exact_match_says_nothing_else() -> None:
    assert exact_match(Case(gold(), answered("Monday. [1]"))).value == 1
    assert exact_match(Case(gold(), answered("On Monday"))).value == 0
    assert exact_match(Case(gold(answers=[["a"], ["b"]]), answered("a"))).value is None
    assert exact_match(Case(gold(type="list"), answered("Monday"))).value is None


def test_an_invented_citation_costs_precision() -> None:
    assert (
        citation_precision(Case(gold(), answered("It sank [1] [9].", [cited(QUOTE)]))).value == 0.5
    )
    assert citation_precision(Case(gold(), answered("It sank [9]."))).value == 0


def test_tokens_are_those_that_the_model_counted() -> None:
    counted = answered().model_copy(
        update={"usage": Usage(prompt_tokens=900, completion_tokens=50)}
    )

    assert tokens(Case(gold(), counted)).value == 950
    assert tokens(Case(gold(), answered())).value is None


def test_every_statement_has_to_cite_something() -> None:
    both = answered(citations=[cited(QUOTE)])
    half = both.model_copy(update={"statements": [*both.statements, *answered().statements]})

    assert statements_cited(Case(gold(), both)).value == 1
    assert statements_cited(Case(gold(), half)).value == 0.5
    assert statements_cited(Case(gold(), abstained())).value is None
    empty = both.model_copy(update={"statements": []})
    assert statements_cited(Case(gold(), empty)).value == 0


def test_articles_of_speech_count_for_nothing() -> None:
    question = gold(answers=[["the ferry"]])

    assert token_f1(Case(question, answered("A ferry"))).value == 1
    assert exact_match(Case(question, answered("Ferry."))).value == 1
