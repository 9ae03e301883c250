from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.facts.names import missing_names, words

KNOWN = words("The Iranian minister Karin Åberg met U.S. envoys and Volvo in Norland in 2024.")


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("They met Dahl, Lund and Holm.", ["Dahl", "Lund", "Holm"]),
        ("They met Lena Dahl.", ["Lena Dahl"]),
        ("They met Lena  Dahl.", ["Lena", "Dahl"]),
        ("They flew to Baden-Baden.", ["Baden-Baden"]),
        ("They met Karin Dahl of Norland.", ["Dahl"]),
        ("They sold an iPhone.", ["iPhone"]),
        ("They met the NATO envoy.", ["NATO"]),
        ("They met in Ísafjörður.", ["Ísafjörður"]),
        ("They watched 24Kanal there.", ["Kanal"]),
    ],
)
def test_names_inside_a_sentence_are_told_as_written(claim: str, missing: list[str]) -> None:
    assert missing_names(claim, KNOWN) == missing


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Dahl said no.", ["Dahl"]),
        ("Dahl's ship sank.", ["Dahl"]),
        ("Dahl’s ship sank.", ["Dahl"]),
        ("Sailors’ wages fell.", ["Sailors"]),
        ("Lena Dahl agreed.", ["Lena Dahl"]),
        ("It sank. Dahl warned of more.", ["Dahl"]),
        ("“Dahl warned us,” they said.", ["Dahl"]),
        ("NATO agreed.", ["NATO"]),
    ],
)
def test_at_the_start_of_a_sentence_a_name_is_told_by_what_follows(
    claim: str, missing: list[str]
) -> None:
    assert missing_names(claim, KNOWN) == missing


@pytest.mark.parametrize(
    "claim",
    [
        "Wages fell.",
        "Ships",
        "It sank. Sailors swam ashore.",
        "Why: sailors swam. “Ships sank. (Wages fell.)”",
        "However, ships sank.",
        "Meanwhile Åberg agreed.",
        "The Minister and Her envoys agreed; As If.",
        "X and Y met.",
        "ships sank in the harbour",
        "",
    ],
)
def test_a_capital_alone_makes_no_name(claim: str) -> None:
    assert missing_names(claim, KNOWN) == []


@pytest.mark.parametrize("word", ["US", "IT", "WHO", "WILL"])
def test_an_acronym_that_is_spelled_like_a_function_word_is_a_name(word: str) -> None:
    assert missing_names(f"They met {word} envoys.", KNOWN) == [word]


@pytest.mark.parametrize(
    "claim",
    [
        "They met Karin Åberg.",
        "They met Aberg.",
        "They met ÅBERG.",
        "They met Aberg's Ministers.",
        "They met in Iran.",
        "They met a Norlandian and the Norlandish.",
        "They met Volvos.",
    ],
)
def test_a_name_is_known_however_it_is_written_and_bent(claim: str) -> None:
    assert missing_names(claim, KNOWN) == []


@pytest.mark.parametrize("name", ["Norlandia", "Nord", "Volvi", "Ira", "Irate"])
def test_a_name_that_only_begins_like_a_known_one_is_not_known(name: str) -> None:
    assert missing_names(f"They met in {name}.", KNOWN) == [name]


def test_a_short_word_is_no_place_with_an_ending() -> None:
    assert missing_names("They met Omani sailors.", words("the oma sailed")) == ["Omani"]
    assert missing_names("They met Oma there.", words("the oman sailed")) == ["Oma"]


@given(st.text(alphabet="ABab éÅ'’.-“\n", max_size=40))
def test_a_text_knows_all_of_its_own_names(text: str) -> None:
    assert missing_names(text, words(text)) == []


@given(st.text(alphabet="ABab éÅ'’.-“\n", max_size=40))
def test_what_is_told_stands_in_the_claim(text: str) -> None:
    told = missing_names(text, frozenset())

    assert all(name in text and any(c.isupper() for c in name) for name in told)
