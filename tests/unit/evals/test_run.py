"""A run asks every question, scores every answer and leaves a record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from evals.errors import GoldNotFound, OutputError
from evals.results import describe_run, public, write
from evals.run import Outcome, run
from evals.suite import GoldQuestion, Suite
from ingest.index.manifest import EmbedderRecord
from service.domain import Answer
from service.settings import ServiceSettings
from tests.unit.evals.made import QUOTE, TITLE, FakeBackend, abstained, answered, cited, gold
from tests.unit.evals.made import unanswerable as without_answer

WHO = without_answer(id="who", question="Who steered?", type="unanswerable")
EMBEDDER = EmbedderRecord(name="fake", dimension=4, hash="0", precision="float")


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
    assert {name for name, mean in means.items() if mean != 1} == {
        "positions_shown",
        "forbidden_absent",
    }
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


async def test_a_run_leaves_samples_figures_and_what_they_depend_on(tmp_path: Path) -> None:
    done = await outcome(when=answered(), who=abstained())
    (tmp_path / "ferry.txt").write_text("A ferry sank.", "utf-8")
    record = describe_run(suite(), tmp_path, EMBEDDER, ServiceSettings(_env_file=None), done)

    write(done, record, tmp_path / "new" / "out")

    folder = tmp_path / "new" / "out"
    lines = (folder / "samples.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(one)["id"] for one in lines] == ["when", "who"]
    assert json.loads((folder / "summary.json").read_text("utf-8"))["questions"] == 2
    kept = json.loads((folder / "run.json").read_text("utf-8"))
    assert kept["embedder"]["name"] == "fake"
    assert [writer["kind"] for writer in kept["writers"]] == ["extractive"]
    assert kept["packages"]["numpy"]


async def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    done = await outcome(when=answered(), who=abstained())

    with pytest.raises(OutputError, match="taken"):
        write(done, {}, tmp_path / "taken")


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
