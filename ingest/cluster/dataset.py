"""The stages as a Ray Data pipeline, run by an actor from which the ingest takes rows.

Ray Data cannot be driven through Ray's client, and takes much of its process's time for planning:
so it has a process of its own, on the node of the ingest where that is one of the cluster's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.cluster.rows import Plan
from ingest.cluster.stages import EmbedStage, KnownStage, ReadStage, SplitStage, Stage
from ingest.embed.openai_endpoint import LANES
from ingest.embed.select import has_endpoint

if TYPE_CHECKING:
    import pyarrow
    from ray.data import Dataset

BLOCK_BYTES = 256_000
"""Some twenty articles once they are split: a second's work, and what a lost worker repeats."""
ROWS_AT_ONCE = 16
"""Of one large file, before they go on."""
HELD_BYTES_BASE, HELD_BYTES_PER_WORKER = 64_000_000, 8_000_000
"""What the stages may hold between them, so that a slow publisher stops the readers."""
WORKERS_PER_SPLITTER = 4
# An embedding worker is busy all the time; it asks for less than a whole core so that those of a
# lost node find room on the others, as long as half of the cluster is left.
EMBED_CPUS, SPLIT_CPUS, READ_CPUS, KNOWN_CPUS = 0.4, 0.1, 0.05, 0.0
RESTARTS = 10
"""Of a worker. What kills it each time ends the run; tries of one block are not counted, since Ray
spends a dozen of them within the second in which it notices that a node is lost.
"""
_COLUMN = "row"


@dataclass(frozen=True)
class Site:
    """Where the stages run.

    Attributes:
        workers: How many embed; None for one on each core of the cluster.
        node: Where the coordinator runs: this machine's node, or the head.
        sees_index: Whether that is the machine where the index is.
    """

    workers: int | None
    node: str
    sees_index: bool


class Coordinator:
    """Runs the stages over one group of jobs. An actor; its methods are called one by one."""

    def __init__(self, plan: Plan, site: Site) -> None:
        """Take the plan and the place."""
        self._plan = plan
        self._site = site
        self._batches: Iterator[pyarrow.Table] = iter(())

    def begin(self, blocks: Sequence[Sequence[bytes]]) -> None:
        """Begin to run jobs, which are packed rows; each block is read by one task."""
        import ray.data

        _configure(workers_at(self._site))
        dataset = self._stages(ray.data.from_arrow([_table(block) for block in blocks]))
        self._batches = iter(dataset.iter_batches(batch_size=None, batch_format="pyarrow"))

    def next(self) -> list[bytes] | None:
        """Return the next rows; None at the end."""
        table = next(self._batches, None)
        return None if table is None else table.column(_COLUMN).to_pylist()

    def _stages(self, jobs: Dataset) -> Dataset:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        workers = workers_at(self._site)
        splitters = _splitters(workers)
        dataset = self._staged(jobs, ReadStage, splitters, READ_CPUS)
        dataset = self._staged(dataset, SplitStage, splitters, SPLIT_CPUS)
        if self._site.sees_index:
            here = NodeAffinitySchedulingStrategy(self._site.node, soft=False)
            dataset = self._staged(dataset, KnownStage, 1, KNOWN_CPUS, here)
        return self._staged(dataset, EmbedStage, embedders(self._plan, workers), EMBED_CPUS)

    def _staged(
        self, rows: Dataset, stage: type[Any], actors: int, cpus: float, where: object = "SPREAD"
    ) -> Dataset:
        from ray.data import ActorPoolStrategy

        return rows.map_batches(
            TableStage,
            batch_size=None,
            batch_format="pyarrow",
            compute=ActorPoolStrategy(size=actors, max_tasks_in_flight_per_actor=2),
            fn_constructor_args=(stage, self._plan),
            num_cpus=cpus,
            scheduling_strategy=where,
            max_restarts=RESTARTS,
            max_task_retries=-1,
        )


def workers_at(site: Site) -> int:
    """Return how many embed at most."""
    import ray

    if site.workers is not None:
        return site.workers
    cores = ray.cluster_resources().get("CPU", 1)  # type: ignore[no-untyped-call]
    return max(1, int(cores))


def embedders(plan: Plan, workers: int) -> int:
    """Return how many embed: an endpoint is asked no more at once than without Ray."""
    return min(workers, LANES) if has_endpoint(plan.settings) else workers


def wanted_cpus(plan: Plan, workers: int) -> float:
    """Return what all stages ask of the cluster."""
    before = _splitters(workers) * (READ_CPUS + SPLIT_CPUS)
    return before + KNOWN_CPUS + embedders(plan, workers) * EMBED_CPUS


def _splitters(workers: int) -> int:
    return math.ceil(workers / WORKERS_PER_SPLITTER)


class TableStage:
    """A stage over tables, as Ray Data wants it."""

    def __init__(self, stage: type[Any], plan: Plan) -> None:
        """Make the stage, once for each worker."""
        self._stage: Stage = stage(plan)

    def __call__(self, table: pyarrow.Table) -> Iterator[pyarrow.Table]:
        """Yield what comes of the rows of a table, some at a time."""
        rows: list[bytes] = []
        for row in self._stage(table.column(_COLUMN).to_pylist()):
            rows.append(row)
            if len(rows) >= ROWS_AT_ONCE:
                yield _table(rows)
                rows = []
        if rows:
            yield _table(rows)


def _table(rows: Sequence[bytes]) -> pyarrow.Table:
    import pyarrow

    return pyarrow.table({_COLUMN: pyarrow.array(rows, pyarrow.large_binary())})


def _configure(workers: int) -> None:
    from ray.data import DataContext, ExecutionResources

    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = BLOCK_BYTES
    context.execution_options.preserve_order = True
    held = HELD_BYTES_BASE + workers * HELD_BYTES_PER_WORKER
    limits = ExecutionResources.for_limits(object_store_memory=held)
    context.execution_options.resource_limits = limits
