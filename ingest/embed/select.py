"""Settings, and what an existing index was made with, to the embedder to use."""

from __future__ import annotations

from ingest.domain import EmbedderId
from ingest.embed.embedder import Embedder
from ingest.errors import EmbedderMismatch
from ingest.settings import IndexSettings

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
    if settings.embedder.startswith(_OPENAI):
        return _openai(settings, required)
    return _minilm(settings, required, threads)


def _minilm(settings: IndexSettings, required: EmbedderId | None, threads: int | None) -> Embedder:
    from ingest.embed.cpu import this_cpu
    from ingest.embed.engines import make_engine
    from ingest.embed.graph_cache import embedding_graphs
    from ingest.embed.minilm import MiniLmEmbedder
    from ingest.embed.precision import choose_precision, class_of
    from ingest.embed.weights import find_model
    from ingest.embed.wordpieces import WordPieces

    wanted = required.precision if required else None
    model = find_model(settings.model_dir)
    _check(EmbedderId("minilm", MINILM_DIMENSION, model.identity), required)
    precision = choose_precision(settings.precision, wanted, this_cpu())
    identity = EmbedderId("minilm", MINILM_DIMENSION, model.identity, class_of(precision))
    engine = make_engine(embedding_graphs(model), precision, settings.cache_dir, threads)
    return MiniLmEmbedder(WordPieces(model.tokenizer), engine, identity)


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
