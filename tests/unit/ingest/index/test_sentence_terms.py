from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.index.lexical import terms
from ingest.index.sentence_terms import TELLING, TermTable, key_hash, pack_terms, term_hash
from ingest.index.spelling import name_keys

TEXT = st.text(max_size=25) | st.sampled_from(
    ["The ferry sank.", "Ferries sink", "qzxbetween", "Lukashenko spoke", "", "🚢", "قال ذلك"]
)
PASSAGES = st.lists(st.lists(TEXT, min_size=1, max_size=4), max_size=4)


def table(*passages: list[str]) -> TermTable:
    """Return the words of passages, each given as its header and its sentences."""
    return TermTable.unpack([pack_terms(header, sentences) for header, *sentences in passages])


def has(found: TermTable, *words: str) -> list[list[bool]]:
    wanted = [[term_hash(term) for term in terms(word)] for word in words]
    rows: list[list[bool]] = found.holds(wanted).tolist()
    return rows


def test_each_header_and_sentence_has_a_row_with_its_words() -> None:
    found = table(["Harbour", "Ferries sank.", "Wheat fell."], ["Post", "A ferry came."])

    assert found.rows.tolist() == [3, 2]
    assert has(found, "ferry", "wheat") == [
        *([False, False], [True, False], [False, True], [False, False], [True, False]),
    ]


def test_any_one_of_a_words_numbers_will_do() -> None:
    wanted = [[term_hash("wheat"), term_hash("ferri")], []]

    assert table(["", "A ferry."]).holds(wanted).tolist() == [[False, False], [True, False]]


def test_two_words_of_a_question_may_have_a_number_in_common() -> None:
    wanted = [[term_hash("ferri")], [term_hash("ferri"), term_hash("wheat")]]

    assert table(["", "A ferry."]).holds(wanted).tolist() == [[False, False], [True, True]]


def test_names_are_found_by_what_their_spellings_share() -> None:
    [key] = name_keys("Araqchi")

    found = table(["", "Araghchi spoke.", "araghchi spoke."]).holds([[key_hash(key)]])

    assert found[:, 0].tolist() == [False, True, False]


def test_words_with_a_capital_or_a_digit_are_marked_as_telling() -> None:
    found = table(["Head", "Orlov sold 12 ferries, says a PhD."])

    marked = {int(number) & ~TELLING for number in found.words(1) if number & TELLING}
    assert marked == {term_hash(term) for term in terms("Orlov 12 PhD")}


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("orlov sold three ferries", ["three"]),
        ("he did not sell, nor lend", ["not", "nor"]),
        ("the café sold bread", []),
        ("паром затонул ночью", []),
        ("паром Orlov затонул", ["Orlov"]),
    ],
)
def test_words_that_count_or_deny_are_telling_and_other_small_ones_are_not(
    text: str, telling: list[str]
) -> None:
    found = table(["Head", text]).words(1)

    marked = {int(number) & ~TELLING for number in found if number & TELLING}
    assert marked == {term_hash(term) for word in telling for term in terms(word)}


def test_the_words_of_a_row_are_those_of_its_text() -> None:
    found = table(["Head", "rain fell", ""], ["", "ships left port"])

    sizes = [len(found.words(row)) for row in range(5)]
    assert sizes == [1, 2, 0, 0, 3]


@pytest.mark.parametrize("passages", [[], [["", ""]]])
def test_where_there_are_no_words_none_is_found(passages: list[list[str]]) -> None:
    rows = sum(map(len, passages))

    assert table(*passages).holds([[term_hash("ferri")]]).tolist() == [[False]] * rows


def test_a_sentence_that_holds_the_word_put_between_texts_keeps_its_own_words() -> None:
    found = table(["Head", "A qzxbetween ferry.", "Wheat."])

    assert has(found, "ferry", "wheat") == [[False, False], [True, False], [False, True]]


@given(PASSAGES)
def test_every_row_has_the_words_of_its_text_and_no_others(passages: list[list[str]]) -> None:
    texts = [text for passage in passages for text in passage]
    words = sorted({term for text in texts for term in terms(text)})

    found = table(*passages).holds([[term_hash(word)] for word in words])

    expected = [[word in terms(text) for word in words] for text in texts]
    np.testing.assert_array_equal(found, np.array(expected, bool).reshape(len(texts), len(words)))
