from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import find, in_file_name, month_day_in, parse, settled
from ingest.domain import PublicationDate


def _shown(found: PublicationDate | None) -> str | None:
    if found is None or found.at is None:
        return None
    return f"{found.at:%Y-%m-%d %H:%M} {found.precision}"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-05-06", "2024-05-06 00:00 day"),
        ("20240506", "2024-05-06 00:00 day"),
        ("2024/5/6", "2024-05-06 00:00 day"),
        ("May 6, 2024", "2024-05-06 00:00 day"),
        ("Mon 6th of May, 2024", "2024-05-06 00:00 day"),
        ("6-May-2024", "2024-05-06 00:00 day"),
        ("Published: Sept. 6, 2024", "2024-09-06 00:00 day"),
        ("16/05/2024", "2024-05-16 00:00 day"),
        ("05/16/2024 10:30", "2024-05-16 10:30 minute"),
        ("6.5.2024", "2024-05-06 00:00 day"),
        ("6. Mai 2024", "2024-05-06 00:00 day"),
        ("2024-05", "2024-05-01 00:00 month"),
        ("May 2024", "2024-05-01 00:00 month"),
        ("2024", "2024-01-01 00:00 year"),
        ("1715000000", "2024-05-06 12:53 minute"),
        ("1715000000000", "2024-05-06 12:53 minute"),
        ("202405061030", "2024-05-06 10:30 minute"),
        ("20240506103015", "2024-05-06 10:30 minute"),
        ("915000000000", "1998-12-30 06:40 minute"),
        ("2024-05-06T10:30:15.123Z", "2024-05-06 10:30 minute"),
        ("2024-05-06T01:30:00+03:30", "2024-05-05 22:00 minute"),
        ("2024-05-06 10:30:00 UTC", "2024-05-06 10:30 minute"),
        ("Mon, 06 May 2024 10:30:00 -0500", "2024-05-06 15:30 minute"),
        ("May 6, 2024 at 10:30 p.m. EST", "2024-05-07 03:30 minute"),
        ("12:05 am, 6 May 2024", "2024-05-06 00:05 minute"),
    ],
)
def test_reads_dates_as_people_and_programs_write_them(written: str, read: str) -> None:
    assert _shown(parse(written)) == read


def test_midnight_stands_for_the_day_where_it_was_written() -> None:
    assert _shown(parse("2024-05-06T00:00:00+03:30")) == "2024-05-06 00:00 day"


def test_a_time_of_an_unknown_zone_leaves_the_day() -> None:
    assert _shown(parse("May 6, 2024 10:30 pm XYZ")) == "2024-05-06 00:00 day"


def test_day_and_month_that_can_be_swapped_leave_the_year() -> None:
    assert _shown(parse("03/04/2024")) == "2024-01-01 00:00 year"
    assert _shown(parse("03/04/2024 10:30 GMT")) == "2024-01-01 00:00 year"
    assert _shown(parse("04/04/2024")) == "2024-04-04 00:00 day"


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "yesterday", "2 hours ago", "May 6", "Monday", "2024-02-30", "31 Sept 2024"),
        *("1699-12-31", "3024-01-01", "May 2024 was a month of storms", "0000-00-00", "12:30"),
    ],
)
def test_never_guesses(written: str) -> None:
    assert parse(written) is None


def test_refuses_the_far_future_by_the_clock() -> None:
    assert parse(str(datetime.now(UTC).year)) is not None
    assert parse(str(datetime.now(UTC).year + 2)) is None


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/a/2024-05-06-ferry.txt", "2024-05-06 00:00 day"),
        ("/a/ferry_20240506.txt", "2024-05-06 00:00 day"),
        ("/a/2024/05/06/ferry.txt", "2024-05-06 00:00 day"),
        ("/2024-05-06/ferry.txt", None),
        ("/a/ae20240506.txt", None),
        ("/a/120240506.txt", None),
        ("/a/2024-13-06.txt", None),
        ("/a/ferry-2024.txt", None),
    ],
)
def test_reads_the_day_from_a_file_name(path: str, read: str | None) -> None:
    found = in_file_name(path)
    assert _shown(found) == read
    assert found is None or found.basis == "filename"


def test_finds_a_full_date_in_a_short_text() -> None:
    assert _shown(find("TEHRAN, May 6, 2024 (IRNA) –")) == "2024-05-06 00:00 day"
    assert _shown(find("date 2024-05-06 + 16 px")) == "2024-05-06 00:00 day"
    assert find("TEHRAN, May 6 (IRNA) –") is None


@pytest.mark.parametrize("text", ["May 6", "on 6 May", "Monday, 6th of May"])
def test_tells_a_day_without_a_year(text: str) -> None:
    assert month_day_in(text) == PublicationDate(None, "month_day", "text", "--05-06")


@pytest.mark.parametrize("text", ["May 6, 2024", "May 2024", "May 32", "6 of them"])
def test_what_has_a_year_or_is_no_day_is_no_day_without_a_year(text: str) -> None:
    assert month_day_in(text) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("The strike of May 6, 2024 went on.", 2024),
        ("Nobody named a year.", None),
        ("A strike of May 6, 2024 was like that of May 6, 2021.", None),
        ("It was three years after May 6, 2021, at the end of the 2023 season.", None),
    ],
)
def test_the_text_settles_the_year_only_when_it_can_be_no_other(
    text: str, year: int | None
) -> None:
    day = month_day_in("May 6")
    assert day is not None
    found = settled(day, text)
    assert (found.at.year if found.at else None) == year


@given(st.text(max_size=30) | st.from_regex(r"[0-9T:/. -]{1,20}Z?", fullmatch=True))
def test_any_text_gives_a_date_of_this_age_or_none(written: str) -> None:
    found = parse(written)
    assert found is None or (found.at is not None and 1700 <= found.at.year < 2200)
