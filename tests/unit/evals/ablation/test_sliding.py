from __future__ import annotations

from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.ablation import sliding
from ingest.domain import Article
from ingest.embed.wordpieces import WordPieces
from tests.fakes import FakePieces

PIECES = cast(WordPieces, FakePieces())
SENTENCE = st.integers(1, 12).map(lambda n: " ".join(["Ships"] + ["sail"] * n) + ".")
TEXTS = st.lists(SENTENCE, min_size=1, max_size=30).map(" ".join)


@pytest.fixture(autouse=True, scope="module")
def _small() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sliding, "SIZE", 20)
        patch.setattr(sliding, "OVERLAP", 12)
        yield


def windows(text: str) -> list[list[str]]:
    article = Article("a1", text, "Ships", "/a.txt", "0")
    return [[text[s.start : s.end] for s in own] for own in sliding.windows(article, PIECES)]


@given(TEXTS)
def test_every_sentence_is_in_a_window_and_none_is_too_large(text: str) -> None:
    found = windows(text)

    assert all(sum(map(PIECES.count, own)) <= sliding.SIZE for own in found)
    assert {sentence for own in found for sentence in own} == {
        f"{s}." for s in text.rstrip(".").split(". ")
    }


@given(TEXTS)
def test_a_window_begins_within_the_overlap_before_the_end_of_the_last(text: str) -> None:
    article = Article("a1", text, "Ships", "/a.txt", "0")

    for before, after in pairwise(sliding.windows(article, PIECES)):
        shared = [span for span in before if span.start >= after[0].start]
        assert sum(PIECES.count(text[s.start : s.end]) for s in shared) <= sliding.OVERLAP
        assert before[0].start < after[0].start <= before[-1].end + 1
