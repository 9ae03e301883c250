from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.query.periods import Period, periods

# A Wednesday.
TODAY = date(2026, 11, 25)
DAYS = st.dates(date(1900, 1, 1), date(2090, 12, 31))
TEXT = (
    "on October 7, 2023 May may 5 the 12th of last this week in Q3 2024 between and to 2019 – - "
    "Friday yesterday two days ago report published since before 31 June 29 February winter "
    "2023-02-30 10/13/2020 past 3 months early “ 🚢 مارس марта"
)
WORDS = st.sampled_from(TEXT.split())


def only(text: str) -> Period:
    (period,) = periods(text, TODAY)
    return period


def days(text: str) -> str:
    """Return the first and last day of the one period of a text."""
    period = only(text)
    return f"{period.first or ''}/{period.last or ''}"


@pytest.mark.parametrize(
    "text",
    [
        "What sank on October 7, 2023?",
        "What sank on October 7,2023?",
        "What sank on 7 October 2023?",
        "What sank on Oct. 7, 2023?",
        "What sank on the 7th of October, 2023?",
        "What sank on October 7th 2023?",
        "What sank on 2023-10-07?",
        "What sank on 7.10.2023?",
    ],
)
def test_a_day_is_read_in_every_way_of_writing_it(text: str) -> None:
    assert days(text) == "2023-10-07/2023-10-07"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 7 October", "2026-10-07/2026-10-07"),
        ("on December 7", "2025-12-07/2025-12-07"),
        ("on November 25", "2026-11-25/2026-11-25"),
        ("on February 29", "2024-02-29/2024-02-29"),
        ("on 3 May", "2026-05-03/2026-05-03"),
        ("in October", "2026-10-01/2026-10-31"),
        ("in December", "2025-12-01/2025-12-31"),
        ("in May", "2026-05-01/2026-05-31"),
        ("in november", "2026-11-01/2026-11-30"),
    ],
)
def test_without_a_year_the_latest_is_meant(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in October 2023", "2023-10-01/2023-10-31"),
        ("in Sept. 2023", "2023-09-01/2023-09-30"),
        ("in 2023-09", "2023-09-01/2023-09-30"),
        ("in 2023", "2023-01-01/2023-12-31"),
        ("in the 1990s", "1990-01-01/1999-12-31"),
        ("in early October 2023", "2023-10-01/2023-10-10"),
        ("in mid-October 2023", "2023-10-11/2023-10-21"),
        ("in late October", "2026-10-22/2026-10-31"),
        ("at the end of 2023", "2023-09-02/2023-12-31"),
        ("in Q3 2023", "2023-07-01/2023-09-30"),
        ("in the fourth quarter of 2023", "2023-10-01/2023-12-31"),
        ("in the second half of 2023", "2023-07-01/2023-12-31"),
        ("in the summer of 2023", "2023-06-01/2023-08-31"),
        ("in winter 2023", "2022-12-01/2024-02-29"),
        ("in the 2019-20 season", "2019-01-01/2020-12-31"),
        ("in 2019/20", "2019-01-01/2020-12-31"),
    ],
)
def test_longer_stretches_are_read(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2026-11-25/2026-11-25"),
        ("yesterday", "2026-11-24/2026-11-24"),
        ("the day before yesterday", "2026-11-23/2026-11-23"),
        ("two days ago", "2026-11-23/2026-11-23"),
        ("30 hours ago", "2026-11-23/2026-11-23"),
        ("a week ago", "2026-11-16/2026-11-22"),
        ("3 months ago", "2026-08-01/2026-08-31"),
        ("a year ago", "2025-01-01/2025-12-31"),
        ("last week", "2026-11-16/2026-11-22"),
        ("this week", "2026-11-23/2026-11-29"),
        ("last weekend", "2026-11-21/2026-11-22"),
        ("last month", "2026-10-01/2026-10-31"),
        ("last quarter", "2026-07-01/2026-09-30"),
        ("last year", "2025-01-01/2025-12-31"),
        ("next year", "2027-01-01/2027-12-31"),
        ("last night", "2026-11-24/2026-11-24"),
        ("last summer", "2026-06-01/2026-08-31"),
        ("last October", "2026-10-01/2026-10-31"),
        ("on Tuesday", "2026-11-24/2026-11-24"),
        ("last Wednesday", "2026-11-18/2026-11-18"),
        ("next Wednesday", "2026-12-02/2026-12-02"),
        ("this Friday", "2026-11-27/2026-11-27"),
        ("in the past 3 days", "2026-11-22/2026-11-25"),
        ("in the last two weeks", "2026-11-11/2026-11-25"),
        ("over the past few months", "2026-08-25/2026-11-25"),
        ("in the last week", "2026-11-18/2026-11-25"),
    ],
)
def test_relative_days_are_counted_from_today(text: str, expected: str) -> None:
    assert days(f"What sank {text}?") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("since October 2023", "2023-10-01/"),
        ("from October 2023 onwards", "2023-10-01/"),
        ("from 7 October 2023 on", "2023-10-07/"),
        ("after October 7, 2023", "2023-10-08/"),
        ("before March 2024", "/2024-02-29"),
        ("prior to the 7th of March 2024", "/2024-03-06"),
        ("until 2020", "/2020-12-31"),
        ("by Friday", "/2026-11-20"),
        ("from October 2023", "2023-10-01/2023-10-31"),
    ],
)
def test_an_open_end_is_none_and_its_word_belongs_to_the_span(text: str, expected: str) -> None:
    assert days(f"What sank {text}?") == expected
    period = only(text)
    assert expected.count("-") == 4 or (period.start, period.end) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between October 7, 2023 and December 1, 2023", "2023-10-07/2023-12-01"),
        ("between September 26 and October 7, 2023", "2023-09-26/2023-10-07"),
        ("between 2 and 5 October 2023", "2023-10-02/2023-10-05"),
        ("from October 5 to 10, 2023", "2023-10-05/2023-10-10"),
        ("from November to March 2024", "2023-11-01/2024-03-31"),
        ("from October 2023 to January", "2023-10-01/2024-01-31"),
        ("from September 30 to October 3", "2026-09-30/2026-10-03"),
        ("from Monday to Wednesday", "2026-11-16/2026-11-18"),
        ("between 2019 and 2021", "2019-01-01/2021-12-31"),
        ("2019-2021", "2019-01-01/2021-12-31"),
        ("7 October 2023 – 9 October 2023", "2023-10-07/2023-10-09"),
    ],
)
def test_a_range_is_one_period(text: str, expected: str) -> None:
    assert days(f"What sank {text}?") == expected


