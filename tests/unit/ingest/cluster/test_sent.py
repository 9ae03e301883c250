"""Which settings leave the machine of the ingest."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from ingest.cluster.readings import _sent
from ingest.settings import IndexSettings

SECRET = "a-key-of-somebody"


def given(**more: Any) -> IndexSettings:
    """Return settings of which each field that can hold a key or an address holds one."""
    fields = IndexSettings.model_fields.items()
    keys = {name for name, field in fields if "SecretStr" in str(field.annotation)}
    assert "chroma_api_key" in keys
    values: dict[str, Any] = {name: SecretStr(SECRET) for name in keys}
    values |= {name: f"http://{SECRET}" for name in ("chroma_url", "publish_url", "llm_base_url")}
    return IndexSettings.model_construct(**values, **more)


def keys_of(settings: IndexSettings) -> dict[str, str]:
    pairs = ((name, getattr(settings, name)) for name in IndexSettings.model_fields)
    return {n: v.get_secret_value() for n, v in pairs if isinstance(v, SecretStr)}


def test_no_key_and_no_address_goes_to_workers_with_a_model_of_their_own() -> None:
    sent = _sent(given(embedder="minilm"))
    assert keys_of(sent) == {}
    assert SECRET.encode() not in pickle.dumps(sent)


def test_workers_that_embed_with_an_endpoint_get_its_address_and_key_alone() -> None:
    sent = pickle.loads(pickle.dumps(_sent(given(embedder="openai:small"))))
    assert keys_of(sent) == {"llm_api_key": SECRET}
    assert (sent.llm_base_url, sent.chroma_url) == (f"http://{SECRET}", "")


def test_the_environment_adds_nothing_and_paths_are_absolute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("DATELINE_CHROMA_API_KEY", SECRET)
    settings = given(precision="int8", model_dir=Path("model"), cache_dir=None)
    sent = _sent(settings)
    assert (keys_of(sent), sent.precision, sent.cache_dir) == ({}, "int8", None)
    assert sent.model_dir == Path("model").absolute()
