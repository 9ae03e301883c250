from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domain import Hit
from ingest.index.reader import IndexReader
from service.retrieve import DENSE_WEIGHT, fuse, one_article_a_story

NAMES = st.sampled_from([f"a{n}-0000" for n in range(6)])
COSINES = st.dictionaries(NAMES, st.floats(-1, 1), min_size=1)
BM25 = st.dictionaries(NAMES, st.floats(0.01, 50))


class FakeReader:
    """Knows of each article only its story."""

    def __init__(self, stories: Mapping[str, str]) -> None:
        self.articles_by_id = {
            name: SimpleNamespace(story_id=story) for name, story in stories.items()
        }


def hits(scores: Mapping[str, float]) -> list[Hit]:
    return [Hit(name, score) for name, score in scores.items()]


def scores(fused: list[Hit]) -> dict[str, float]:
    return {hit.passage_id: hit.score for hit in fused}


def kept(stories: Mapping[str, str], *ranked: str) -> list[str]:
    reader = cast(IndexReader, FakeReader(stories))
    return [hit.passage_id for hit in one_article_a_story(reader, [Hit(n, 0.5) for n in ranked])]


def test_the_best_words_count_one_and_a_cosine_its_share() -> None:
    fused = fuse(hits({"a": 8.0, "b": 2.0}), {"a": 0.0, "b": 0.5, "c": 1.0})

    whole = 1 + DENSE_WEIGHT
    assert scores(fused) == pytest.approx(
        {
            "a": 1 / whole,
            "b": (0.25 + DENSE_WEIGHT * 0.5) / whole,
            "c": DENSE_WEIGHT / whole,
        }
    )


def test_the_best_comes_first_and_equal_ones_by_id() -> None:
    fused = fuse(hits({"c": 4.0, "a": 1.0, "b": 1.0}), {"b": 0.2, "c": 0.1, "a": 0.2})

    assert [hit.passage_id for hit in fused] == ["c", "a", "b"]


def test_without_lexical_hits_the_cosines_rank_alone() -> None:
    fused = fuse([], {"a": 0.1, "b": 0.7, "c": 0.4})

    assert [hit.passage_id for hit in fused] == ["b", "c", "a"]
    assert fused[0].score == pytest.approx(DENSE_WEIGHT * 0.7 / (1 + DENSE_WEIGHT))


def test_lexical_hits_that_all_score_zero_say_nothing() -> None:
    cosines = {"a": 0.3, "b": 0.6}

    assert fuse(hits({"a": 0.0, "b": 0.0}), cosines) == fuse([], cosines)


def test_a_vector_that_points_away_takes_nothing_from_the_words() -> None:
    (fused,) = fuse(hits({"a": 3.0}), {"a": -0.9})

    assert fused.score == pytest.approx(1 / (1 + DENSE_WEIGHT))


def test_nothing_found_is_nothing_ranked() -> None:
    assert fuse([], {}) == []


@given(BM25, COSINES)
def test_every_candidate_comes_once_with_a_score_between_0_and_1(
    lexical: dict[str, float], cosines: dict[str, float]
) -> None:
    fused = fuse(hits(lexical), cosines)

    assert sorted(hit.passage_id for hit in fused) == sorted(cosines)
    assert all(0 <= hit.score <= 1 for hit in fused)
    assert fused == sorted(fused, key=lambda hit: (-hit.score, hit.passage_id))


@given(BM25, COSINES, st.floats(0.01, 50), st.data())
def test_adding_a_lexical_hit_never_lowers_that_passage(
    lexical: dict[str, float], cosines: dict[str, float], score: float, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(cosines)))
    without = {other: value for other, value in lexical.items() if other != name}

    before = fuse(hits(without), cosines)
    after = fuse(hits({**without, name: score}), cosines)

    assert scores(after)[name] >= scores(before)[name]
    assert list(scores(after)).index(name) <= list(scores(before)).index(name)


def test_of_a_story_only_the_article_that_ranks_first_takes_part() -> None:
    stories = {"a1": "s1", "a2": "s1", "b1": "s2"}

    ranked = ("a2-0003", "b1-0000", "a1-0000", "a2-0001", "a1-0002")

    assert kept(stories, *ranked) == ["a2-0003", "b1-0000", "a2-0001"]


def test_articles_of_different_stories_all_take_part_in_their_order() -> None:
    stories = {"a1": "s1", "b1": "s2", "c1": "s3"}

    assert kept(stories, "c1-0000", "a1-0000", "b1-0000") == ["c1-0000", "a1-0000", "b1-0000"]