def test_two_days_that_are_only_joined_are_two_periods() -> None:
    found = periods("Which ships sank on October 7, 2023 and October 9, 2023?", TODAY)

    assert [period.first for period in found] == [date(2023, 10, 7), date(2023, 10, 9)]


@pytest.mark.parametrize(
    "text",
    [
        "Who may sail, and who may march 5 miles?",
        "Which ship was the second to sink in the March for Seals?",
        "Did 1,200 people see it, or 2000 people?",
        "Did Ada May resign, as USA Today and the Sunday Mail say?",
        "Is it $2023 or 2023% of 12.2019?",
        "Did it sink on 10/07/2023?",
        "Did it sink on 31 June 2023, or on February 30?",
        "Did it rain more than in the previous year?",
        "Is there a sale on Black Friday?",
        "Did the second half begin at 10-07-2023?",
        "How deep is the harbour of Lund?",
        "",
    ],
)
def test_words_and_numbers_that_only_look_like_days_are_none(text: str) -> None:
    assert periods(text, TODAY) == []


@pytest.mark.parametrize(
    "text",
    [
        "the Meridian Wire report published on December 15, 2023",
        "What do articles from last week say of the port?",
        "What was reported on October 7, 2023 about the ferry?",
        "What has been said between September 26 and October 7, 2023?",
        "Who wrote the article of 3 May?",
        "Which ferry did The Lantern report on September 26, 2023?",
        "Which ferry sank, as a story that was published in The Lantern on 3 May 2024 says?",
        "Which is later, as the Lantern's article at '2024-05-03T10:00:00+00:00' says?",
        "Is it in the article published at 13:55 on May 3, 2024?",
        "Does it agree with the one from 3 May 2024?",
        "Did the Lantern's second report on 3 May 2024 change it?",
        "Is it in the report from 'Harbour Daily - Ships' on 3 May 2024?",
        "What is in this week's coverage of the strike?",
        "Who is quoted in Tuesday's Lantern article?",
        "What is the news from yesterday?",
        "What does the report from October 7, 2023 say?",
        "What do stories since March 2024 say?",
    ],
)
def test_a_day_beside_an_article_is_one_of_publication(text: str) -> None:
    assert only(text).role == "published"


