"""What passes from stage to stage of an ingest on a cluster: the rows of a source, in order.

Of each source there is one `Begun`, then a row for each of its articles and failures, then one
`Ended`. Rows travel as pickled bytes: tables of them need no scheme of columns.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.describe import PIPELINE_VERSION
from ingest.domain import Article, EmbedderId, Failure, Passage, RawArticle
from ingest.embed.cache import PackedVectors
from ingest.errors import IngestError
from ingest.read.source import Source
from ingest.settings import IndexSettings


@dataclass(frozen=True)
class Plan:
    """What every stage has to know.

    Attributes:
        settings: Of whoever runs the ingest, with absolute paths.
        identity: What the vectors shall depend on.
        base: The folder of the generation in use, on the machine that runs the ingest.
        cache: The file of the vectors that are known there.
        version: Of the steps, which has to be the workers' own.
    """

    settings: IndexSettings
    identity: EmbedderId
    base: Path | None
    cache: Path
    version: int = PIPELINE_VERSION


@dataclass(frozen=True)
class Job:
    """A source that workers read.

    Attributes:
        number: Its place in the run.
        source: A file, or what an address gave.
        size: In bytes.
    """

    number: int
    source: Path | Source
    size: int

    @property
    def held(self) -> int:
        """How many bytes travel with it."""
        content = b"" if isinstance(self.source, Path) else self.source.content
        return len(content) if isinstance(content, bytes) else 0


@dataclass(frozen=True)
class Begun:
    """A source is read; its members are those of ingest.reading.Reading."""

    number: int
    rolling: bool = False
    problem: Failure | None = None
    digest: bytes | None = None


@dataclass(frozen=True)
class Raw:
    """An article as its source has it.

    Attributes:
        position: How many bytes of the source were read by then.
    """

    article: RawArticle
    position: int


@dataclass(frozen=True)
class Failed:
    """What cannot be had of a source."""

    failure: Failure
    position: int


@dataclass(frozen=True)
class Split:
    """An article and its passages.

    Attributes:
        passages: None where they are not needed: the article is known as it is.
        keys: Of the cache, one for each passage.
        cached: Those of `keys` that need not be embedded.
        vectors: Of the others.
    """

    article: Article
    position: int
    passages: list[Passage] | Failure | None
    keys: tuple[bytes, ...] = ()
    cached: frozenset[bytes] = frozenset()
    vectors: tuple[PackedVectors, ...] = ()


@dataclass(frozen=True)
class Ended:
    """A source was read to its end.

    Attributes:
        count: How many articles and failures came of it.
        digest: That of `Begun`, unless another try at a changed source went on after it.
    """

    number: int
    count: int
    digest: bytes | None


@dataclass(frozen=True)
class Broken:
    """A stage cannot go on, and the ingest with it."""

    error: IngestError


Row = Begun | Raw | Failed | Split | Ended | Broken


def packed(row: Row | Job) -> bytes:
    """Return a row as it travels."""
    return pickle.dumps(row, pickle.HIGHEST_PROTOCOL)


def unpacked(rows: Iterable[bytes]) -> list[Row]:
    """Return rows that have travelled."""
    return [pickle.loads(row) for row in rows]
