"""An embedder behind any OpenAI-compatible `/embeddings` endpoint."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId, PassageVectors
from ingest.embed.embedder import EmbedInput
from ingest.embed.unit import unit
from ingest.errors import EmbeddingFailed, SettingsError

if TYPE_CHECKING:
    from openai import OpenAI
    from pydantic import SecretStr

MAX_INPUTS = 64
CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 20.0
RETRY_FOR_S = 30.0
LANES = 2
"""While an answer is read, the endpoint works on the next request."""

_RETRIED_BELOW_500 = frozenset({408, 409, 429})


class OpenAiEmbedder:
    """Asks an endpoint for each passage and, apart, for each of its sentences.

    An endpoint pools as it likes, so sentence vectors cannot come from the passage's pass.
    """

    def __init__(
        self,
        model: str,
        base_url: str | None,
        api_key: SecretStr | None,
        *,
        dimension: int | None = None,
        first_wait_s: float = 0.5,
    ) -> None:
        """Prepare the client; nothing is sent yet.

        Args:
            model: The endpoint's name of the model.
            base_url: Up to and without `/embeddings`; None is OpenAI's own.
            api_key: None where the endpoint asks for none.
            dimension: What the vectors must have; None takes that of the first reply.
            first_wait_s: Before the first retry; the waits grow from there.

        Raises:
            SettingsError: Neither an address nor a key is given.
        """
        if not base_url and api_key is None:
            raise SettingsError(
                f"the embedder 'openai:{model}' needs DATELINE_LLM_BASE_URL or DATELINE_LLM_API_KEY"
            )
        self._model = model
        self._client = _client(base_url, api_key)
        self._dimension = dimension
        self._first_wait_s = first_wait_s
        self._lock = threading.Lock()

    @property
    def identity(self) -> EmbedderId:
        """What the vectors depend on; asks the endpoint once when the dimension is unknown.

        Raises:
            EmbeddingFailed: The endpoint gives no usable vector.
        """
        dimension = self._dimension or self.embed_queries(["dimension"]).shape[1]
        return EmbedderId(f"openai:{self._model}", dimension, model_hash(self._model))

    @property
    def lanes(self) -> int:
        """See Embedder.lanes."""
        return LANES

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        """See Embedder.embed; what is too long is the endpoint's to refuse."""
        texts = list(dict.fromkeys(text for given in inputs for text in _texts(given)))
        vectors = dict(zip(texts, self._vectors(texts), strict=True))
        results = []
        for given in inputs:
            passage, *sentences = (vectors[text] for text in _texts(given))
            shaped = np.array(sentences, np.float32).reshape(len(sentences), len(passage))
            results.append(PassageVectors(passage, shaped))
        return results

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder.embed_queries; what is too long is the endpoint's to refuse."""
        return np.stack(self._vectors([text.strip() or " " for text in texts]))

    def _vectors(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        vectors: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), MAX_INPUTS):
            vectors.extend(self._batch(texts[start : start + MAX_INPUTS]))
        return vectors

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with _translated(self._model):
            vectors = _in_order(self._request(texts), len(texts))
        self._check_dimension(vectors.shape[1])
        return unit(vectors)

    def _request(self, texts: Sequence[str]) -> object:
        import stamina

        retries = stamina.retry_context(
            on=_is_passing,
            attempts=None,
            timeout=RETRY_FOR_S,
            wait_initial=self._first_wait_s,
            wait_jitter=self._first_wait_s,
        )
        for attempt in retries:
            # Translated inside: what is asked again is logged, and the server's words may repeat
            # the texts and the key.
            with attempt, _translated(self._model):
                return self._client.embeddings.create(
                    model=self._model, input=list(texts), encoding_format="float"
                )
        raise AssertionError("retry_context ends with a value or an exception")

    def _check_dimension(self, found: int) -> None:
        with self._lock:
            expected = self._dimension = self._dimension or found
        if found != expected:
            raise EmbeddingFailed(
                f"'openai:{self._model}' gave vectors of dimension {found}, expected {expected}: "
                "the endpoint's model has changed; ingest into a fresh DATELINE_DATA_DIR"
            )


def model_hash(model: str) -> str:
    """Return SHA-256 of the endpoint's model name: its weights cannot be seen."""
    return hashlib.sha256(model.encode()).hexdigest()


def _client(base_url: str | None, api_key: SecretStr | None) -> OpenAI:
    import openai

    return openai.OpenAI(
        # The SDK insists on a key; servers that want none ignore this one.
        api_key=api_key.get_secret_value() if api_key else "none",
        base_url=base_url or None,
        timeout=openai.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        max_retries=0,
    )


def _texts(given: EmbedInput) -> list[str]:
    # Endpoints refuse an empty input: a blank sentence takes the passage's vector.
    passage = given.text if given.text.strip() else " "
    sentences = (given.text[span.start : span.end] for span in given.sentences)
    return [passage, *(text if text.strip() else passage for text in sentences)]


def _in_order(reply: object, count: int) -> NDArray[np.float64]:
    data = getattr(reply, "data", None) or []
    if sorted(item.index for item in data) != list(range(count)):
        raise ValueError(f"{count} vectors were asked for, {len(data)} came back")
    ordered = sorted(data, key=lambda item: int(item.index))
    vectors = np.array([item.embedding for item in ordered], dtype=np.float64)
    if vectors.ndim != 2 or vectors.shape[1] == 0:  # noqa: PLR2004 - rows of numbers
        raise ValueError(f"vectors of shape {vectors.shape} came back")
    return vectors


def _is_passing(error: Exception) -> bool:
    import openai

    cause = error.__cause__
    if isinstance(cause, openai.APIStatusError):
        return cause.status_code in _RETRIED_BELOW_500 or cause.status_code >= 500  # noqa: PLR2004
    return isinstance(cause, openai.APIConnectionError)


def _told(error: Exception) -> str:
    """Return what can be said of an error: the words of a server may repeat what it was sent."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return f"HTTP {error.status_code}"
    if isinstance(error, openai.APIConnectionError):
        return "the endpoint cannot be reached"
    return type(error).__name__ if isinstance(error, openai.OpenAIError) else str(error)


@contextmanager
def _translated(model: str) -> Iterator[None]:
    import openai

    try:
        yield
    except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
        raise EmbeddingFailed(
            f"'openai:{model}' gave no usable vectors ({_told(error)}): check "
            "DATELINE_LLM_BASE_URL, DATELINE_LLM_API_KEY and DATELINE_EMBEDDER"
        ) from error
