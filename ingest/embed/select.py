"""Settings, and what an existing index was made with, to the embedder to use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.domain import EmbedderId
from ingest.embed.embedder import Embedder
from ingest.embed.precision import Precision, choose_precision, class_of
from ingest.errors import EmbedderMismatch
from ingest.settings import IndexSettings

if TYPE_CHECKING:
    from ingest.embed.weights import ModelFiles

MINILM_DIMENSION = 384

_OPENAI = "openai:"


def make_embedder(
    settings: IndexSettings, required: EmbedderId | None = None, threads: int | None = None
) -> Embedder:
    """Return the embedder that `settings` name.

    Args:
        settings: Read for `embedder`, `precision`, `model_dir`, `cache_dir` and the endpoint.
        required: What an existing index was made with; None for a new index.
        threads: At most this many threads for the bundled model; None takes every core.

    Raises:
        EmbedderMismatch: The settings and the index disagree.
        SettingsError: The model or the endpoint's address is missing or wrong.
        EmbeddingFailed: The bundled model cannot be loaded.
    """
    if has_endpoint(settings):
        return _openai(settings, required)
    return _minilm(settings, required, threads)


def has_endpoint(settings: IndexSettings) -> bool:
    """Return whether an endpoint embeds, and not a model in this process."""
    return settings.embedder.startswith(_OPENAI)


def identity_of(settings: IndexSettings, required: EmbedderId | None = None) -> EmbedderId:
    """Return what `make_embedder` would make, without loading the bundled model.

    Raises:
        EmbedderMismatch: The settings and the index disagree.
        SettingsError: The model or the endpoint's address is missing or wrong.
        EmbeddingFailed: The endpoint, asked for its dimension, gave no usable vector.
    """
    if has_endpoint(settings):
        return _openai(settings, required).identity
    return _chosen(settings, required).identity


@dataclass(frozen=True)
class _Chosen:
    model: ModelFiles
    precision: Precision
    identity: EmbedderId


def _chosen(settings: IndexSettings, required: EmbedderId | None) -> _Chosen:
    from ingest.embed.cpu import this_cpu
    from ingest.embed.weights import find_model

    wanted = required.precision if required else None
    model = find_model(settings.model_dir)
    _check(EmbedderId("minilm", MINILM_DIMENSION, model.identity), required)
    precision = choose_precision(settings.precision, wanted, this_cpu())
    identity = EmbedderId("minilm", MINILM_DIMENSION, model.identity, class_of(precision))
    return _Chosen(model, precision, identity)


def _minilm(settings: IndexSettings, required: EmbedderId | None, threads: int | None) -> Embedder:
    from ingest.embed.engines import make_engine
    from ingest.embed.graph_cache import embedding_graphs
    from ingest.embed.minilm import MiniLmEmbedder
    from ingest.embed.wordpieces import WordPieces

    chosen = _chosen(settings, required)
    graphs = embedding_graphs(chosen.model)
    engine = make_engine(graphs, chosen.precision, settings.cache_dir, threads)
    return MiniLmEmbedder(WordPieces(chosen.model.tokenizer), engine, chosen.identity)


def _openai(settings: IndexSettings, required: EmbedderId | None) -> Embedder:
    from ingest.embed.openai_endpoint import OpenAiEmbedder, model_hash

    model = settings.embedder.removeprefix(_OPENAI)
    # An endpoint tells its dimension only with its first vector; it is checked against this one.
    dimension = required.dimension if required else 0
    _check(EmbedderId(settings.embedder, dimension, model_hash(model)), required)
    return OpenAiEmbedder(
        model, settings.llm_base_url, settings.llm_api_key, dimension=dimension or None
    )


def _check(chosen: EmbedderId, required: EmbedderId | None) -> None:
    if required is None or _kind(chosen) == _kind(required):
        return
    raise EmbedderMismatch(
        f"the index was made with {_described(required)}, but the settings name "
        f"{_described(chosen)}: ingest into a fresh DATELINE_DATA_DIR, or set "
        f"DATELINE_EMBEDDER={required.name}"
    )


def _kind(identity: EmbedderId) -> tuple[str, str, int]:
    return identity.name, identity.hash, identity.dimension


def _described(identity: EmbedderId) -> str:
    return f"{identity.name!r} (dimension {identity.dimension}, hash {identity.hash[:12]!r})"
