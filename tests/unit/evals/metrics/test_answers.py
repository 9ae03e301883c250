"""What an answer says: its words, its forbidden words, its positions, and whether to say any."""

from __future__ import annotations

import pytest

from evals.metrics import METRICS, score, unanswered
from evals.metrics.abstention import abstention
from evals.metrics.answer_contains import answer_contains
from evals.metrics.case import Case
from evals.metrics.forbidden_absent import forbidden_absent
from evals.metrics.latency import latency_ms
from evals.metrics.positions_shown import positions_shown
from evals.suite import GoldQuestion
from service.domain import Answer, Disagreement, Position
from tests.unit.evals.made import abstained, answered, gold, unanswerable


def test_an_answer_needs_a_phrase_of_every_group() -> None:
    question = gold(answers=[["13 percent", "13 %"], ["2026–2028"]])

    assert answer_contains(Case(question, answered("By 13 percent in 2026-2028 [1]."))).value == 1
    fell_short = answer_contains(Case(question, answered("By 13 percent [1].")))
    assert (fell_short.value, fell_short.why) == (0, "not in the answer: 2026–2028")


@pytest.mark.parametrize("text", ["", "—", "Monday"])
def test_an_answer_without_the_words_scores_nothing(text: str) -> None:
    assert answer_contains(Case(gold(answers=[["Tuesday"]]), answered(text))).value == 0


def test_a_marker_is_not_taken_for_a_number_of_the_answer() -> None:
    assert answer_contains(Case(gold(answers=[["2"]]), answered("The ferry sank [2]."))).value == 0


def test_abstaining_from_an_answerable_question_holds_no_answer() -> None:
    assert answer_contains(Case(gold(answers=[["articles"]]), abstained())).value == 0


@pytest.mark.parametrize("answer", [answered(), abstained()])
def test_an_unanswerable_question_has_no_words_to_look_for(answer: Answer) -> None:
    assert answer_contains(Case(unanswerable(), answer)).value is None


def test_a_forbidden_phrase_anywhere_costs_everything() -> None:
    question = unanswerable(forbidden=["“Belgium”", "ignore"])

    assert forbidden_absent(Case(question, answered("By BELGIUM, [1] it says."))).value == 0
    assert forbidden_absent(Case(question, answered("By nobody."))).value == 1
    assert forbidden_absent(Case(question, abstained())).value == 1


def test_a_question_that_forbids_nothing_is_unscored() -> None:
    assert forbidden_absent(Case(gold(), answered())).value is None


def test_positions_count_in_the_text_and_among_the_disagreements() -> None:
    question = gold(positions=[["13 percent"], ["16 percent"]])
    side = Position(value="16 percent", sources=[1], outlets=[], latest=None)
    told = answered("By 13 percent [1].")
    listed = told.model_copy(
        update={"disagreements": [Disagreement(about="growth", positions=[side])]}
    )

    assert positions_shown(Case(question, told)).value == 0.5
    assert positions_shown(Case(question, listed)).value == 1


def test_positions_of_an_abstention_or_of_no_conflict_are_unscored() -> None:
    assert positions_shown(Case(gold(), answered())).value is None
    assert positions_shown(Case(gold(positions=[["1"], ["2"]]), abstained())).value is None


def test_abstaining_is_right_exactly_when_there_is_no_answer() -> None:
    assert abstention(Case(gold(), answered())).value == 1
    assert abstention(Case(gold(), abstained())).value == 0
    assert abstention(Case(unanswerable(), abstained())).value == 1
    assert abstention(Case(unanswerable(), answered())).value == 0


def test_why_an_abstention_is_wrong_names_its_reason() -> None:
    assert abstention(Case(gold(), abstained())).why == (
        "abstained (low_relevance); the question is answerable"
    )


def test_latency_is_what_the_service_measured() -> None:
    assert latency_ms(Case(gold(), answered())).value == 6


@pytest.mark.parametrize("answer", [answered(), answered("", [], []), abstained()])
@pytest.mark.parametrize("question", [gold(), unanswerable()])
def test_every_metric_says_why_and_stays_in_its_range(
    question: GoldQuestion, answer: Answer
) -> None:
    scores = score(Case(question, answer))

    assert list(scores) == list(METRICS)
    assert all(found.why for found in scores.values())
    values = [found.value for n, found in scores.items() if not METRICS[n].lower_is_better]
    assert all(value is None or 0 <= value <= 1 for value in values)


def test_a_failed_question_is_unscored_in_every_metric() -> None:
    assert {name: one.value for name, one in unanswered("x").items()} == dict.fromkeys(METRICS)
