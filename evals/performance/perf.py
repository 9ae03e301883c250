"""A whole benchmark of retrieval: sentences, indexes of several sizes, questions, a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from evals.errors import SuiteError
from evals.folder import translated, write_file
from evals.performance import answers, recombined, retrieval
from evals.performance.measured import Measured, PerfRecord, Size
from evals.performance.questions import Asked, made_questions, read_questions
from evals.performance.retrieval import Job
from evals.performance.scale_index import built, index_with
from evals.performance.sentences import Sentences, sentences_of
from evals.results import RunRecord, describe_run, now
from evals.suite import Suite
from ingest.errors import IndexUnavailable
from ingest.index import manifest as manifests
from ingest.index.generations import Generations
from ingest.index.manifest import Manifest
from service.settings import ServiceSettings

RECORD, QUESTIONS = "perf.json", "questions.jsonl"
CLIENTS = 16
# So that the 99th percentile is not one question's.
MADE_QUESTIONS = 400 + retrieval.WARMING
LEAST_QUESTIONS = 2
LIMIT_S = 120.0
STORES = ("catalog", "chroma", "tantivy")
METHOD = f"{recombined.METHOD} {retrieval.METHOD} {answers.METHOD}"


@dataclass(frozen=True)
class PerfPlan:
    """What is measured.

    Attributes:
        articles: Whose sentences the indexes are made of.
        passages: The sizes of the indexes.
        questions: A file of them; None makes them of the sentences.
        work: Keeps the sentences and the indexes.
        out: Folder for the record.
        progress: Told what is being done, how much of it is done, and of how much.
    """

    settings: ServiceSettings
    articles: Path
    passages: Sequence[int]
    questions: Path | None
    work: Path
    out: Path
    progress: Callable[[str, int, int], None] = lambda _what, _done, _all: None


def measure_perf(plan: PerfPlan) -> PerfRecord:
    """Build what is missing, measure every size, and write the record.

    Raises:
        EvalError: See `evals.errors`.
        SettingsError: There are no such articles.
        IndexUnavailable: An index cannot be built or read.
    """
    begun = _begun(plan)
    articles, settings = begun.articles, plan.settings
    assert articles is not None
    found = sentences_of(plan.articles, articles.sha256, settings, plan.work)
    asked = _asked(plan, found)
    questions = begun.suite.model_copy(update={"sha256": _keep(asked, plan.out)})
    record = PerfRecord(
        **begun.model_dump(include={"started", "settings", "code", "machine", "packages"}),
        finished=now(),
        method=METHOD,
        articles=articles,
        questions=questions,
        embedder=f"{found.embedder.name} {found.embedder.precision} {found.embedder.hash[:12]}",
        k=retrieval.K,
        limit_s=LIMIT_S,
        sizes=(),
    )
    for passages in plan.passages:
        sizes = (*record.sizes, _size(plan, found, asked, passages))
        record = record.model_copy(update={"sizes": sizes, "finished": now()})
        # After each: whoever ends a long run keeps what was measured.
        write_file(plan.out, RECORD, record.model_dump_json(indent=1))
    return record


def _begun(plan: PerfPlan) -> RunRecord:
    """Return what is known before there are sentences to make questions of."""
    suite = Suite(plan.questions or plan.out / QUESTIONS, "", ())
    return describe_run(suite, plan.articles, "", plan.settings)


def _asked(plan: PerfPlan, found: Sentences) -> list[Asked]:
    if plan.questions is None:
        return made_questions(found, MADE_QUESTIONS)
    asked = read_questions(plan.questions, found)
    if len(asked) < LEAST_QUESTIONS:
        raise SuiteError(f"{str(plan.questions)!r} has fewer than {LEAST_QUESTIONS} questions")
    return asked


def _keep(asked: Sequence[Asked], out: Path) -> str:
    """Write the questions with their filters beside the record; return the SHA-256 of that."""
    lines = "".join(
        json.dumps(asdict(one), default=str, ensure_ascii=False) + "\n" for one in asked
    )
    with translated(out):
        out.mkdir(parents=True, exist_ok=True)
    write_file(out, QUESTIONS, lines)
    return hashlib.sha256(lines.encode()).hexdigest()


def _size(plan: PerfPlan, found: Sentences, asked: Sequence[Asked], passages: int) -> Size:
    def building(done: int, total: int) -> None:
        plan.progress(f"building {total} passages", done, total)

    folder = index_with(found, passages, plan.work, building)
    generations = Generations(folder)
    manifest = manifests.read(generations.path(generations.require_current()))
    settings = plan.settings.model_copy(update={"data_dir": folder})
    plan.progress(f"asking {passages} passages", 0, 0)
    measured = _in_child(Job(settings, tuple(asked), CLIENTS, LIMIT_S))
    return Size(
        articles=manifest.articles,
        stories=manifest.stories,
        passages=manifest.passages,
        shards=_shards(manifest),
        disk_mb=_disk_mb(manifest),
        built=built(folder),
        measured=measured,
    )


def _shards(manifest: Manifest) -> int:
    return len({Path(name).parts[1] for name in manifest.files if name.startswith("chroma/")})


def _disk_mb(manifest: Manifest) -> dict[str, float]:
    sizes = dict.fromkeys(STORES, 0.0)
    for name, record in manifest.files.items():
        # `catalog.db`, `chroma/…`, `tantivy/…`
        sizes[Path(name).parts[0].removesuffix(".db")] += record.size / 1e6
    return sizes


def _in_child(job: Job) -> Measured:
    """Measure in a process of its own: its memory is that of one index."""
    # Started afresh, not forked: a fork would hold what this process holds, and hang in Chroma.
    with ProcessPoolExecutor(1, get_context("spawn")) as child:
        try:
            return child.submit(retrieval.measure, job).result()
        except BrokenProcessPool as error:
            raise IndexUnavailable(
                f"the process that asked {job.settings.data_dir} has ended early; out of memory?"
            ) from error
