"""Names that stand in a text, but not where a claim has them."""

from __future__ import annotations

import pytest

from service.facts.reading import read, read_sentence
from service.verification.evidence import rests_on
from service.verification.nearness import far_names, in_place_of, swapped

TEXT = (
    "The harbour of Quern reopened in spring. Lund said the quay would be sold to a firm in "
    "Orrin. The ferries sailed again. Many came to see them. The mayor, Ada Dahl, opened the "
    "market."
)


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("The quay would be sold to a firm in Dunmarsh.", ["Dunmarsh"]),
        ("Holm said the quay would be sold.", ["Holm"]),
        ("Lund said the quay would be sold.", []),
        ("The quay would be sold to a firm in Orrin.", []),
    ],
)
def test_a_name_in_the_place_of_another_is_told(claim: str, missing: list[str]) -> None:
    reading = read_sentence(claim)

    assert in_place_of(reading, rests_on(reading, [read(TEXT)])) == missing


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("The quay would be sold to Dahl.", ["Dahl"]),
        ("The quay of Quern would be sold.", []),
        ("The quay would be sold to Lund.", []),
    ],
)
def test_a_name_from_another_part_of_the_text_is_told(claim: str, missing: list[str]) -> None:
    reading, texts = read_sentence(claim), [read(TEXT)]

    assert far_names(reading, rests_on(reading, texts), texts) == missing


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Holm accused Lund of theft.", ["Holm accused Lund"]),
        ("Lund accused Holm of theft.", []),
        ("Holm was accused by Lund of theft.", []),
    ],
)
def test_who_did_what_to_whom_is_compared(claim: str, missing: list[str]) -> None:
    reading = read_sentence(claim)

    found = swapped(reading, rests_on(reading, [read("Lund accused Holm of theft.")]))

    assert found == missing
