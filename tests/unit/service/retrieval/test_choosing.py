from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.index.catalog import ArticleKey
from ingest.index.lines import LineRow, read_lines
from ingest.index.sentence_terms import pack_terms
from service.retrieval.choosing import MOST, choose, ordinal
from service.retrieval.scoring import Candidates, Scores
from service.retrieval.tuning import Tuning

TUNING = Tuning(same_article=0.05, neighbour=0.1)
PASSAGES = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 5)),
    st.floats(-1, 2).map(lambda x: round(x, 6)),
    min_size=1,
)
VECTOR = np.array([127, 0, 0, 0], np.int8).tobytes()
Points = dict[tuple[str, int], float]
STORIES = {"a": "s1", "b": "s1", "c": "s2", "d": "s3"}


def choice(
    scores: Points, k: int, said: dict[tuple[str, int], str] | None = None
) -> list[tuple[str, float]]:
    """Return ids and scores of what is chosen of passages given by letter and number.

    All passages of a story say the same unless `said` has something else.
    """
    order = sorted(scores)
    texts = [(said or {}).get(own, f"{STORIES[own[0]]} sank") for own in order]
    rows = [
        LineRow(f"{letter}-{n:04d}", VECTOR, pack_terms("", [text]))
        for (letter, n), text in zip(order, texts, strict=True)
    ]
    keys = [ArticleKey(letter, None, None, None, STORIES[letter], 9) for letter, _ in order]
    candidates = Candidates(read_lines(rows), keys, {}, {}, np.zeros((1, 4), np.float32))
    total = np.array([scores[own] for own in order])
    none = np.zeros(len(order))
    part = np.zeros(len(order), np.int64)
    # Each passage is one sentence.
    made = Scores(total, none, none, none, part, none > 0, none, sentences=none)
    return [(rows[n][0], value) for n, value in choose(candidates, made, k, TUNING)]


def chosen(scores: Points, k: int, said: dict[tuple[str, int], str] | None = None) -> list[str]:
    return [own for own, _ in choice(scores, k, said)]


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    scores = {("a", 0): 0.1, ("c", 0): 0.9, ("d", 0): 0.5}

    assert chosen(scores, 2) == ["c-0000", "d-0000"]
    assert chosen(scores, 9) == ["c-0000", "d-0000", "a-0000"]


def test_of_a_story_only_the_article_with_the_best_passage_is_chosen() -> None:
    scores = {("a", 0): 0.9, ("a", 3): 0.3, ("b", 0): 0.8, ("c", 0): 0.1}

    assert chosen(scores, 9) == ["a-0000", "a-0003", "c-0000"]


def test_a_further_passage_of_an_article_loses_to_another_article() -> None:
    assert chosen({("a", 0): 0.9, ("a", 4): 0.84, ("c", 0): 0.8}, 3) == [
        *("a-0000", "c-0000", "a-0004"),
    ]


def test_a_neighbour_loses_more_than_a_passage_further_off() -> None:
    scores = {("a", 1): 0.9, ("a", 2): 0.84, ("a", 0): 0.83, ("a", 7): 0.75}

    assert chosen(scores, 4) == ["a-0001", "a-0007", "a-0002", "a-0000"]


def test_one_article_does_not_take_the_whole_list_while_others_are_nearly_as_good() -> None:
    long = {("a", 2 * n): 0.9 for n in range(8)}
    others = {("c", 0): 0.5, ("d", 0): 0.45}

    small, large = chosen({**long, **others}, 5), chosen({**long, **others}, 8)

    assert [own[0] for own in small] == list("aaacd")
    assert [own[0] for own in large] == list("aaaacdaa")


def test_one_article_takes_the_whole_list_where_there_is_no_other() -> None:
    assert len(chosen({("a", 2 * n): 0.9 for n in range(8)}, 8)) == 8


def test_equal_scores_go_by_the_passages_ids() -> None:
    scores = {("d", 1): 0.5, ("c", 2): 0.5, ("a", 0): 0.5}

    assert chosen(scores, 3) == ["a-0000", "c-0002", "d-0001"]


def test_a_copy_in_which_a_figure_differs_is_shown_as_well() -> None:
    scores = {("a", 0): 0.9, ("b", 0): 0.8, ("b", 1): 0.7}
    said = {("a", 0): "The ferry had 12 cars", ("b", 0): "The ferry had 14 cars"}

    assert chosen(scores, 9, {**said, ("b", 1): said["a", 0]}) == ["a-0000", "b-0000"]


def test_what_the_first_article_says_elsewhere_is_not_shown_from_its_copy() -> None:
    scores = {("a", 0): 0.9, ("a", 5): 0.1, ("b", 0): 0.8}
    said = {("a", 0): "The ferry sank", ("a", 5): "Two died", ("b", 0): "Two died"}

    assert chosen(scores, 9, said) == ["a-0000", "a-0005"]


def test_the_number_of_a_passage_is_read_from_its_id() -> None:
    assert [ordinal("ab-0000"), ordinal("a-b-12345")] == [0, 12345]


@given(PASSAGES, st.integers(1, 30))
def test_a_list_holds_no_story_twice_and_never_too_many(scores: Points, k: int) -> None:
    found = chosen(scores, k)

    articles = {passage_id[0] for passage_id in found}
    assert len(found) == len(set(found)) <= k
    assert len({STORIES[letter] for letter in articles}) == len(articles)
    # Up to here no story can be full.
    assert found[:MOST] == chosen(scores, 50)[:k][:MOST]


@given(PASSAGES)
def test_scores_never_rise_down_the_list(scores: Points) -> None:
    values = [value for _, value in choice(scores, 50)]

    assert values == sorted(values, reverse=True)
    assert values[0] == max(scores.values())
