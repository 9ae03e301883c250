"""Models for the tests: a tiny one with random weights, and the bundled one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.domain import EmbedderId
from ingest.embed.engines import OnnxRuntimeEngine
from ingest.embed.graph_cache import embedding_graphs, graph_file
from ingest.embed.minilm import MiniLmEmbedder
from ingest.embed.select import make_embedder
from ingest.embed.weights import ModelFiles, find_model
from ingest.embed.wordpieces import WordPieces
from ingest.settings import IndexSettings
from tests.unit.tiny_model import WIDTH, write_tiny_model


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """Return a model of two layers with the bundled model's word pieces."""
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_graph(tiny: ModelFiles, cache_dir: Path) -> Path:
    """Return the tiny model's graph in float32."""
    with graph_file(embedding_graphs(tiny), "float32", cache_dir) as path:
        return path


@pytest.fixture(scope="session")
def tiny_int8_graph(tiny: ModelFiles, cache_dir: Path) -> Path:
    """Return the tiny model's graph in int8."""
    with graph_file(embedding_graphs(tiny), "int8", cache_dir) as path:
        return path


@pytest.fixture(scope="session")
def tiny_embedder(tiny_graph: Path, pieces: WordPieces) -> MiniLmEmbedder:
    """Return an embedder that is quick and means nothing."""
    identity = EmbedderId("tiny", WIDTH, "0" * 64)
    return MiniLmEmbedder(pieces, OnnxRuntimeEngine(tiny_graph), identity)


@pytest.fixture(scope="session")
def pieces() -> WordPieces:
    """Return the bundled model's word pieces."""
    return WordPieces(find_model(None).tokenizer)


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for graphs that all tests share, since building takes seconds."""
    return tmp_path_factory.mktemp("graphs")


@pytest.fixture(scope="session")
def float32_minilm(cache_dir: Path) -> MiniLmEmbedder:
    """Return the bundled embedder in float32."""
    embedder = make_embedder(IndexSettings(cache_dir=cache_dir, precision="float32"))
    assert isinstance(embedder, MiniLmEmbedder)
    return embedder


@pytest.fixture(scope="session")
def int8_minilm(cache_dir: Path) -> MiniLmEmbedder:
    """Return the bundled embedder in int8."""
    embedder = make_embedder(IndexSettings(cache_dir=cache_dir, precision="int8"))
    assert isinstance(embedder, MiniLmEmbedder)
    return embedder
