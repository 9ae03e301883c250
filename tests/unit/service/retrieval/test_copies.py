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


def test_any_of_the_others_may_say_it() -> None:
    assert said_again("Two people died.", "Wheat prices fell.", "Two people died.")
    assert not said_again("Two people died.")
