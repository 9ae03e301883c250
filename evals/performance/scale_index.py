"""An index of a given size, built once as a real ingest builds it, and kept for the next time."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

from pydantic import ValidationError

from evals.folder import write_file
from evals.performance.memory import peak_mb
from evals.performance.recombined import RECIPE, SEED, recombined
from evals.performance.sentences import Sentences
from evals.results import Kept, now
from ingest.errors import IndexUnavailable
from ingest.index import manifest as manifests
from ingest.index.builder import GenerationBuilder
from ingest.index.generations import Generations, WriterLock
from ingest.index.vectors import version

NAME = "built.json"


class Built(Kept):
    """How an index was built.

    Attributes:
        at: When, ISO 8601 in UTC.
        put_s: Seconds to put all articles.
        publish_s: Seconds to group stories, close, check and publish.
        peak_mb: Most memory of the process that built it; of earlier sizes of one run too.
    """

    at: str
    put_s: float
    publish_s: float
    peak_mb: float


def index_with(
    found: Sentences, passages: int, work: Path, say: Callable[[int, int], None]
) -> Path:
    """Return the data folder of an index of so many passages; one that is there and whole is used.

    Args:
        found: What its articles are made of.
        passages: How many.
        work: Where such folders are kept.
        say: Told how many passages are in, and of how many.

    Raises:
        IndexUnavailable: It cannot be built: no room, or another process is building it.
    """
    folder = work / f"{passages}-{_key(found, passages)}"
    if not _is_whole(folder):
        _build(found, passages, folder, say)
    return folder


def built(folder: Path) -> Built:
    """Return how the index in a data folder was built."""
    return Built.model_validate_json((folder / NAME).read_bytes())


def _key(found: Sentences, passages: int) -> str:
    chosen = [RECIPE, SEED, found.sha256, astuple(found.embedder), passages]
    stored = [manifests.SCHEMA, version()]
    return hashlib.sha256(json.dumps([*chosen, *stored]).encode()).hexdigest()[:12]


def _is_whole(folder: Path) -> bool:
    generations = Generations(folder)
    try:
        number = generations.require_current()
        manifests.verify(generations.path(number), manifests.read(generations.path(number)))
        built(folder)
    except (IndexUnavailable, OSError, ValidationError):
        return False
    return True


def _build(found: Sentences, passages: int, folder: Path, say: Callable[[int, int], None]) -> None:
    lock = WriterLock(folder)
    try:
        generations = Generations(folder)
        generations.remove_garbage()
        builder = GenerationBuilder(generations, found.embedder, None)
        try:
            started = time.perf_counter()
            _put(builder, found, passages, say)
            put = time.perf_counter()
            builder.publish()
        except BaseException:
            builder.abandon()
            raise
        took = (put - started, time.perf_counter() - put)
        done = Built(at=now(), put_s=took[0], publish_s=took[1], peak_mb=peak_mb())
        write_file(folder, NAME, done.model_dump_json(indent=1))
    finally:
        lock.release()


def _put(
    builder: GenerationBuilder, found: Sentences, passages: int, say: Callable[[int, int], None]
) -> None:
    done = 0
    for entry in recombined(found, passages):
        builder.put(entry)
        done += len(entry.passages)
        say(done, passages)
