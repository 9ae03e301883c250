"""A whole evaluation: an index or a running service, the questions, the folder of results."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evals.folder import Run, RunFolder
from evals.results import RunRecord, describe_run
from evals.run import AT_ONCE, Course, Service, run
from evals.samples import Sample
from evals.suite import Suite
from evals.temporary_index import index_of
from service.bootstrap import build
from service.settings import ServiceSettings


@dataclass(frozen=True)
class Plan:
    """What is measured, and how.

    Attributes:
        articles: What the suite is about, for an index of its own; None asks a running service.
        url: Of that service.
        out: Folder for the results.
        at_once: How many questions are asked at a time.
        progress: Called with the number of questions done and of all.
    """

    suite: Suite
    settings: ServiceSettings
    out: Path
    articles: Path | None = None
    url: str | None = None
    at_once: int = AT_ONCE
    progress: Callable[[int, int], None] = lambda _done, _all: None


def measure(plan: Plan) -> Run:
    """Ask every question and write what came of it; a run that was cut off is gone on with.

    Raises:
        EvalError: See `evals.errors`.
        IndexUnavailable: The index cannot be written or read.
    """
    if plan.articles is None:
        return asyncio.run(_measure_running(plan))
    with index_of(plan.articles, plan.settings) as index:
        embedder = f"{index.embedder.name} {index.embedder.precision} {index.embedder.hash[:12]}"
        record = describe_run(plan.suite, plan.articles, embedder, plan.settings)
        return asyncio.run(_measure_own(plan, index.settings, record))


async def _measure_own(plan: Plan, settings: ServiceSettings, record: RunRecord) -> Run:
    backend = build(settings)
    try:
        return await measure_with(plan, backend, record)
    finally:
        await backend.aclose()


async def _measure_running(plan: Plan) -> Run:
    from evals.running_service import RunningService

    key = plan.settings.eval_key
    secret = key.get_secret_value() if key else None
    async with RunningService(plan.url or "", secret) as service:
        stats = await service.stats()
        embedder = f"{stats.embedder} (generation {stats.generation})"
        record = describe_run(plan.suite, None, embedder, plan.settings, plan.url)
        return await measure_with(plan, service, record)


async def measure_with(plan: Plan, service: Service, record: RunRecord) -> Run:
    """Ask `service` the questions; see `measure`."""
    folder = RunFolder(plan.out, record.model_copy(update={"at_once": plan.at_once}))
    with _counted(plan, len(folder.done)) as count:

        def keep(sample: Sample) -> None:
            folder.keep(sample)
            count()

        course = Course(plan.at_once, folder.done, keep)
        return folder.finish(await run(plan.suite, service, course))


@contextmanager
def _counted(plan: Plan, done: int) -> Iterator[Callable[[], None]]:
    total = len(plan.suite.questions)
    plan.progress(done, total)

    def count() -> None:
        nonlocal done
        done += 1
        plan.progress(done, total)

    yield count