@pytest.mark.parametrize(
    "text",
    [
        "Who led the attack on October 7, 2023?",
        "Who won the elections in 2024?",
        "Who sank last week?",
        "What does the report say about the fire on October 7, 2023?",
        "What does the 2019 World Cup report say?",
        "How many cases were reported in 2023?",
        "Which ferry did the police report on September 26, 2023?",
        "How much profit did Volvo report in Q3 2023?",
        "What did the minister say on October 7, 2023?",
        "How did reports describe the October 7 attack?",
    ],
)
def test_any_other_day_is_only_mentioned(text: str) -> None:
    assert only(text).role == "mentioned"


def test_a_day_right_after_an_outlet_is_one_of_publication() -> None:
    text = "What did Harbour Daily say on October 7, 2023?"

    assert periods(text, TODAY, ["Harbour Daily"])[0].role == "published"
    assert periods(text, TODAY, ["Lantern"])[0].role == "mentioned"


def test_a_year_before_a_noun_is_not_opened_by_a_word_before_it() -> None:
    assert days("Who led before the 2024 elections?") == "2024-01-01/2024-12-31"


@pytest.mark.parametrize("today", [date.min, date.max])
def test_days_beyond_the_calendar_are_left_out(today: date) -> None:
    text = "last year, next year, tomorrow, 999 years ago, last month, since last week, 29 February"

    assert all(p.first is None or p.last is None or p.first <= p.last for p in periods(text, today))


@pytest.mark.parametrize(
    "written", ["{0:%B} {0.day}, {0.year}", "{0.day} {0:%B} {0.year}", "{0:%b}. {0.day}, {0.year}"]
)
@given(day=DAYS)
def test_a_day_that_was_written_is_read_back(written: str, day: date) -> None:
    text = written.format(day).replace("May.", "May")

    assert days(f"Did it sink on {text}?") == f"{day}/{day}"


@given(day=DAYS)
def test_a_day_in_digits_is_read_back_or_left_out(day: date) -> None:
    american = periods(f"Did it sink on {day.month}/{day.day}/{day.year}?", TODAY)

    assert days(f"Did it sink on {day}?") == f"{day}/{day}"
    assert [p.first for p in american] == ([day] if day.day > 12 or day.day == day.month else [])


@given(day=st.dates(TODAY - timedelta(days=360), TODAY))
def test_a_day_of_the_last_year_needs_no_year(day: date) -> None:
    assert days(f"Did it sink on {day.day} {day:%B}?") == f"{day}/{day}"


@given(st.one_of(st.text(max_size=2000), st.lists(WORDS, max_size=60).map(" ".join)), st.dates())
def test_periods_of_any_text_lie_in_it_and_do_not_overlap(text: str, today: date) -> None:
    end = 0
    for period in periods(text, today):
        assert end <= period.start < period.end <= len(text)
        assert period.first or period.last
        assert not (period.first and period.last) or period.first <= period.last
        end = period.end
