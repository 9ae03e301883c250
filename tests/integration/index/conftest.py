from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from ingest.dedupe import signature
from ingest.domain import Article, Passage, PublicationDate, Span
from ingest.embed.embedder import embed_input
from ingest.index import manifest as manifests
from ingest.index import rebuilding, shards, takedown
from ingest.index.builder import GenerationBuilder
from ingest.index.check import check
from ingest.index.generations import Generations
from ingest.index.rows import Indexed
from tests.chroma_run import ChromaRun, chroma_run
from tests.fakes import FakeEmbedder
from tests.sparse_chroma import SparseChroma, sparse_chroma

Make = Callable[..., Indexed]


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "data")


def entry(article_id: str, text: str, outlet: str = "Courier", day: str | None = None) -> Indexed:
    """Make an article of one passage a line, each line one sentence."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    article = Article(
        article_id=article_id,
        text=text,
        title=text.split("\n")[0],
        origin=f"/articles/{article_id}.txt",
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
        outlet=outlet,
        published=PublicationDate(at, "day", "text") if at else PublicationDate(),
    )
    passages = tuple(_passages(article))
    vectors = FakeEmbedder().embed([embed_input(passage) for passage in passages])
    return Indexed(article, passages, tuple(vectors), signature(text))


@contextmanager
def shards_of(size: int) -> Iterator[None]:
    """Let a shard take no more than `size` vectors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SIZE", size)
        yield


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaRun]:
    """A Chroma server for all tests, none of which may harm it."""
    with chroma_run(tmp_path_factory.mktemp("chroma") / "store") as started:
        yield started


@pytest.fixture(scope="session")
def sparse(chroma: ChromaRun) -> Iterator[SparseChroma]:
    """The same server, behind one that makes indexes of sparse vectors."""
    with sparse_chroma(chroma.url) as started:
        yield started


@pytest.fixture
def broken(sparse: SparseChroma) -> Iterator[Callable[[int, object], None]]:
    """Let all searches by words be answered in another way; they are right again afterwards."""

    def answer(status: int, body: object) -> None:
        sparse.broken = status, json.dumps(body).encode()

    yield answer
    sparse.broken = None


@pytest.fixture
def checked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check what is built again in this process."""
    checked = partial(GenerationBuilder, check=check)
    monkeypatch.setattr(rebuilding, "GenerationBuilder", checked)
    monkeypatch.setattr(takedown, "GenerationBuilder", checked)


@pytest.fixture
def make() -> Make:
    return entry


def _passages(article: Article) -> list[Passage]:
    passages, start = [], 0
    for number, line in enumerate(article.text.split("\n")):
        span = Span(start, start + len(line))
        name = f"{article.article_id}-{number:04d}"
        passages.append(
            Passage(name, article.article_id, span.start, span.end, line, article.title, (span,))
        )
        start = span.end + 1
    return passages


@pytest.fixture
def publish(generations: Generations) -> Callable[..., int]:
    """Publish a generation with some articles put and some removed."""
    return partial(put, generations)


def remake_manifest(folder: Path) -> None:
    """Make the manifest vouch for the files as they are now."""
    found = manifests.read(folder)
    remade = found.model_copy(update={"files": manifests.describe_files(folder)})
    (folder / manifests.NAME).write_text(remade.model_dump_json(), "utf-8")


def put(generations: Generations, *entries: Indexed, remove: tuple[str, ...] = ()) -> int:
    base = generations.current()
    # In this process: a child for each would take most of the tests' time.
    builder = GenerationBuilder(generations, FakeEmbedder().identity, base, check)
    try:
        for article_id in remove:
            builder.remove(article_id)
        for item in entries:
            builder.put(item)
        return builder.publish().generation
    except BaseException:
        builder.abandon()
        raise
