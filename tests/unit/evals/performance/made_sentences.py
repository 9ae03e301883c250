"""Sentences of invented words, with vectors that a fake embedder could have made."""

from __future__ import annotations

import random

from evals.performance.sentences import Sentences
from ingest.embed.int8 import quantise
from tests.fakes import FakeEmbedder


def made_sentences(count: int = 400, words: int = 18) -> Sentences:
    """Return so many different sentences of so many words each."""
    rng, embedder = random.Random(3), FakeEmbedder()
    texts = tuple(
        " ".join(f"{rng.choice('bdfgklm')}{rng.randrange(4000)}" for _ in range(words)) + "."
        for _ in range(count)
    )
    vectors = quantise(embedder.embed_queries(texts))
    return Sentences(
        texts, (words,) * count, vectors, ("Courier", "Gazette"), embedder.identity, "0" * 64
    )
