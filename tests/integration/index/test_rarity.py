from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from ingest.domain import Filters
from ingest.index.generations import Generations
from ingest.index.reader import IndexReader
from tests.integration.index.conftest import Make

FERRY, WHEAT = "The ferry sank.", "Wheat fell."


def measured(generations: Generations) -> tuple[dict[str, float], list[float]]:
    """Return the rarity of two words and the BM25 of one of them."""
    with closing(IndexReader(generations, generations.require_current())) as reader:
        scores = [hit.score for hit in reader.lexical("ferry", 5, Filters())]
        return reader.rarity(["ferri", "wheat"]), scores


def test_a_word_of_fewer_passages_is_rarer(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a1", FERRY), make("b2", WHEAT), make("c3", "Ferries left."))

    rarity, _ = measured(generations)

    assert rarity["wheat"] > rarity["ferri"] > 0


@pytest.mark.parametrize("times", [1, 3])
def test_an_article_that_is_put_again_makes_its_words_no_less_rare(
    generations: Generations, publish: Callable[..., int], make: Make, times: int
) -> None:
    publish(make("a1", FERRY), make("b2", WHEAT))
    before = measured(generations)

    for _ in range(times):
        publish(make("a1", FERRY))

    assert measured(generations) == before
    assert before[0]["ferri"] == before[0]["wheat"]


def test_no_words_rarity_is_negative_after_articles_were_updated_with_other_texts(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    # Each time an article that stays keeps Tantivy from dropping what was replaced.
    for n in range(4):
        updated = [make(f"a{i}", f"Ferry {i} sank, says report {n}.") for i in range(4)]
        publish(*updated, make(f"b{n}", f"Wheat fell {n}."))

    rarity, _ = measured(generations)

    assert min(rarity.values()) > 0
