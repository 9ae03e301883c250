from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.domain import EmbedderId
from ingest.embed.minilm import MiniLmEmbedder
from ingest.embed.openai_endpoint import OpenAiEmbedder, model_hash
from ingest.embed.select import identity_of, make_embedder
from ingest.embed.weights import find_model
from ingest.errors import EmbedderMismatch, SettingsError
from ingest.settings import IndexSettings

MINILM = EmbedderId("minilm", 384, find_model(None).identity, "int8")
ENDPOINT = EmbedderId("openai:small", 3, model_hash("small"))


def endpoint_settings() -> IndexSettings:
    return IndexSettings(embedder="openai:small", llm_base_url="http://127.0.0.1:9/v1")


def test_the_identity_says_what_vectors_depend_on(int8_minilm: MiniLmEmbedder) -> None:
    assert int8_minilm.identity == MINILM


def test_float32_and_int8_are_different_identities(float32_minilm: MiniLmEmbedder) -> None:
    assert float32_minilm.identity == replace(MINILM, precision="float")


def test_an_index_decides_what_auto_means(cache_dir: Path, int8_minilm: MiniLmEmbedder) -> None:
    embedder = make_embedder(IndexSettings(cache_dir=cache_dir), int8_minilm.identity, threads=1)

    assert embedder.identity == MINILM


def test_the_identity_is_known_before_the_model_is_loaded(
    cache_dir: Path, int8_minilm: MiniLmEmbedder, float32_minilm: MiniLmEmbedder
) -> None:
    settings = IndexSettings(cache_dir=cache_dir, precision="int8")
    assert identity_of(settings) == int8_minilm.identity
    assert identity_of(IndexSettings(), float32_minilm.identity) == float32_minilm.identity
    with pytest.raises(EmbedderMismatch):
        identity_of(settings, float32_minilm.identity)


@pytest.mark.parametrize(
    "required",
    [ENDPOINT, replace(MINILM, hash="f" * 64), replace(MINILM, dimension=768)],
    ids=["name", "hash", "dimension"],
)
def test_an_index_of_another_embedder_is_refused(required: EmbedderId) -> None:
    with pytest.raises(EmbedderMismatch) as caught:
        make_embedder(IndexSettings(), required)

    for part in ("'minilm'", repr(required.name), required.hash[:12], str(required.dimension)):
        assert part in str(caught.value)
    assert f"DATELINE_DATA_DIR, or set DATELINE_EMBEDDER={required.name}" in str(caught.value)


def test_a_precision_that_contradicts_the_index_is_refused() -> None:
    with pytest.raises(EmbedderMismatch, match="'float32'"):
        make_embedder(IndexSettings(precision="float32"), MINILM)


def test_an_endpoint_is_named_with_its_model() -> None:
    embedder = make_embedder(endpoint_settings(), ENDPOINT)

    assert isinstance(embedder, OpenAiEmbedder)
    assert embedder.identity == ENDPOINT


def test_an_endpoint_does_not_serve_an_index_of_another_model() -> None:
    with pytest.raises(EmbedderMismatch, match="DATELINE_EMBEDDER=minilm"):
        make_embedder(endpoint_settings(), MINILM)


def test_an_endpoint_needs_an_address_or_a_key() -> None:
    with pytest.raises(SettingsError, match="DATELINE_LLM_BASE_URL"):
        make_embedder(IndexSettings(embedder="openai:small"))
