"""Our retrieval for LlamaIndex: a retriever to plug into its engines and agents."""

from __future__ import annotations

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from ingest.domain import Filters
from service.domain import DEFAULT_K
from service.local import LocalRetriever
from service.search_result import SearchHit


class DatelineRetriever(BaseRetriever):
    """Finds passages as the service does: outlets, days and parts of a question are understood."""

    def __init__(
        self, retriever: LocalRetriever, k: int = DEFAULT_K, filters: Filters | None = None
    ) -> None:
        """Wrap a retriever, which `service.bootstrap.open_retriever` yields.

        Args:
            retriever: Whoever opened it closes it.
            k: How many passages, at least 1.
            filters: Which articles count; None for all.
        """
        super().__init__()
        self._retriever = retriever
        self._k = k
        self._filters = filters or Filters()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._retriever.find(query_bundle.query_str, self._filters, self._k)
        return [_node(hit) for hit in found.hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = await self._retriever.retrieve(query_bundle.query_str, self._filters, self._k)
        return [_node(hit) for hit in found.hits]


def _node(hit: SearchHit) -> NodeWithScore:
    """Return a passage whose offsets count in its article, which is its source."""
    metadata = hit.model_dump(
        include={"title", "outlet", "published_at", "url", "article_id", "story_id", "also_in"}
    )
    node = TextNode(
        id_=hit.passage_id,
        text=hit.text,
        start_char_idx=hit.start,
        end_char_idx=hit.end,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=["article_id", "story_id", "also_in"],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=hit.article_id)},
    )
    return NodeWithScore(node=node, score=hit.score)
