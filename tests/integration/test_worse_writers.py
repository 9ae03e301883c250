"""Deliberately worse settings, over the bundled suite, are caught by the gate by name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from evals.cli import SAMPLE_ARTICLES, SAMPLE_SUITE
from evals.compare import compare
from evals.folder import Run
from evals.gate import judge
from evals.results import describe_run
from evals.run import Service, run
from evals.suite import load
from evals.temporary_index import index_of
from service import bootstrap
from service.bootstrap import build
from service.domain import Answer, Question
from service.local import LocalRetriever
from service.local_backend import LocalBackend
from service.retrieval.tuning import Tuning
from service.settings import ServiceSettings

SUITE = load(SAMPLE_SUITE)


class Altered:
    """A service whose answers are changed on their way."""

    def __init__(self, service: LocalBackend, change: Callable[[Answer], Answer]) -> None:
        self.search, self.articles, self.article = (
            service.search,
            service.articles,
            service.article,
        )
        self._service, self._change = service, change

    async def ask(self, question: Question) -> Answer:
        return self._change(await self._service.ask(question))


def run_of(service: Service) -> Run:
    done = asyncio.run(run(SUITE, service))
    record = describe_run(SUITE, None, "bundled", ServiceSettings(_env_file=None))
    return Run(Path("run"), record, done.samples, done.summary)


@pytest.fixture(scope="module")
def settings() -> Iterator[ServiceSettings]:
    """Lead to an index of the bundled articles."""
    with index_of(SAMPLE_ARTICLES, ServiceSettings(_env_file=None, writer="extractive")) as index:
        yield index.settings


@pytest.fixture(scope="module")
def baseline(settings: ServiceSettings) -> Run:
    return run_of(build(settings))


def without_every_second_citation(answer: Answer) -> Answer:
    kept = [
        said.model_copy(update={"citations": said.citations if n % 2 == 0 else []})
        for n, said in enumerate(answer.statements)
    ]
    if len(kept) == 1:
        kept = [kept[0].model_copy(update={"citations": []})]
    return answer.model_copy(update={"statements": kept})


def with_an_invented_citation(answer: Answer) -> Answer:
    if answer.status != "answered":
        return answer
    return answer.model_copy(update={"answer": f"{answer.answer} So they say [99]."})


def reasons(baseline: Run, worse: Run) -> list[str]:
    return [reason.split()[0] for reason in judge(compare(baseline, worse)).reasons]


def test_the_same_code_run_twice_passes(settings: ServiceSettings, baseline: Run) -> None:
    assert judge(compare(baseline, run_of(build(settings)))).is_open


def test_a_writer_that_drops_citations_is_caught(settings: ServiceSettings, baseline: Run) -> None:
    worse = run_of(Altered(build(settings), without_every_second_citation))

    assert "citation_recall" in reasons(baseline, worse)


def test_a_writer_that_invents_citations_is_caught(
    settings: ServiceSettings, baseline: Run
) -> None:
    found = reasons(baseline, run_of(Altered(build(settings), with_an_invented_citation)))

    assert {"citation_integrity", "citation_precision"} <= set(found)


def test_a_writer_that_never_abstains_is_caught(settings: ServiceSettings, baseline: Run) -> None:
    never = {"min_probability": 0.0, "min_relevance": 0.0}

    worse = run_of(build(settings.model_copy(update=never)))

    assert "abstention_recall" in reasons(baseline, worse)


def test_a_search_that_weighs_nothing_is_caught(
    settings: ServiceSettings, baseline: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    weightless = Tuning(
        coverage=0, part=0, part_share=0, whole=0, whole_share=0, outlet=0, day=0, recency=0
    )
    monkeypatch.setattr(bootstrap, "LocalRetriever", partial(LocalRetriever, tuning=weightless))

    found = reasons(baseline, run_of(build(settings)))

    assert {"reciprocal_rank", "evidence_recall_at_10"} <= set(found)
