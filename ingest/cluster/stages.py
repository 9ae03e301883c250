"""The stages of an ingest on a cluster: each takes packed rows and yields packed rows.

They know nothing of Ray, and run the same steps as an ingest without a cluster.
"""

from __future__ import annotations

import pickle
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from ingest.cluster.rows import Begun, Broken, Ended, Failed, Job, Plan, Raw, Row, Split, unpacked
from ingest.cluster.rows import packed as pack
from ingest.describe import PIPELINE_VERSION
from ingest.domain import Article, RawArticle
from ingest.embed.cache import EmbeddingCache, PackedVectors, cache_key, packed
from ingest.embed.embedder import Embedder, EmbedInput, embed_input
from ingest.embed.select import make_embedder
from ingest.embed.usable import usable
from ingest.embed.wordpieces import bundled
from ingest.errors import IndexUnavailable, IngestError, SettingsError
from ingest.index.ledger import Ledger
from ingest.read.source import Source
from ingest.reading import LocalReading, described, file_reading, split

T = TypeVar("T")


class Stage(Protocol):
    """One step on many rows."""

    def __call__(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the rows that come of `rows`, in order."""
        ...


class ReadStage:
    """Jobs to raw articles."""

    def __init__(self, plan: Plan) -> None:
        """Take the plan."""
        self._version = plan.version

    def __call__(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        """See Stage."""
        for data in rows:
            job: Job = pickle.loads(data)
            yield from map(pack, self._read(job))

    def _read(self, job: Job) -> Iterator[Row]:
        if self._version != PIPELINE_VERSION:
            yield Broken(
                SettingsError(
                    f"the worker {platform.node()!r} has another version of Dateline; install the "
                    "same on every machine of the cluster"
                )
            )
            return
        position, count = [0], 0
        reading = _reading(job.source, lambda at: position.__setitem__(0, at))
        if reading.problem is not None:
            yield Begun(job.number, problem=reading.problem)
        else:
            yield Begun(job.number, reading.rolling, digest=reading.digest)
            for item in reading.raw():
                count += 1
                if isinstance(item, RawArticle):
                    yield Raw(item, position[0])
                else:
                    yield Failed(item, position[0])
        yield Ended(job.number, count, reading.digest)


class SplitStage:
    """Raw articles to described ones with their passages."""

    def __init__(self, plan: Plan) -> None:
        """Load the word pieces."""
        self._identity = plan.identity
        self._pieces = _made(lambda: bundled(plan.settings))

    def __call__(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        """See Stage."""
        yield from map(pack, map(self._split, unpacked(rows)))

    def _split(self, row: Row) -> Row:
        if not isinstance(row, Raw):
            return row
        article = described(row.article)
        if not isinstance(article, Article):
            return Failed(article, row.position)
        if isinstance(self._pieces, Broken):
            return self._pieces
        passages = split(article, self._pieces)
        if not isinstance(passages, list):
            return Split(article, row.position, passages)
        keys = tuple(cache_key(self._identity, embed_input(passage)) for passage in passages)
        return Split(article, row.position, passages, keys)


class KnownStage:
    """Takes out what needs no embedding; runs where the index is."""

    def __init__(self, plan: Plan) -> None:
        """Open the catalog."""
        self._ledger = _ledger(plan.base)
        self._path = plan.cache
        self._cache: EmbeddingCache | None = None

    def __call__(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        """See Stage."""
        given = unpacked(rows)
        keys = [key for row in given if isinstance(row, Split) for key in row.keys]
        cached = self._cached(keys)
        for row in given:
            yield pack(self._marked(row, cached) if isinstance(row, Split) else row)

    def _cached(self, keys: Sequence[bytes]) -> frozenset[bytes]:
        """Return what the cache knows: nothing where there is none, or none that can be read.

        Whoever takes the rows makes it, and is the one to tell what is wrong with it.
        """
        try:
            if self._cache is None and self._path.is_file():
                self._cache = EmbeddingCache(self._path)
            return frozenset(self._cache.known(keys) if self._cache else ())
        except IngestError:
            return frozenset()

    def _marked(self, row: Split, cached: frozenset[bytes]) -> Split:
        known = self._ledger.known(row.article.article_id)
        if known is not None and known.fingerprint == row.article.fingerprint:
            return Split(row.article, row.position, None)
        return replace(row, cached=cached.intersection(row.keys))


class EmbedStage:
    """Passages to vectors, rounded as the cache rounds them."""

    def __init__(self, plan: Plan) -> None:
        """Load the model."""
        self._identity = plan.identity
        self._embedder = _made(lambda: make_embedder(plan.settings, plan.identity, threads=1))

    def __call__(self, rows: Iterable[bytes]) -> Iterator[bytes]:
        """See Stage."""
        given = unpacked(rows)
        if isinstance(self._embedder, Broken):
            yield pack(self._embedder)
            return
        texts = [_texts(row) for row in given]
        wanted = {key: text for own in texts for key, text in own.items()}
        try:
            vectors = self._embed(self._embedder, wanted)
        except IngestError as error:
            yield pack(Broken(error))
            return
        for row, own in zip(given, texts, strict=True):
            done = tuple(vectors[key] for key in own)
            yield pack(replace(row, vectors=done) if isinstance(row, Split) else row)

    def _embed(
        self, embedder: Embedder, wanted: Mapping[bytes, EmbedInput]
    ) -> dict[bytes, PackedVectors]:
        inputs = list(wanted.values())
        found = usable(embedder.embed(inputs), inputs, self._identity) if inputs else []
        return {key: packed(key, own) for key, own in zip(wanted, found, strict=True)}


def _texts(row: Row) -> dict[bytes, EmbedInput]:
    """Return what is to be embedded of an article, by its key."""
    if not isinstance(row, Split):
        return {}
    passages = row.passages if isinstance(row.passages, list) else []
    pairs = zip(row.keys, passages, strict=bool(passages))
    return {key: embed_input(passage) for key, passage in pairs if key not in row.cached}


def _reading(source: Path | Source, position: Callable[[int], None]) -> LocalReading:
    if isinstance(source, Path):
        return file_reading(source, position=position)
    return LocalReading(source)


def _ledger(base: Path | None) -> Ledger:
    """Open the catalog, or none: what was in use may have made room for later generations.

    What it knows is then found by whoever takes the rows.
    """
    try:
        return Ledger(base)
    except IndexUnavailable:
        return Ledger(None)


def _made(make: Callable[[], T]) -> T | Broken:
    """Make what a stage stands on, or what tells the ingest why that cannot be."""
    try:
        return make()
    except IngestError as error:
        return Broken(error)
