"""Numbers with their units, rounded numbers, and lengths of time."""

from __future__ import annotations

import pytest

from service.facts.amounts import missing_amounts
from service.facts.quantities import numbers_in

TEXT = (
    "The firm paid $1.5 billion for 12 km of quay, 13 ships and 1.97 million tonnes of grain, "
    "24 months after the sale. Some 40 sailors and 6 percent of the pilots left."
)


@pytest.mark.parametrize(
    "claim",
    [
        "1.5 billion dollars",
        "US$1.5bn",
        "12 kilometres",
        "a 12-kilometre quay",
        "nearly 2 million tonnes",
        "over 1.9 million tonnes",
        "about 2 million tonnes",
        "two years",
        "13 ships",
        "13 vessels",
        "6%",
        "one of them",
    ],
)
def test_the_same_amount_in_another_form_is_there(claim: str) -> None:
    assert missing_amounts(claim, [TEXT], frozenset(numbers_in(TEXT))) == []


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("1.5 billion euros", "1.5 billion"),
        ("€1.5 billion", "1.5 billion"),
        ("12 tonnes", "12"),
        ("12 miles", "12"),
        ("13 percent", "13 percent"),
        ("13 sailors", "13"),
        ("nearly 3 million tonnes", "3 million"),
        ("over 2 million tonnes", "2 million"),
        ("2 million tonnes", "2 million"),
        ("three years", "three"),
    ],
)
def test_another_value_or_unit_is_missing(claim: str, missing: str) -> None:
    assert missing_amounts(claim, [TEXT], frozenset(numbers_in(TEXT))) == [missing]
