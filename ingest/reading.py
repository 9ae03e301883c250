"""Sources as an ingest meets them, one after another, and the articles of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from ingest.chunk import TokenCounter, chunk
from ingest.describe import PIPELINE_VERSION, describe
from ingest.domain import Article, EmbedderId, Failure, Passage, RawArticle, Step
from ingest.errors import ArticleError
from ingest.fetch import FetchLimits, fetch, printable
from ingest.index.ledger import Ledger
from ingest.places import size_of
from ingest.read import is_rolling, read
from ingest.read.sidecar import sidecar_fields, with_fields
from ingest.read.source import Source, file_source, page_source

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Found:
    """An article, and what splits it once it is wanted.

    Attributes:
        passages: Returns its passages, or why it cannot be split.
    """

    article: Article
    passages: Callable[[], list[Passage] | Failure]


class Reading(Protocol):
    """One source: a file, or what an address gave."""

    @property
    def origin(self) -> str:
        """What is written down as the place the articles came from."""
        ...

    @property
    def size(self) -> int:
        """Bytes of the file, 0 for an address."""
        ...

    @property
    def problem(self) -> Failure | None:
        """Why nothing of it can be taken."""
        ...

    @property
    def rolling(self) -> bool:
        """Whether articles that are no longer in it may only have scrolled off."""
        ...

    @property
    def digest(self) -> bytes | None:
        """SHA-256 over all that its articles depend on; None where it isn't, or not yet, known."""
        ...

    def articles(self) -> Iterator[Found | Failure]:
        """Yield its articles in order, and a Failure for each that cannot be had; ask once."""
        ...


@dataclass(frozen=True)
class Task:
    """What a run reads.

    Attributes:
        files: The files, in order.
        addresses: What is fetched after them.
        limits: What may be fetched.
        pieces: Returns what counts word pieces.
        stop: Asked now and then; once it is true, readings may end early.
        position: Told how many bytes of the source at hand are read.
        ledger: What is known of files and articles.
        base: The folder of the generation in use, None when there is none.
        required: What made the vectors of that generation.
    """

    files: Iterator[Path]
    addresses: Sequence[str]
    limits: FetchLimits
    pieces: Callable[[], TokenCounter]
    stop: Callable[[], bool]
    position: Callable[[int], None]
    ledger: Ledger
    base: Path | None
    required: EmbedderId | None


Readings = Callable[[Task], Generator[Reading, None, None]]
"""What yields the sources of a task in order; each is read to its end before the next is asked."""


def local_readings(task: Task) -> Generator[LocalReading, None, None]:
    """Read and split everything here, when it is asked for."""
    for path in task.files:
        reading = file_reading(path, task.stop, task.position)
        reading.pieces = task.pieces
        yield reading
    yield from fetched(task)


def fetched(task: Task) -> Iterator[LocalReading]:
    """Yield what the addresses of a task give."""
    for address in task.addresses:
        shown = printable(address).encode("utf-8", "backslashreplace").decode()
        try:
            page = fetch(address, task.limits, lambda: not task.stop())
        except ArticleError as error:
            if not task.stop():
                empty = page_source(shown, address, b"", None, None)
                yield LocalReading(empty, problem=Failure(shown, "read", str(error)))
            continue
        source = page_source(shown, page.url, page.data, page.media_type, page.charset)
        yield LocalReading(source, pieces=task.pieces)


def _no_pieces() -> TokenCounter:
    raise NotImplementedError


@dataclass
class LocalReading:
    """A source that is read by this process; for its members see Reading.

    Attributes:
        source: What is read.
        fields: What stands beside the file.
        pieces: Returns what counts word pieces; only `articles` asks for it.
    """

    source: Source
    fields: Mapping[str, object] = field(default_factory=dict)
    digest: bytes | None = None
    size: int = 0
    problem: Failure | None = None
    pieces: Callable[[], TokenCounter] = _no_pieces

    @property
    def origin(self) -> str:
        """See Reading.origin."""
        return self.source.origin

    @property
    def rolling(self) -> bool:
        """See Reading.rolling."""
        # An address may give a page of excuses one day, and no feed holds all that it ever did.
        return self.source.url is not None or is_rolling(self.source)

    def raw(self) -> Iterator[RawArticle | Failure]:
        """Yield the articles as the source and what stands beside it have them."""
        for item in _read(self.source):
            if isinstance(item, RawArticle):
                yield with_fields(item, self.fields, self.source)
            else:
                yield item

    def articles(self) -> Iterator[Found | Failure]:
        """See Reading.articles."""
        for item in self.raw():
            article = described(item)
            yield found(article, self.pieces) if isinstance(article, Article) else article


def file_reading(
    path: Path,
    stop: Callable[[], bool] = lambda: False,
    position: Callable[[int], None] = lambda _position: None,
) -> LocalReading:
    """Look at a file and at what stands beside it; its articles are not read yet."""
    size = size_of(path)

    def watch(at: int) -> None:
        position(min(at, size))

    def watch_stop(at: int) -> None:
        watch(at)
        if stop():
            raise InterruptedError("stopped while the file was looked at")

    source = file_source(path, watch)
    try:
        fields = sidecar_fields(path)
        digest = _digest(file_source(path, watch_stop), fields)
    except ArticleError as error:
        # Taken without what stands beside it, it would be another article.
        problem = Failure(source.origin, "describe", str(error))
        return LocalReading(source, size=size, problem=problem)
    return LocalReading(source, fields, digest, size)


def described(item: RawArticle | Failure) -> Article | Failure:
    """Return the article that a raw one is, or why it is none."""
    return _guarded(describe, item) if isinstance(item, RawArticle) else item


def found(article: Article, pieces: Callable[[], TokenCounter]) -> Found:
    """Return an article that is split when it is wanted."""
    return Found(article, lambda: split(article, pieces()))


def split(article: Article, pieces: TokenCounter) -> list[Passage] | Failure:
    """Return the passages of an article, or why it has none."""
    return _guarded(lambda item: chunk(item, pieces), article)


def _digest(source: Source, fields: Mapping[str, object]) -> bytes | None:
    """Return SHA-256 over all that the articles of a file depend on; None if it can't be read."""
    try:
        content = source.digest()
    except (OSError, ArticleError):
        return None
    beside = json.dumps([PIPELINE_VERSION, fields], sort_keys=True, default=str)
    return hashlib.sha256(content + beside.encode()).digest()


def _read(source: Source) -> Iterator[RawArticle | Failure]:
    try:
        yield from read(source)
    except Exception as error:
        yield Failure(source.origin, "read", f"unexpected {type(error).__name__}: {error}")


def _guarded(step: Callable[[A], B], item: A) -> B | Failure:
    """Run a step on one article; whatever goes wrong with it stops no other."""
    try:
        return step(item)
    except Exception as error:
        reason = f"unexpected {type(error).__name__}: {error}"
        name: Step = "chunk" if isinstance(item, Article) else "describe"
        return Failure(getattr(item, "origin", ""), name, reason)
