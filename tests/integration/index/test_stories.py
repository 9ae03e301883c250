from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dedupe import SAME_STORY, SHARED_KEYS, likeness, signature
from ingest.index.catalog import Catalog
from ingest.index.generations import Generations
from ingest.index.mend import mend
from ingest.index.stories import COMMON_KEY
from tests.integration.index.conftest import Make
from tests.story_catalog import StoryCatalog, group

WORDS = [f"word{n}" for n in range(2000)]
STEPS = 200
LENGTH = 2 * STEPS


def _strip(first: int, seed: int = 0) -> str:
    """Cut a text out of a long one: those that begin within 200 words of each other are copies."""
    words = random.Random(seed).choices(WORDS, k=10 * LENGTH)
    return " ".join(words[first : first + LENGTH])


# A chain of overlapping texts, near copies of one text, a twin, and two texts without words.
POOL = [
    *(_strip(STEPS * place, 1) for place in range(4)),
    *(_strip(40 * place, 2) for place in range(6)),
    _strip(0, 1),
    "…",
    "!",
]
ARTICLES = [f"a{number}" for number in range(10)]
Change = tuple[str, int | None]
changes = st.lists(
    st.tuples(st.sampled_from(ARTICLES), st.none() | st.integers(0, len(POOL) - 1)),
    min_size=6,
    max_size=25,
)


def _run(done: list[Change], checkpoints: int, common: int) -> dict[str, str]:
    catalog = StoryCatalog(common)
    for number, (article_id, text) in enumerate(done):
        if text is None:
            catalog.remove(article_id)
        else:
            catalog.put(article_id, POOL[text])
        if number % checkpoints == 0:
            catalog.settle()
    stories = catalog.settle()
    catalog.close()
    return stories


def _compared_with_all(texts: Mapping[str, str], common: int) -> dict[str, str]:
    """Group as the module says it does, the long way."""
    signed = {name: signature(text) for name, text in texts.items()}
    holders: dict[int, set[bytes]] = {}
    for found in signed.values():
        for key in found.keys:
            holders.setdefault(key, set()).add(found.digest)
    rare = {name: {k for k in s.keys if len(holders[k]) <= common} for name, s in signed.items()}
    stories = dict.fromkeys(texts, "")
    stories |= {name: name for name in texts}
    for one, other in sorted(combinations(signed, 2)) * len(signed):
        twins = signed[one].triples and signed[one].digest == signed[other].digest
        compared = len(rare[one] & rare[other]) >= SHARED_KEYS
        if twins or (compared and likeness(signed[one], signed[other]) >= SAME_STORY):
            stories[one] = stories[other] = min(stories[one], stories[other])
    return {name: f"st_{story}" for name, story in stories.items()}


@settings(deadline=None)
@given(changes, st.integers(1, 8), st.sampled_from([2, 4, COMMON_KEY]))
def test_however_articles_came_and_went_the_stories_are_those_of_the_articles_there(
    done: list[Change], checkpoints: int, common: int
) -> None:
    left = {article_id: POOL[text] for article_id, text in dict(done).items() if text is not None}

    assert _run(done, checkpoints, common) == _compared_with_all(left, common)


@pytest.fixture
def chain() -> StoryCatalog:
    """Hold three texts of which the middle one is a copy of both others."""
    catalog = StoryCatalog()
    for number, name in enumerate("abc"):
        catalog.put(name, _strip(STEPS * number))
    assert set(catalog.settle().values()) == {"st_a"}
    return catalog


def test_removing_what_holds_a_story_together_splits_it(chain: StoryCatalog) -> None:
    chain.remove("b")
    assert chain.settle() == {"a": "st_a", "c": "st_c"}


def test_removing_the_first_article_renames_its_story(chain: StoryCatalog) -> None:
    chain.remove("a")
    assert chain.settle() == {"b": "st_b", "c": "st_b"}


def test_another_text_takes_an_article_out_of_its_story(chain: StoryCatalog) -> None:
    chain.put("a", _strip(0, seed=9))
    assert chain.settle() == {"a": "st_a", "b": "st_b", "c": "st_b"}


def test_an_article_can_unite_two_stories_of_earlier_runs(chain: StoryCatalog) -> None:
    chain.remove("b")
    chain.settle()
    chain.put("z", _strip(STEPS))
    assert set(chain.settle().values()) == {"st_a"}


def test_a_text_is_kept_once_and_as_long_as_an_article_has_it(chain: StoryCatalog) -> None:
    chain.put("d", _strip(0))
    assert chain.settle()["d"] == "st_a" and chain.texts() == 3
    chain.remove("a")
    assert chain.settle() == {"b": "st_b", "c": "st_b", "d": "st_b"} and chain.texts() == 3
    chain.remove("d")
    assert chain.settle() == {"b": "st_b", "c": "st_b"} and chain.texts() == 2


def test_page_furniture_that_everyone_has_does_not_keep_copies_apart() -> None:
    footer = " ".join(WORDS[:100])
    articles = {f"{n:02}": f"{_strip(0, seed=n % 20)} {footer}" for n in range(40)}
    articles |= {n: text + " Late edition." for n, text in articles.items() if n > "19"}
    found = group({name: signature(text) for name, text in articles.items()}, common=10)
    assert found == {name: f"st_{int(name) % 20:02}" for name in articles}


def test_a_key_that_becomes_common_and_rare_again_leaves_nothing_behind() -> None:
    catalog, texts = StoryCatalog(common=2), {str(n): _strip(40 * n, 2) for n in range(6)}
    for name in "05":
        catalog.put(name, texts[name])
    assert catalog.settle() == {"0": "st_0", "5": "st_0"}
    for name in "1234":
        catalog.put(name, texts[name])
    assert catalog.settle() == _compared_with_all(texts, common=2)
    assert catalog.settle()["5"] != "st_0"
    for name in "1234":
        catalog.remove(name)
    assert catalog.settle() == {"0": "st_0", "5": "st_0"}


def test_any_number_of_articles_of_the_same_words_are_one_story() -> None:
    signed = signature(_strip(0))
    assert set(group({str(n): signed for n in range(20)}, common=3).values()) == {"st_0"}


def test_runs_and_restarts_give_the_stories_of_one_run(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    texts = {"a": _strip(0), "b": _strip(STEPS), "c": _strip(0, seed=9), "d": _strip(2 * STEPS)}
    for name in "dcba":
        publish(make(name, texts[name]))
    publish(remove=("b",))

    assert _published(generations) == {"a": "st_a", "c": "st_c", "d": "st_d"}


def test_a_rebuilt_index_has_the_same_stories(
    generations: Generations, publish: Callable[..., int], make: Make
) -> None:
    publish(make("a", _strip(0)), make("b", _strip(STEPS)), make("c", "…"))
    before = _published(generations)

    mend(generations)

    assert _published(generations) == before == {"a": "st_a", "b": "st_a", "c": "st_c"}


def _published(generations: Generations) -> dict[str, str]:
    catalog = Catalog(generations.path(generations.require_current()))
    stories = {key.article_id: key.story_id for key in catalog.article_keys()}
    catalog.close()
    return stories
