from __future__ import annotations

import numpy as np
import pytest

from ingest.embed.embedder import EmbedInput
from tests.fakes import FakeEmbedder


@pytest.fixture(scope="module")
def wrapped() -> object:
    from ingest.embed.llama import DatelineEmbedding

    return DatelineEmbedding(FakeEmbedder())


async def test_llama_index_gets_the_vectors_of_the_embedder(wrapped) -> None:
    texts = ["rain fell", "ships left"]
    expected = [vectors.passage for vectors in FakeEmbedder().embed([*map(EmbedInput, texts)])]

    np.testing.assert_allclose(wrapped.get_text_embedding_batch(texts), expected)
    np.testing.assert_allclose(await wrapped.aget_text_embedding_batch(texts), expected)
    np.testing.assert_allclose(wrapped.get_text_embedding(texts[0]), expected[0])
    np.testing.assert_allclose(await wrapped.aget_text_embedding(texts[1]), expected[1])


async def test_llama_index_gets_the_vectors_of_questions(wrapped) -> None:
    expected = FakeEmbedder().vector("did rain fall?")

    np.testing.assert_allclose(wrapped.get_query_embedding("did rain fall?"), expected)
    np.testing.assert_allclose(await wrapped.aget_query_embedding("did rain fall?"), expected)


def test_the_model_is_named(wrapped) -> None:
    assert wrapped.model_name == "fake"
