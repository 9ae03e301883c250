"""A filter may let through only what is far from the question."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from ingest.domain import Filters
from ingest.index import reader
from ingest.index.generations import Generations
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import Make


def test_what_a_filter_lets_through_is_found_though_all_else_is_nearer(
    generations: Generations,
    publish: Callable[..., int],
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = [make(f"a{n}", f"The ferry sank off pier {n}.") for n in range(9)]
    far = [make(f"b{n}", f"Wheat fell in town {n}.", outlet="Ledger") for n in range(9)]
    publish(*near, *far)
    vector = FakeEmbedder().vector("The ferry sank off pier")

    with closing(reader.IndexReader(generations, generations.require_current())) as opened:
        exact = opened.dense(vector, 2, Filters(("Ledger",)))
        monkeypatch.setattr(reader, "EXACT_LIMIT", 0)
        found = opened.dense(vector, 2, Filters(("Ledger",)))

    assert found == exact
    assert [hit.passage_id[0] for hit in found] == ["b", "b"]
