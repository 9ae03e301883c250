"""What holds for every search, whatever is asked and of which articles."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.domain import Filters
from ingest.index.generations import Generations
from ingest.index.library import Library
from ingest.index.rows import Indexed, period
from service.answer import Retrieval
from service.local import LocalRetriever
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import put
from tests.integration.news_pool import OUTLETS, WORDS, pool

POOL = pool()
BY_ID = {item.article.article_id: item for item in POOL}
ALL = 50
MORE = "and while, that ? Lantern Post harbour’s latest first “article” on 3 February 2025 since"
QUESTION = st.lists(
    st.sampled_from([*WORDS, *MORE.split(), *OUTLETS]), min_size=1, max_size=14
).map(" ".join)
DAY = st.dates(date(2025, 1, 1), date(2025, 4, 1))
FILTERS = st.builds(
    Filters,
    outlets=st.lists(st.sampled_from([*OUTLETS, "LANTERN", "Nobody"]), max_size=2).map(tuple),
    published_after=st.none() | DAY,
    published_before=st.none() | DAY,
    as_of=st.none() | DAY,
    undated=st.booleans(),
)


# Each example is a search or two of a real index.
EXAMPLES = settings(max_examples=40)


@contextmanager
def index_of(*rounds: list[Indexed]) -> Iterator[LocalRetriever]:
    """Yield a retriever over an index; each round of articles makes a generation."""
    with tempfile.TemporaryDirectory() as folder:
        generations = Generations(Path(folder))
        for entries in rounds:
            put(generations, *entries)
        with closing(Library(generations.data_dir)) as library:
            yield LocalRetriever(library, lambda _: FakeEmbedder())


@pytest.fixture(scope="module")
def retriever() -> Iterator[LocalRetriever]:
    with index_of(POOL) as made:
        yield made


def found(
    retriever: LocalRetriever, text: str, filters: Filters | None = None, k: int = ALL
) -> Retrieval:
    return asyncio.run(retriever.retrieve(text, filters or Filters(), k))


def lets(filters: Filters, article_id: str) -> bool:
    """Tell what filters let through, a rule at a time."""
    article = BY_ID[article_id].article
    names = {name.casefold() for name in filters.outlets}
    days = period(article.published)
    if names and (article.outlet or "").casefold() not in names:
        return False
    if days is None or filters.undated:
        return days is None and (filters.undated or not filters.asks_for_days)
    after = filters.published_after or date.min
    return after <= days[0] and days[1] <= (filters.last_day or date.max)


@EXAMPLES
@given(QUESTION, FILTERS)
def test_no_filter_lets_through_what_it_leaves_out(
    retriever: LocalRetriever, text: str, filters: Filters
) -> None:
    got = found(retriever, text, filters)

    shown = {hit.article_id for hit in got.hits}.union(*(hit.also_in for hit in got.hits))
    assert all(lets(filters, article_id) for article_id in shown)


@EXAMPLES
@given(QUESTION, FILTERS)
def test_where_days_are_asked_for_undated_articles_are_told_apart(
    retriever: LocalRetriever, text: str, filters: Filters
) -> None:
    undated = found(retriever, text, filters).undated

    assert all(hit.published_at is None for hit in undated)
    assert filters.asks_for_days or undated == []
    assert all(lets(Filters(filters.outlets), hit.article_id) for hit in undated)


@EXAMPLES
@given(QUESTION, FILTERS, FILTERS)
def test_a_stricter_filter_finds_no_story_that_a_looser_one_does_not(
    retriever: LocalRetriever, text: str, loose: Filters, other: Filters
) -> None:
    days = [loose.published_before, loose.as_of, other.as_of]
    strict = Filters(
        loose.outlets or other.outlets,
        max(filter(None, (loose.published_after, other.published_after)), default=None),
        min(filter(None, days), default=None),
        undated=loose.undated,
    )

    few, many = found(retriever, text, strict), found(retriever, text, loose)

    assert {hit.story_id for hit in few.hits} <= {hit.story_id for hit in many.hits}


@EXAMPLES
@given(QUESTION, FILTERS, st.integers(1, 12))
def test_sources_are_slices_of_their_articles_best_first(
    retriever: LocalRetriever, text: str, filters: Filters, k: int
) -> None:
    hits = found(retriever, text, filters, k).hits

    assert [hit.n for hit in hits] == list(range(1, len(hits) + 1))
    assert len(hits) <= k
    scores = [1.0, *(hit.score for hit in hits), 0.0]
    assert all(one >= other for one, other in pairwise(scores))
    for hit in hits:
        assert 0 <= hit.start < hit.end
        assert hit.text == BY_ID[hit.article_id].article.text[hit.start : hit.end]


@EXAMPLES
@given(QUESTION)
def test_no_sentence_comes_twice_and_no_copy_that_says_the_same(
    retriever: LocalRetriever, text: str
) -> None:
    passages = found(retriever, text).evidence.passages

    spans = [(p.source.article_id, s.start) for p in passages for s in p.sentences]
    assert len(spans) == len(set(spans))
    # The copies in the pool are of one wording.
    told = {(p.source.story_id, p.source.article_id) for p in passages}
    assert len(told) == len({story for story, _ in told})


@EXAMPLES
@given(QUESTION)
def test_fewer_are_the_first_of_more(retriever: LocalRetriever, text: str) -> None:
    few, many = found(retriever, text, k=4), found(retriever, text, k=ALL)

    order = [hit.passage_id for hit in many.hits]
    assert [hit.passage_id for hit in few.hits] == order[:4]


def questions(seed: int) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=chance.randint(1, 9))) for _ in range(30)]


@pytest.mark.parametrize("seed", range(4))
def test_results_do_not_depend_on_the_order_in_which_articles_came(
    retriever: LocalRetriever, seed: int
) -> None:
    shuffled = random.Random(seed).sample(POOL, len(POOL))

    with index_of(shuffled) as other:
        for text in questions(seed):
            assert found(other, text).hits == found(retriever, text).hits


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("again", [POOL[0], POOL[3]], ids=lambda i: i.article.article_id)
def test_an_article_that_is_put_twice_changes_nothing(
    retriever: LocalRetriever, again: Indexed, later: bool
) -> None:
    rounds = ([*POOL], [again]) if later else ([*POOL, again],)

    with index_of(*rounds) as other:
        for text in questions(7):
            assert found(other, text).hits == found(retriever, text).hits
