"""What the rest of ingest and service asks of an embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.domain import EmbedderId, Passage, PassageVectors, Span

MAX_TOKENS = 256
"""Word pieces that MiniLM reads, [CLS] and [SEP] among them; what follows it would ignore."""


@dataclass(frozen=True)
class EmbedInput:
    """A text to embed and the sentences of it that get a vector of their own.

    Attributes:
        text: Header, a newline, and the passage; at most MAX_TOKENS word pieces.
        sentences: Spans in `text`.
    """

    text: str
    sentences: tuple[Span, ...] = ()


def embed_input(passage: Passage) -> EmbedInput:
    """Return the text that is embedded for a passage, header first, and its sentences in it."""
    prefix = f"{passage.header}\n" if passage.header else ""
    shift = len(prefix) - passage.start
    spans = tuple(Span(s.start + shift, s.end + shift) for s in passage.sentences)
    return EmbedInput(prefix + passage.text, spans)


class Embedder(Protocol):
    """Turns texts into vectors of unit length. Safe to call from several threads."""

    @property
    def identity(self) -> EmbedderId:
        """What the vectors depend on."""
        ...

    @property
    def lanes(self) -> int:
        """How many threads that embed at once make the best use of it."""
        ...

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        """Return the vectors of each input, in the order given.

        Raises:
            EmbeddingFailed: No vectors, too few, of another dimension, or not finite.
            ValueError: A text has more than MAX_TOKENS word pieces.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each question, shape (len(texts), dimension).

        What is too long is cut at MAX_TOKENS.

        Args:
            texts: At least one, none blank.

        Raises:
            EmbeddingFailed: No usable vectors.
        """
        ...
