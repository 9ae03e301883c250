from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pydantic import SecretStr

from ingest.domain import EmbedderId, Span
from ingest.embed.embedder import EmbedInput
from ingest.embed.openai_endpoint import OpenAiEmbedder, model_hash
from ingest.errors import EmbeddingFailed
from tests.embedding_server import (
    UNUSABLE,
    EmbeddingServer,
    Fault,
    item,
    serving_embeddings,
    status,
    vector,
    with_data,
)


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with serving_embeddings() as server:
        yield server


@pytest.fixture
def embedder(server: EmbeddingServer) -> Iterator[OpenAiEmbedder]:
    embedder = OpenAiEmbedder("small", server.url, SecretStr("secret"), first_wait_s=0.001)
    yield embedder
    embedder._client.close()


def unit(text: str) -> np.ndarray:
    return np.array(vector(text)) / np.linalg.norm(vector(text))


def test_a_passage_and_its_sentences_are_texts_of_their_own(embedder: OpenAiEmbedder) -> None:
    text = "Rain fell. 🌊 Ships left."

    vectors = embedder.embed([EmbedInput(text, (Span(0, 10), Span(11, 24))), EmbedInput("b")])

    np.testing.assert_allclose(vectors[0].passage, unit(text), atol=1e-6)
    expected = [unit("Rain fell."), unit("🌊 Ships left.")]
    np.testing.assert_allclose(vectors[0].sentences, expected, atol=1e-6)
    np.testing.assert_allclose(vectors[1].passage, unit("b"), atol=1e-6)
    assert vectors[1].sentences.shape == (0, 3)


def test_a_request_has_the_portable_fields(
    embedder: OpenAiEmbedder, server: EmbeddingServer
) -> None:
    embedder.embed_queries(["rain?"])

    fields = {"path": "/v1/embeddings", "model": "small", "encoding_format": "float"}
    assert server.requests == [{**fields, "input": ["rain?"]}]
    assert server.keys == ["Bearer secret"]


def test_questions_are_asked_for_at_once_and_kept_in_order(
    embedder: OpenAiEmbedder, server: EmbeddingServer
) -> None:
    vectors = embedder.embed_queries(["rain", "a", "rain", "bcd"])

    expected = [unit("rain"), unit("a"), unit("rain"), unit("bcd")]
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert len(server.requests) == 1


def test_the_dimension_is_that_of_the_first_reply(
    embedder: OpenAiEmbedder, server: EmbeddingServer
) -> None:
    assert embedder.identity == EmbedderId("openai:small", 3, model_hash("small"))
    assert embedder.identity.dimension == 3
    assert len(server.requests) == 1


def test_requests_are_bounded_and_repeat_no_text(
    embedder: OpenAiEmbedder, server: EmbeddingServer
) -> None:
    vectors = embedder.embed([EmbedInput(f"text {n % 150}") for n in range(300)])

    assert [len(request["input"]) for request in server.requests] == [64, 64, 22]
    np.testing.assert_allclose(vectors[299].passage, unit("text 149"), atol=1e-6)


def test_a_shuffled_reply_is_put_in_order(
    embedder: OpenAiEmbedder, server: EmbeddingServer
) -> None:
    server.faults = [with_data(lambda data: data[::-1])]

    vectors = embedder.embed([EmbedInput("a"), EmbedInput("bcd")])

    np.testing.assert_allclose(vectors[0].passage, unit("a"), atol=1e-6)


@pytest.mark.parametrize("code", [408, 409, 429, 500, 503])
def test_a_passing_fault_is_tried_again(
    embedder: OpenAiEmbedder, server: EmbeddingServer, code: int
) -> None:
    server.faults = [status(code), status(code)]

    np.testing.assert_allclose(embedder.embed_queries(["a"]), [unit("a")], atol=1e-6)
    assert len(server.requests) == 3


@pytest.mark.parametrize("code", [400, 401, 404])
def test_a_lasting_fault_is_not_tried_again(
    embedder: OpenAiEmbedder, server: EmbeddingServer, code: int
) -> None:
    server.faults = [status(code)]

    with pytest.raises(EmbeddingFailed, match=r"'openai:small'.*DATELINE_LLM_BASE_URL"):
        embedder.embed_queries(["a"])

    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", UNUSABLE.values(), ids=UNUSABLE)
def test_vectors_that_cannot_be_used_are_refused(
    embedder: OpenAiEmbedder, server: EmbeddingServer, fault: Fault
) -> None:
    server.faults = [fault]

    with pytest.raises(EmbeddingFailed):
        embedder.embed([EmbedInput("a"), EmbedInput("bcd")])


def test_a_dimension_that_changes_is_refused(
    embedder: OpenAiEmbedder, server: EmbeddingServer
) -> None:
    embedder.embed_queries(["a"])
    server.faults = [with_data(lambda _: [item(0, [1.0, 2.0])])]

    with pytest.raises(EmbeddingFailed, match="dimension 2, expected 3"):
        embedder.embed_queries(["b"])


def test_blank_texts_are_never_sent_empty(
    embedder: OpenAiEmbedder, server: EmbeddingServer
) -> None:
    blank = embedder.embed([EmbedInput("a b", (Span(1, 2),)), EmbedInput("")])[0]
    embedder.embed_queries([""])

    assert all(text for request in server.requests for text in request["input"])
    np.testing.assert_array_equal(blank.sentences[0], blank.passage)


def test_a_server_that_is_not_there_is_an_embedding_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.embed.openai_endpoint.RETRY_FOR_S", 0.05)
    embedder = OpenAiEmbedder("small", "http://127.0.0.1:9/v1", None, first_wait_s=0.001)

    with pytest.raises(EmbeddingFailed, match="cannot be reached"):
        embedder.embed_queries(["a"])

    embedder._client.close()


def test_what_the_server_says_is_in_no_log_and_no_error(
    server: EmbeddingServer, embedder: OpenAiEmbedder, capsys: pytest.CaptureFixture[str]
) -> None:
    def repeats(texts: list[str]) -> tuple[int, object]:
        return 500, {"error": {"message": f"cannot embed {texts} for secret"}}

    def refuses(texts: list[str]) -> tuple[int, object]:
        return 400, {"error": {"message": f"will not embed {texts} for secret"}}

    server.faults = [repeats, refuses]
    with pytest.raises(EmbeddingFailed, match="HTTP 400") as caught:
        embedder.embed_queries(["Who is the source?"])

    said = "".join(capsys.readouterr()) + str(caught.value)
    assert "HTTP 500" in said
    assert "secret" not in said and "the source" not in said
