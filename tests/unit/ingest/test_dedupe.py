from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dedupe import SAME_STORY, Signature, group, signature

WORDS = [f"word{n}" for n in range(3000)]


def _text(seed: int, words: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def _altered(text: str, share: float, cut: float = 0.0) -> str:
    rng = random.Random(7)
    words = text.split()
    kept = words[: round(len(words) * (1 - cut))]
    return "Another headline " + " ".join(
        rng.choice(WORDS) if rng.random() < share else word for word in kept
    )


def _share(first: Signature, second: Signature) -> float:
    return float((first == second).mean())


def test_a_signature_is_the_same_in_every_process() -> None:
    code = "from ingest.dedupe import signature; print(signature('A ferry ran aground.').sum())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(other.stdout) == int(signature("A ferry ran aground.").sum())


def test_a_signature_has_128_numbers_of_64_bits() -> None:
    found = signature(_text(1))
    assert found.shape == (128,) and found.dtype == np.uint64


@pytest.mark.parametrize(("share", "cut"), [(0.0, 0.0), (0.1, 0.0), (0.0, 0.4), (0.08, 0.25)])
def test_altered_copies_are_one_story(share: float, cut: float) -> None:
    found = group({"b": signature(_text(1)), "a": signature(_altered(_text(1), share, cut))})
    assert found == {"a": "st_a", "b": "st_a"}


def test_different_texts_are_different_stories() -> None:
    found = group({str(n): signature(_text(n)) for n in range(50)})
    assert len(set(found.values())) == 50


def test_texts_without_words_are_no_copies_of_each_other() -> None:
    assert group({"a": signature("…"), "b": signature("!")}) == {"a": "st_a", "b": "st_b"}


def test_texts_without_spaces_are_compared_too() -> None:
    text = "渡轮周一晚上在北部海角搁浅船上九十人天黑前全部获救公司说潜水员将检查船体"
    assert _share(signature(text), signature(text + "周三")) > SAME_STORY
    assert _share(signature(text), signature(text[::-1])) < SAME_STORY


def test_copies_of_copies_are_one_story() -> None:
    rows = np.arange(128, dtype=np.uint64)
    chain = {str(n): np.where(rows < 50 * n, rows, rows + 1000) for n in range(3)}
    assert _share(chain["0"], chain["2"]) < SAME_STORY
    assert set(group(chain).values()) == {"st_0"}


def test_many_copies_of_one_text_are_one_story() -> None:
    copies = {f"{n:03}": signature(_text(1) + f" {n}") for n in range(150)}
    assert set(group(copies).values()) == {"st_000"}


def test_no_articles_are_no_stories() -> None:
    assert group({}) == {}


@given(st.permutations(range(12)))
def test_the_order_of_articles_changes_nothing(order: list[int]) -> None:
    signatures = {str(n): _SOME[n] for n in order}
    assert group(signatures) == group({str(n): _SOME[n] for n in range(12)})


_SOME = [signature(_altered(_text(n % 5), 0.05 * (n // 5))) for n in range(12)]
