"""What a plain LlamaIndex pipeline with sentence-transformers does with the same texts.

Run by ingest_speed.py under a Python of its own that has `llama-index-core` and
`sentence-transformers`, so it imports nothing of this project. Arguments: the model's folder,
`float32` or `bfloat16`, and a JSON file with a list of texts. For each line on standard input it
embeds them once and answers with one JSON line.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

# Of sentence-transformers. LlamaIndex's own, 10, pads less but makes smaller matrices.
BATCH = 32


def main(folder: str, precision: str, texts: str) -> None:
    """Load the model, then embed the texts whenever asked."""
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import TextNode

    given = json.loads(Path(texts).read_text(encoding="utf-8"))
    pipeline = IngestionPipeline(transformations=[_embedding(folder, precision)])
    pipeline.run(nodes=[TextNode(text=text) for text in given[:8]])
    _answer({"ready": True})
    for _ in sys.stdin:
        nodes = [TextNode(text=text) for text in given]
        before, cpu = time.perf_counter(), _cpu_s()
        pipeline.run(nodes=nodes)
        _answer({"seconds": time.perf_counter() - before, "cpu_s": _cpu_s() - cpu})


def _embedding(folder: str, precision: str) -> BaseEmbedding:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    # By name, because the project's own Python, which checks the types, has neither.
    torch = import_module("torch")
    transformer = import_module("sentence_transformers").SentenceTransformer
    options = {"dtype": torch.bfloat16} if precision == "bfloat16" else {}
    model = transformer(folder, device="cpu", model_kwargs=options)

    class SentenceTransformerEmbedding(BaseEmbedding):
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode(texts, show_progress_bar=False).tolist()
            return vectors

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return SentenceTransformerEmbedding(embed_batch_size=BATCH)


def _cpu_s() -> float:
    return sum(os.times()[:4])


def _answer(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
