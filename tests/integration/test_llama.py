"""Our retrieval plugged into LlamaIndex."""

from __future__ import annotations

from pathlib import Path

import pytest
from llama_index.core.schema import NodeRelationship, QueryBundle

from ingest.domain import Filters
from ingest.index.generations import Generations
from ingest.index.library import Library
from service.llama import DatelineRetriever
from service.local import LocalRetriever
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry, put

RAIL = "The railway along the Caspian shore opens in spring.\nFreight trains come first."


@pytest.fixture
def library(tmp_path: Path) -> Library:
    generations = Generations(tmp_path / "data")
    put(generations, entry("a1", RAIL, day="2025-02-25"), entry("b2", "Wheat fell.", "Post"))
    return Library(generations.data_dir)


def retriever(library: Library, **options: object) -> DatelineRetriever:
    return DatelineRetriever(LocalRetriever(library, lambda _: FakeEmbedder()), **options)  # type: ignore[arg-type]


def test_a_node_is_a_slice_of_its_article_with_its_outlet_and_day(library: Library) -> None:
    best = retriever(library).retrieve("When does the Caspian railway open?")[0]

    node = best.node
    assert node.get_content() == RAIL[node.start_char_idx : node.end_char_idx]  # type: ignore[attr-defined]
    assert (node.metadata["outlet"], node.metadata["published_at"][:10]) == (
        "Courier",
        "2025-02-25",
    )
    assert node.relationships[NodeRelationship.SOURCE].node_id == "a1"  # type: ignore[union-attr]
    assert 0 < (best.score or 0) <= 1


async def test_it_can_be_awaited_and_finds_the_same(library: Library) -> None:
    own = retriever(library)

    awaited = await own.aretrieve("wheat")

    assert [n.node.node_id for n in awaited] == [n.node.node_id for n in own.retrieve("wheat")]


def test_it_takes_filters_and_a_number(library: Library) -> None:
    filtered = retriever(library, k=1, filters=Filters(outlets=("Post",)))

    assert [n.node.node_id for n in filtered.retrieve(QueryBundle("railway"))] == ["b2-0000"]
