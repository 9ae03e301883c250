from __future__ import annotations

import pytest

from ingest.index.sentence_terms import TermTable, pack_terms
from service.retrieval.copies import repeats


def said_again(sentence: str, *others: str) -> bool:
    table = TermTable.unpack([pack_terms("Header", [sentence, *others])])
    return repeats(table, 1, 0, range(2, 2 + len(others)))


@pytest.mark.parametrize(
    "other",
    [
        "The ferry with 12 cars sank off Norland on Monday night.",
        "The ferry sank with 12 cars off Norland on Monday night",
        "The old ferry with 12 cars sank off Norland late on Monday night.",
    ],
)
def test_the_same_said_in_other_words_is_a_repetition(other: str) -> None:
    assert said_again("The ferry with 12 cars sank off Norland on Monday night.", other)


@pytest.mark.parametrize(
    "other",
    [
        "The ferry with 14 cars sank off Norland on Monday night.",
        "The ferry with 12 cars sank off Westmark on Monday night.",
        "The ferry with 12 cars sank off Norland on Monday night, Captain Orlov told reporters.",
        "Wheat prices fell.",
    ],
)
def test_another_figure_or_name_is_news(other: str) -> None:
    assert not said_again("The ferry with 12 cars sank off Norland on Monday night.", other)


@pytest.mark.parametrize(
    "other",
    [
        "The old ferry with four cars has sunk off the coast of Norland at night.",
        "The old ferry with three cars has not sunk off the coast of Norland at night.",
        "The old ferry with three cars has never sunk off the coast of Norland at night.",
    ],
)
def test_another_number_in_words_or_a_denial_is_news(other: str) -> None:
    own = "The old ferry with three cars has sunk off the coast of Norland at night."

    assert not said_again(own, other)
    assert not said_again(other, own)


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (
            "The ferry sank off Norland at night near a small café by the harbour.",
            "The ferry sank off Norland at night near a small bakery by the harbour.",
        ),
        (
            "Старый паром затонул ночью вблизи старого маяка.",
            "Старый паром затонул ночью вблизи старого порта.",
        ),
    ],
)
def test_another_small_word_with_letters_beyond_ascii_is_no_news(own: str, other: str) -> None:
    assert said_again(own, other)


def test_any_of_the_others_may_say_it() -> None:
    assert said_again("Two people died.", "Wheat prices fell.", "Two people died.")
    assert not said_again("Two people died.")
