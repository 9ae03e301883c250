"""Finished runs made up for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evals.folder import Run, RunFolder
from evals.metrics import score, unanswered
from evals.metrics.case import Case
from evals.results import Code, Content, Machine, RunRecord
from evals.run import Outcome
from evals.samples import Sample, summarise
from evals.suite import GoldQuestion
from service.domain import Answer
from tests.unit.evals.made import TEXT, abstained, answered, cited, gold, unanswerable

RIGHT = answered(citations=[cited("The ferry sank on Monday.")])


def sample(answer: Answer | None = RIGHT, question: GoldQuestion | None = None) -> Sample:
    """Return a question with its scores; without an answer, one that failed."""
    of = question or gold()
    if answer is None:
        scores = unanswered("no answer: it broke")
        return Sample(gold=of, answer=None, ranking=(), error="it broke", scores=scores)
    scores = score(Case(of, answer, (), {"a1": TEXT}))
    return Sample(gold=of, answer=answer, ranking=(), error=None, scores=scores)


def record(**changed: object) -> RunRecord:
    """Return the record of a run that is not finished."""
    fields: dict[str, object] = {
        "started": "2025-12-17T10:00:00+00:00",
        "suite": Content(path="gold/ferry.jsonl", sha256="5" * 64),
        "articles": None,
        "url": None,
        "embedder": "fake float 0",
        "settings": {"min_relevance": 0.5},
        "code": Code(commit="c0ffee1234", dirty=True, sha256="7" * 64),
        "machine": Machine(platform="Linux", python="3.11", cores=2, cpu="Fast"),
        "packages": {"rich": "15"},
    }
    return RunRecord.model_validate(fields | changed)


def finished(
    folder: Path, samples: Sequence[Sample] = (), /, changed: Mapping[str, object] | None = None
) -> Run:
    """Write a run of these samples into a folder; of every kind of ending when none is given."""
    of = tuple(samples) or endings()
    return RunFolder(folder, record(**(changed or {}))).finish(Outcome(of, summarise(of)))


def endings() -> tuple[Sample, ...]:
    """Return one sample of each ending, in the order of `Ending`."""
    return (
        sample(RIGHT, gold(id="right")),
        sample(answered("It sank on Tuesday."), gold(id="wrong")),
        sample(abstained(), unanswerable(id="good")),
        sample(abstained(), gold(id="bad")),
        sample(None, gold(id="failed")),
    )
