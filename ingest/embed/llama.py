"""LlamaIndex's embedding interface over an Embedder."""

from __future__ import annotations

import asyncio

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from ingest.embed.embedder import Embedder, EmbedInput


class DatelineEmbedding(BaseEmbedding):
    """Gives LlamaIndex the vectors that the index was made with."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        """Wrap `embedder`."""
        super().__init__(model_name=embedder.identity.name)
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        """Return what LlamaIndex calls this class."""
        return "DatelineEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(x) for x in self._embedder.embed_queries([query])[0]]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors = self._embedder.embed([EmbedInput(text) for text in texts])
        return [[float(x) for x in vector.passage] for vector in vectors]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)
