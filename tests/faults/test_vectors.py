"""An embedder that gives wrong vectors: none is published, and what was published serves on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from ingest import pipeline, publish
from ingest.domain import EmbedderId, PassageVectors
from ingest.embed.cache import CachingEmbedder, EmbeddingCache
from ingest.embed.embedder import Embedder, EmbedInput
from ingest.errors import EmbeddingFailed
from ingest.index.builder import GenerationBuilder
from ingest.index.check import check
from ingest.index.library import Library
from ingest.settings import IndexSettings
from ingest.tools import CACHE_NAME, SettingsTools
from tests.embedding_server import (
    UNUSABLE,
    EmbeddingServer,
    Fault,
    item,
    serving_embeddings,
    with_data,
)
from tests.fakes import DIMENSION, FakeEmbedder, FakeTools
from tests.integration.conftest import record, write

Vectors = list[PassageVectors]

ROWS = np.eye(DIMENSION + 1, dtype=np.float32)


def with_first(change: Callable[[PassageVectors], PassageVectors]) -> Callable[[Vectors], Vectors]:
    """Return what changes the vectors of the first text."""
    return lambda vectors: [change(vectors[0]), *vectors[1:]]


def with_passage(value: float) -> Callable[[Vectors], Vectors]:
    return with_first(lambda v: replace(v, passage=np.full_like(v.passage, value)))


def with_sentence(value: float) -> Callable[[Vectors], Vectors]:
    return with_first(lambda v: replace(v, sentences=np.full_like(v.sentences, value)))


WRONG: dict[str, Callable[[Vectors], Vectors]] = {
    "NaN": with_passage(np.nan),
    "infinite": with_passage(np.inf),
    "zero": with_passage(0.0),
    "not of unit length": with_passage(3.0),
    "NaN in a sentence": with_sentence(np.nan),
    "infinite in a sentence": with_sentence(np.inf),
    "zero in a sentence": with_sentence(0.0),
    "too few": lambda vectors: vectors[:-1],
    "none": lambda _: [],
    "too many": lambda vectors: [*vectors, vectors[0]],
    "another dimension": with_first(lambda v: replace(v, passage=ROWS[0])),
    "another dimension in a sentence": with_first(lambda v: replace(v, sentences=ROWS[:1])),
    "too few sentences": with_first(lambda v: replace(v, sentences=v.sentences[:-1])),
    "too many sentences": with_first(lambda v: replace(v, sentences=v.sentences[[0, 0, 0]])),
}


class WrongEmbedder(FakeEmbedder):
    """Changes what it gives in one way."""

    def __init__(self, change: Callable[[Vectors], Vectors]) -> None:
        super().__init__()
        self._change = change

    def embed(self, inputs: Sequence[EmbedInput]) -> Vectors:
        return self._change(super().embed(inputs))


class CachingTools(FakeTools):
    """Puts the cache of the data folder before the embedder, as the command does."""

    def __init__(self, embedder: FakeEmbedder, data: Path) -> None:
        super().__init__(embedder)
        self._cache = EmbeddingCache(data / CACHE_NAME)

    def embedder(self, required: EmbedderId | None) -> Embedder:
        return CachingEmbedder(super().embedder(required), self._cache)

    def close(self) -> None:
        self._cache.close()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # A child for each check would take most of the test's time.
    monkeypatch.setattr(publish, "GenerationBuilder", partial(GenerationBuilder, check=check))
    return tmp_path / "data"


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with serving_embeddings() as server:
        yield server


def ingest(folder: Path, data: Path, tools: publish.Tools, title: str) -> None:
    path = write(folder / f"{title}.jsonl", record(title), record(f"{title} again"))
    pipeline.ingest([path], data, tools, pipeline.Options())


def ingest_with(embedder: FakeEmbedder, data: Path, title: str) -> None:
    tools = CachingTools(embedder, data)
    try:
        ingest(data.parent, data, tools, title)
    finally:
        tools.close()


def require_first_still_serves(data: Path) -> None:
    library = Library(data)
    try:
        assert library.run(lambda reader: reader.number) == 1
        assert library.degraded == []
    finally:
        library.close()
    assert [path.name for path in (data / "generations").iterdir()] == ["000001"]
    assert check(data / "generations" / "000001") == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong_vectors_are_never_published_nor_remembered(data: Path, name: str) -> None:
    ingest_with(FakeEmbedder(), data, "Before")

    with pytest.raises(EmbeddingFailed, match="'fake'"):
        ingest_with(WrongEmbedder(WRONG[name]), data, "Storks")

    require_first_still_serves(data)
    ingest_with(FakeEmbedder(), data, "Storks")
    assert Library(data).generations.current() == 2
    assert check(data / "generations" / "000002") == []


ENDPOINT = {
    **UNUSABLE,
    "NaN": with_data(lambda data: [item(0, [float("nan"), 0.0, 0.0]), *data[1:]]),
    "too many": with_data(lambda data: [*data, item(len(data), [1.0, 2.0, 3.0])]),
    "another dimension": with_data(lambda data: [item(n, [1.0] * 4) for n in range(len(data))]),
    "without index": with_data(lambda data: [{"embedding": i["embedding"]} for i in data]),
}


@pytest.mark.parametrize("fault", ENDPOINT.values(), ids=ENDPOINT)
def test_wrong_vectors_of_an_endpoint_are_never_published(
    server: EmbeddingServer, data: Path, fault: Fault
) -> None:
    settings = IndexSettings(
        data_dir=data,
        embedder="openai:small",
        llm_base_url=server.url,
        llm_api_key=SecretStr("secret"),
    )
    with SettingsTools(settings, None) as tools:
        ingest(data.parent, data, tools, "Before")
    server.faults = [fault]

    with (
        SettingsTools(settings, None) as tools,
        pytest.raises(EmbeddingFailed, match=r"openai|zero or not finite"),
    ):
        ingest(data.parent, data, tools, "Storks")

    assert server.faults == []
    require_first_still_serves(data)
