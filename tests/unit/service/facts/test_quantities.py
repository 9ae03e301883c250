from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.facts.quantities import (
    Day,
    days_in,
    missing_dates,
    missing_numbers,
    months_of,
    numbers_in,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12,000 ships", {"12000"}),
        ("1,000,000.50 crowns", {"1000000.5"}),
        ("0.50 crowns", {"0.5"}),
        ("agent 007", {"7"}),
        ("the 3rd, the 21st", {"3", "21"}),
        ("the 1990s", {"1990"}),
        ("$1.5bn", {"1.5", "1500000000"}),
        ("1.5-billion", {"1.5", "1500000000"}),
        ("2k", {"2", "2000"}),
        ("six hundred", {"6", "600"}),
        ("Twenty-one, thirty five", {"21", "35"}),
        ("five per cent", {"5", "5%"}),
        ("5 percentage points", {"5", "5%"}),
        ("2.5 % and 3%", {"2.5", "2.5%", "3", "3%"}),
        ("zero", {"0"}),
        ("2025-12-17", {"2025"}),
        ("G20, B2B, x1", set()),
        ("someone, tents, weighty, often", set()),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-12-17", Day(2025, 12, 17)),
        ("2025-12-17T08:00Z", Day(2025, 12, 17)),
        ("17 December 2025", Day(2025, 12, 17)),
        ("17th of Dec. 2025", Day(2025, 12, 17)),
        ("December 17, 2025", Day(2025, 12, 17)),
        ("Sept 5 2025", Day(2025, 9, 5)),
        ("June 1st", Day(None, 6, 1)),
        ("the 3rd of May", Day(None, 5, 3)),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, day: Day) -> None:
    assert days_in(f"They met on {text}.") == {day}


@pytest.mark.parametrize(
    "text",
    ["in May 2025", "they may 5 times", "May 5,000 ships sail", "May 5.3 rise", "May 5% rise"],
)
def test_a_month_beside_another_number_is_no_day(text: str) -> None:
    assert days_in(text) == set()


def test_months_are_named_in_lower_case_and_odd_ones_left_out() -> None:
    days = {Day(2025, 12, 17), Day(None, 2, 1), Day(2025, 13, 1), Day(2025, 0, 1)}

    assert months_of(days) == {"december", "february"}


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("on May 5", []),
        ("on 5 May 2025", []),
        ("on 2025-05-05", []),
        ("on June 7", []),
        ("on June 7, 2024", []),
        ("on June 7, 2023", ["June 7, 2023"]),
        ("on May 5, 2024", ["May 5, 2024"]),
        ("on 6 May and on May 5", ["6 May"]),
        ("on July 5", ["July 5"]),
    ],
)
def test_a_day_is_missing_when_day_month_or_year_differ(claim: str, missing: list[str]) -> None:
    # The text: "On May 5, 2025 … on June 7 … in 2024."
    days = {Day(2025, 5, 5), Day(None, 6, 7)}

    assert missing_dates(claim, days, {"5", "7", "2024", "2025"}) == missing


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("13 percent of 2,000", []),
        ("13% of two thousand", []),
        ("one of them", []),
        ("one million of them", ["one million"]),
        ("2000%", ["2000%"]),
        ("13 of them", []),
        ("5m", []),
        ("5 million", []),
        ("5 metres", ["5"]),
        ("13m", []),
        ("13 million", ["13 million"]),
        ("2 ships and 14 more", ["14"]),
    ],
)
def test_a_number_is_missing_when_no_form_of_it_is_there(claim: str, missing: list[str]) -> None:
    known = {"13", "13%", "2", "2000", "5000000"}

    assert missing_numbers(claim, known) == missing


@given(st.integers(0, 10**15), st.sampled_from(["{}", "{:,}", "{}%", "{:,} percent", "{}.50"]))
def test_a_number_is_never_missing_from_the_text_it_stands_in(value: int, form: str) -> None:
    text = f"Some {form.format(value)} ships."

    assert missing_numbers(text, numbers_in(text)) == []
    assert missing_numbers(f"Some {value + 1} ships.", numbers_in(text)) == [str(value + 1)]


@given(st.dates())
def test_a_day_is_the_same_in_every_form(day: date) -> None:
    name, short = f"{day:%B}", f"{day:%b}"
    forms = [
        day.isoformat(),
        f"{day.day} {name} {day.year:04}",
        f"{name} {day.day}, {day.year:04}",
        f"{short}. {day.day}, {day.year:04}",
    ]

    assert [days_in(form) for form in forms] == [{Day(day.year, day.month, day.day)}] * len(forms)
