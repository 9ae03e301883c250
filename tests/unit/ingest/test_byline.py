from __future__ import annotations

import pytest

from ingest.byline import Dateline, date_in, dateline, outlet_in
from ingest.clean import clean

PROSE = "The ferry ran aground off the northern cape on Monday evening, the company said."


@pytest.mark.parametrize(
    ("opening", "place", "outlet", "date"),
    [
        ("TEHRAN –", "Tehran", None, None),
        ("TEHRAN, Dec. 17 (Xinhua) --", "Tehran", "Xinhua", "Dec. 17"),
        ("TEHRAN (Feb 25) –", "Tehran", None, "Feb 25"),
        ("WANA (Feb 25) –", None, "WANA", "Feb 25"),
        ("(Reuters) -", None, "Reuters", None),
        ("NEW YORK/LONDON, March 3 (Reuters) -", "New York", "Reuters", "March 3"),
        ("TEHRAN, Iran (AP) —", "Tehran", "AP", None),
        ("Moscow, 17 December 2025 (TASS) –", "Moscow", "TASS", "17 December 2025"),
        ("St. Petersburg, Dec 1 -", "St. Petersburg", None, "Dec 1"),
        ("OSLO —", "Oslo", None, None),
    ],
)
def test_reads_datelines(
    opening: str, place: str | None, outlet: str | None, date: str | None
) -> None:
    assert dateline(f"{opening} {PROSE}") == Dateline(len(opening) + 1, place, outlet, date)


@pytest.mark.parametrize(
    "opening",
    [
        "NFL –",
        "Iran – which",
        "On May 6, Russia –",
        "Lena Holt (a sailor) –",
        "– he said –",
        "A - B",
    ],
)
def test_other_openings_are_no_datelines(opening: str) -> None:
    assert dateline(f"{opening} {PROSE}") is None


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        (f"Coast News: {PROSE}", "Coast News"),
        (f"Lena Holt: {PROSE}", None),
        (f"{PROSE} Coast.Az reports.\n\n{PROSE}", "Coast.Az"),
        (f"{PROSE} Coast Times said so.\n\n{PROSE}\n\nCoast Times", "Coast Times"),
        (f"{PROSE} Bloomberg reports, and so does the Coast Times.", None),
    ],
)
def test_knows_the_outlet_that_names_itself(text: str, outlet: str | None) -> None:
    assert outlet_in(clean(text), None) == outlet


@pytest.mark.parametrize(
    ("top", "date"),
    [
        ("date 2024-05-06 + ↺ − 16 px", "2024-05-06 00:00"),
        ("Updated: May 8, 2024\nPublished: May 6, 2024 10:30 GMT", "2024-05-06 10:30"),
        ("Last updated 8 May 2024", "2024-05-08 00:00"),
        ("By Ana Ruiz | May 6, 2024", "2024-05-06 00:00"),
        ("By Ana Ruiz and Bo Li, 6th May 2024", "2024-05-06 00:00"),
        ("Monday, 6 May 2024, 10:30 GMT", "2024-05-06 10:30"),
        ("10:30 GMT, 6 May 2024", "2024-05-06 10:30"),
        ("Coast Daily | May 6, 2024 at 10:30 p.m. GMT", "2024-05-06 22:30"),
        ("May 6, 2024 - Reuters", "2024-05-06 00:00"),
        ("May 6, 2024 | 5 min read", "2024-05-06 00:00"),
        ("Published on Monday, 6 May 2024", "2024-05-06 00:00"),
        ("Published 2024-05-06T10:30Z", "2024-05-06 10:30"),
        ("Published: May 6, 2024 | Updated: May 8, 2024", "2024-05-06 00:00"),
        ("OSLO, May 6, 2024 (Reuters) –", "2024-05-06 00:00"),
    ],
)
def test_takes_the_date_from_the_top_of_the_page(top: str, date: str) -> None:
    text = f"{top} {PROSE}" if top.endswith("–") else f"{top}\n\n{PROSE}"
    found = date_in(clean(text), dateline(text))
    assert found and found.at and f"{found.at:%Y-%m-%d %H:%M}" == date and found.basis == "text"


def test_a_day_without_a_year_stays_without() -> None:
    found = date_in(clean(PROSE), Dateline(0, date="Feb 25"))
    assert found and (found.at, found.precision, found.basis) == (None, "month_day", "text")


def test_a_date_in_the_prose_is_no_publication_date() -> None:
    text = f"On May 6, 2024, {PROSE}"
    assert date_in(clean(text), dateline(text)) is None


@pytest.mark.parametrize(
    "headline",
    [
        "11 September 2001 attacks: families remember",
        "11 September 2001: families remember",
        "11 September 2001 - The Day Nobody Forgot",
        "Date with destiny: 6 June 1944 remembered",
        "Dated 6 June 1944, the letter was never sent",
        "Published in secret on 6 June 1944",
        "Posted to Oslo, 6 June 1944",
        "Updated map of 6 June 1944 found",
        "By sea, 6 June 1944",
        "June 6, 1944, by those who were there",
    ],
)
def test_a_date_in_a_headline_is_no_publication_date(headline: str) -> None:
    text = f"{headline}\n\n{PROSE}"
    assert date_in(clean(text), dateline(text)) is None


def test_a_line_is_not_cut_to_a_date_where_the_top_of_the_page_ends() -> None:
    lines = ["The ferry of the cape"] * 13 + ["6 May 2024 was a day of storms on the cape"]
    for shift in range(20):
        text = "\n".join((" ".join(("Ferry", "x" * shift)), *lines))
        assert date_in(clean(text), None) is None
