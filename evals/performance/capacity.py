"""What an index of a million passages takes, part by part, from the files to the answers.

`python -m evals.performance.capacity ARTICLES [--passages N] [--later N] [--work FOLDER]`. Files of
articles are made of the sentences of ARTICLES (see `varied`) and ingested as `dateline ingest` does
it, but that vectors are looked up; what it takes to compute them is measured with ARTICLES
themselves. Then the index is pushed to a folder as to object storage, pulled from there, opened and
asked, and a few articles more are ingested and pushed. Needs about 55 GB of disk for a million.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from evals.performance import retrieval
from evals.performance.measured import Measured
from evals.performance.memory import peak_mb
from evals.performance.own_ingest import inputs_of
from evals.performance.questions import made_questions
from evals.performance.retrieval import Job
from evals.performance.sentences import Sentences, sentences_of
from evals.performance.timing import cpu_s
from evals.performance.varied import KnownVectors, write_files
from ingest.domain import EmbedderId
from ingest.embed.background import BackgroundEmbedder
from ingest.embed.cache import CachingEmbedder, EmbeddingCache
from ingest.embed.embedder import Embedder
from ingest.embed.select import make_embedder
from ingest.embed.wordpieces import WordPieces, bundled
from ingest.index.follower import Follower
from ingest.index.generations import Generations
from ingest.index.publishing import Publishing
from ingest.index.remote import Remote
from ingest.pipeline import Options, ingest
from ingest.settings import IndexSettings, load
from ingest.tools import CACHE_NAME
from service.settings import ServiceSettings

R = TypeVar("R")

QUESTIONS, CLIENTS, LIMIT_S = 432, 8, 60.0
EMBEDDED = 3_000
MILLION = MB = 1e6


@dataclass(frozen=True)
class Ingested:
    """What an ingest took.

    Attributes:
        passages: That were added.
        cpu_s: Of all its threads and of the child that checks, embedding left out.
        wall_s: From its start to its end.
        publish_s: Of that, from the last article's reading to its generation's being in use.
        peak_mb: Most memory of the process; the child that checks has its own.
        unknown: Share of the sentences whose vector was another's.
    """

    passages: int
    cpu_s: float
    wall_s: float
    publish_s: float
    peak_mb: float
    unknown: float


class _Tools:
    """See ingest.publish.Tools."""

    def __init__(self, found: Sentences, known: Path, data_dir: Path) -> None:
        self.known = KnownVectors(found, known)
        self.cache = EmbeddingCache(data_dir / CACHE_NAME)
        self._pieces = bundled(load(IndexSettings))

    def embedder(self, _required: EmbedderId | None) -> Embedder:
        return CachingEmbedder(self.known, self.cache)

    def pieces(self) -> WordPieces:
        return self._pieces


def ingested(found: Sentences, known: Path, chosen: Path, data_dir: Path) -> Ingested:
    """Ingest the files in the folder `chosen`; for a process of its own."""
    seen = published = time.perf_counter()

    def read(_report: object) -> None:
        nonlocal seen
        seen = time.perf_counter()

    def put_in_use() -> None:
        nonlocal published
        published = time.perf_counter()

    data_dir.mkdir(parents=True, exist_ok=True)
    tools = _Tools(found, known, data_dir)
    started, before = time.perf_counter(), cpu_s()
    # One publication, in the end: how often there is one meanwhile is a setting.
    options = Options(checkpoint_s=1e9, progress=read, published=put_in_use)
    report = ingest([chosen], data_dir, tools, options)
    tools.cache.close()
    if report.failures:
        raise RuntimeError(f"{report.failed} articles failed: {report.failures[0]!r}")
    return Ingested(
        passages=report.passages,
        cpu_s=cpu_s() - before,
        wall_s=time.perf_counter() - started,
        publish_s=published - seen,
        peak_mb=peak_mb(),
        unknown=tools.known.unknown / max(1, tools.known.sentences),
    )


def embedding_rate(articles: Path) -> tuple[float, float]:
    """Return how many passages of real articles are embedded in a second, and CPU seconds each."""
    settings = load(IndexSettings)
    inputs = inputs_of(articles, bundled(settings))[:EMBEDDED]
    embedder = BackgroundEmbedder(lambda: make_embedder(settings))
    embedder.begin(inputs[:64]).result()
    started, before = time.perf_counter(), cpu_s()
    embedder.begin(inputs).result()
    wall_s, taken_s = time.perf_counter() - started, cpu_s() - before
    embedder.close()
    return len(inputs) / wall_s, taken_s / len(inputs)


def shipped(data_dir: Path, storage: Path) -> tuple[float, float]:
    """Push the generation in use as an ingest does; return the MB sent and the seconds."""
    started = time.perf_counter()
    where = {"data_dir": data_dir, "publish_url": storage.resolve().as_uri()}
    pushed = Publishing(load(IndexSettings).model_copy(update=where)).push()
    assert pushed is not None
    return pushed.size_bytes / MB, time.perf_counter() - started


def pulled(storage: Path, data_dir: Path) -> float:
    """Bring what was pushed into use in another data folder; return the seconds."""
    started = time.perf_counter()
    with closing(Follower(Remote(storage.resolve().as_uri()), data_dir, 1.0)) as follower:
        follower.refresh()
    return time.perf_counter() - started


def measure(given: argparse.Namespace, work: Path) -> dict[str, float]:
    """Do everything once; return the figures by name."""
    articles, settings = given.articles, load(ServiceSettings)
    rate, cpu_each = _alone(embedding_rate, articles)
    digest = hashlib.sha256(articles.read_bytes()).hexdigest()
    found = sentences_of(articles, digest, settings, work)
    files = write_files(found, given.passages, given.later, work)
    data, replica, storage = (work / name for name in ("data", "replica", "storage"))
    for folder in (data, replica, storage):
        shutil.rmtree(folder, ignore_errors=True)
    told = {
        "embedded a second": rate,
        "embedding, CPU hours a million": cpu_each * MILLION / 3600,
        "files, MB": _size_mb(files.first),
    }
    for name, chosen in (("all", files.first), ("later", files.later)):
        done = _alone(ingested, found, files.known, chosen, data)
        _say(name, vars(done))
        told |= {f"{name}: {key}": value for key, value in vars(done).items()}
        sent_mb, push_s = _alone(shipped, data, storage)
        told |= {f"{name}: sent, MB": sent_mb, f"{name}: push, s": push_s}
        if name == "all":
            told |= _parts(data)
            told["pull, s"] = _alone(pulled, storage, replica)
            told |= _asked(found, settings.model_copy(update={"data_dir": replica}))
            shutil.rmtree(replica)
    return told


def _parts(data: Path) -> dict[str, float]:
    generations = Generations(data)
    folder = generations.path(generations.require_current())
    parts = {name: _size_mb(folder / name) for name in ("catalog.db", "chroma", "tantivy")}
    parts["cached vectors"] = _size_mb(data / CACHE_NAME)
    return {f"{name}, MB": size for name, size in parts.items()}


def _asked(found: Sentences, settings: ServiceSettings) -> dict[str, float]:
    asked = tuple(made_questions(found, QUESTIONS))
    seen: Measured = _alone(retrieval.measure, Job(settings, asked, CLIENTS, LIMIT_S))
    _say("asked", json.loads(seen.model_dump_json()))
    one = next(row for row in seen.rows if (row.filtered, row.clients) == ("none", 1))
    many = next(row for row in seen.rows if (row.filtered, row.clients) == ("none", CLIENTS))
    return {
        "open, s": seen.opening.open_s,
        "memory of a service, MB": seen.warm.resident,
        "memory of the embedder in it, MB": seen.with_embedder.resident,
        "retrieval p50, ms": one.retrieval.p50_ms,
        "retrieval p99, ms": one.retrieval.p99_ms,
        f"retrieval p99 of {CLIENTS} at once, ms": many.retrieval.p99_ms,
    }


def _alone(work: Callable[..., R], *given: object) -> R:
    """Call it in a process of its own, whose memory and CPU time are of this alone."""
    with ProcessPoolExecutor(1, get_context("spawn")) as child:
        return child.submit(work, *given).result()


def _size_mb(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / MB


def _say(name: str, figures: object) -> None:
    sys.stderr.write(f"{name}: {json.dumps(figures, default=str)}\n")


def main() -> None:
    """Measure, and print one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", type=Path, help="what `dateline ingest` reads: one file")
    parser.add_argument("--passages", type=int, default=int(MILLION))
    parser.add_argument("--later", type=int, default=1_000, help="ingested into the finished index")
    parser.add_argument("--work", type=Path, required=True, help="a folder with room")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(json.dumps(measure(given, given.work), indent=1) + "\n")


if __name__ == "__main__":
    main()
