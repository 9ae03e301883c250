"""A whole evaluation: an index or a running service, the questions, the folder of results."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evals.errors import OutputError, ServiceUnusable
from evals.folder import Run, RunFolder
from evals.results import RunRecord, describe_run
from evals.run import AT_ONCE, Course, Service, run
from evals.samples import Prices, Sample
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
        prices: Of the model's tokens, if the cost is wanted.
        progress: Called with the number of questions done and of all.
    """

    suite: Suite
    settings: ServiceSettings
    out: Path
    articles: Path | None = None
    url: str | None = None
    at_once: int = AT_ONCE
    prices: Prices | None = None
    progress: Callable[[int, int], None] = lambda _done, _all: None


def measure(plan: Plan) -> Run:
    """Ask every question and write what came of it; a run that was cut off is gone on with.

    Raises:
        EvalError: See `evals.errors`.
        IndexUnavailable: The index cannot be written or read.
    """
    if plan.articles is None:
        return asyncio.run(_measure_running(plan))
    if plan.out.resolve().is_relative_to(plan.articles.resolve()):
        raise OutputError(f"{str(plan.out)!r} is inside the articles; name another --out")
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
    secret = key.get_secret_value().strip() if key else None
    async with RunningService(plan.url or "", secret) as service:
        stats = await service.stats()
        embedder = f"{stats.embedder} (generation {stats.generation})"
        record = describe_run(plan.suite, None, embedder, plan.settings, plan.url)

        async def unchanged() -> None:
            later = (await service.stats()).generation
            if later != stats.generation:
                raise ServiceUnusable(
                    f"the service's index changed from generation {stats.generation} to {later} "
                    "during the run; run again with another --out"
                )

        return await measure_with(plan, service, record, unchanged)


async def _nothing_to_wait_for() -> None:
    return


async def measure_with(
    plan: Plan,
    service: Service,
    record: RunRecord,
    settled: Callable[[], Awaitable[None]] = _nothing_to_wait_for,
) -> Run:
    """Ask `service` the questions; see `measure`. `settled` raises what makes the run worthless."""
    folder = RunFolder(plan.out, record.model_copy(update={"at_once": plan.at_once}))
    asked = {question.id: question for question in plan.suite.questions}
    done = {name: s for name, s in folder.done.items() if s.gold == asked.get(name)}
    with _counted(plan, len(done)) as count:

        def keep(sample: Sample) -> None:
            folder.keep(sample)
            count()

        try:
            outcome = await run(plan.suite, service, Course(plan.at_once, done, keep, plan.prices))
            await settled()
        except BaseException:
            folder.abandon()
            raise
        return folder.finish(outcome)


@contextmanager
def _counted(plan: Plan, done: int) -> Iterator[Callable[[], None]]:
    total = len(plan.suite.questions)
    plan.progress(done, total)

    def count() -> None:
        nonlocal done
        done += 1
        plan.progress(done, total)

    yield count
