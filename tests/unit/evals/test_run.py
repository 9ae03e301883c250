"""A run asks every question, scores every answer and leaves a record."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from evals.errors import GoldNotFound
from evals.results import public
from evals.run import Course, Outcome, run
from evals.samples import Sample
from evals.suite import GoldQuestion, Suite
from service.domain import Answer
from service.settings import ServiceSettings
from tests.unit.evals.made import QUOTE, TITLE, FakeBackend, abstained, answered, cited, gold
from tests.unit.evals.made import unanswerable as without_answer

WHO = without_answer(id="who", question="Who steered?", type="unanswerable")


def suite(*questions: GoldQuestion) -> Suite:
    """Return a suite of these questions."""
    return Suite(Path("ferry.jsonl"), "0" * 64, questions)


async def outcome(**answers: Answer | Exception) -> Outcome:
    """Run the two questions with these answers to them."""
    given = {gold().question: answers["when"], WHO.question: answers["who"]}
    return await run(suite(gold(), WHO), FakeBackend(given))


async def test_every_question_is_scored_in_order() -> None:
    done = await outcome(when=answered(citations=[cited(QUOTE)]), who=abstained())

    assert [sample.id for sample in done.samples] == ["when", "who"]
    means = {name: figure.mean for name, figure in done.summary.metrics.items()}
    assert means.pop("latency_ms") == 6
    fell_short = {name for name, mean in means.items() if mean is not None and mean < 1}
    assert fell_short == {"token_f1", "exact_match"}
    assert means["positions_shown"] is None


async def test_figures_of_one_type_are_of_its_questions_alone() -> None:
    done = await outcome(when=abstained(), who=abstained())

    right = {name: of["abstention"].mean for name, of in done.summary.by_type.items()}
    assert right == {"factoid": 0, "unanswerable": 1}


async def test_a_question_that_raises_is_recorded_and_the_rest_goes_on() -> None:
    done = await outcome(when=RuntimeError("no ink"), who=abstained())

    assert done.samples[0].error == "RuntimeError: no ink"
    assert done.summary.errors == 1
    figure = done.summary.metrics["abstention"]
    assert (figure.n, figure.unscored, figure.mean) == (1, 1, 1)


async def test_a_question_is_asked_with_its_history_and_day() -> None:
    turn = {"role": "user", "content": "And before?"}
    question = gold(history=[turn], as_of="2025-03-01")
    backend = FakeBackend({question.question: answered()})

    await run(suite(question), backend)

    assert backend.asked == [question.asked()]


async def test_what_is_done_is_not_asked_again() -> None:
    first = await outcome(when=answered(), who=abstained())
    backend, kept = FakeBackend({WHO.question: abstained()}), list[Sample]()

    again = await run(
        suite(gold(), WHO), backend, Course(done={"when": first.samples[0]}, keep=kept.append)
    )

    assert [sample.id for sample in again.samples] == ["when", "who"]
    assert [sample.id for sample in kept] == ["who"]
    assert [question.text for question in backend.asked] == [WHO.question]


async def test_so_many_are_asked_at_once() -> None:
    class Slow(FakeBackend):
        under_way = most = 0

        async def ask(self, question):  # type: ignore[no-untyped-def]
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await asyncio.sleep(0.001)
            self.under_way -= 1
            return await super().ask(question)

    questions = [gold(id=f"q{n}", question=f"Question {n}?") for n in range(12)]
    backend = Slow({question.question: answered() for question in questions})

    await run(suite(*questions), backend, Course(at_once=3))

    assert backend.most == 3


async def test_evidence_may_name_the_address_of_its_article() -> None:
    question = gold(evidence=[{"article": "https://ferry.example/1", "quote": QUOTE}])

    done = await run(suite(question), FakeBackend({question.question: answered()}))

    assert done.summary.metrics["evidence_recall"].mean == 1


async def test_a_title_that_ingest_reads_otherwise_stops_no_run() -> None:
    question = gold(evidence=[{"article": "The ferry", "quote": QUOTE}])

    done = await run(suite(question), FakeBackend({question.question: answered()}))

    assert done.summary.metrics["evidence_recall"].mean == 1


@pytest.mark.parametrize(
    ("article", "quote", "problem"),
    [
        (TITLE, "Nobody knows.", "its quote is not in it"),
        ("Elsewhere", "Nobody knows.", "none has this title or URL"),
    ],
)
async def test_a_suite_of_other_articles_is_refused(article: str, quote: str, problem: str) -> None:
    question = gold(evidence=[{"article": article, "quote": quote}])

    with pytest.raises(GoldNotFound, match=problem):
        await run(suite(question), FakeBackend({}))


def test_no_secret_is_recorded() -> None:
    settings = ServiceSettings(
        _env_file=None,
        llm_api_key=SecretStr("hush"),
        llm_base_url="https://me:hush@models.example:8443/v1?key=hush",
    )

    shown = public(settings)

    assert "hush" not in json.dumps(shown)
    assert shown["llm_base_url"] == "https://models.example:8443/v1"
    assert shown["embedder"] == "minilm"
