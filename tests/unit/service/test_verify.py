from __future__ import annotations

import time

import pytest

from service.verify import check

TEXT = (
    "Feb. 25 (Ledger) - Harbour minister Karin Åberg said Norland would wait two years. "
    "Trade with the U.S. grew 13 percent to $1.5 billion, “a very good deal”, as Mr. Holm's office "
    "put it. Some 2,000 sailors live there."
)
CITED = [TEXT]
KNOWN = "Tea exports\nDaily Ledger\n2025-12-17"


@pytest.mark.parametrize(
    "claim",
    [
        "Trade grew 13 %.",
        "Trade grew by 13%.",
        "Trade grew by 13 per cent.",
        "Trade rose to $1.5bn.",
        "Trade rose to 1,500,000,000 dollars.",
        "Norland set a 2-year wait.",
        "Norland will wait for 2 years.",
        "On 25 February, Åberg spoke of a wait.",
        "On February 25, 2025 Åberg spoke of a wait.",
        "In February, Åberg spoke of a wait.",
        "The Daily Ledger reported the deal on December 17, 2025.",
        "Norland has 2000 sailors.",
        "Norlandian sailors live there.",
        "Aberg's harbour ministry will wait.",
        "Trade with the United States grew.",
        'Holm\'s office called it "A very  good deal."',
        "Holm's office called it “a … good deal”.",
        "Holm's office called it “[a] very good deal”.",
        "However, one office was pleased with the deal.",
    ],
)
def test_the_same_in_another_form_is_supported(claim: str) -> None:
    assert check(claim, CITED, KNOWN) == ("supported", ())


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Trade grew 14 percent.", "14 percent"),
        ("Trade grew by 2000%.", "2000%"),
        ("Trade rose to $1.5 million.", "1.5 million"),
        ("Norland will wait three years.", "three"),
        ("On 26 February, Åberg spoke of a wait.", "26 February"),
        ("On February 25, 2019, Åberg spoke of a wait.", "February 25, 2019"),
        ("In March, Åberg spoke of a wait.", "March"),
        ("Some 12 sailors live there.", "12"),
        ("Holm's office called it “a bad deal”.", "“a bad deal”"),
        ("Karin Åberg and Lena Dahl spoke of a wait.", "Lena Dahl"),
        ("Pontus Holm's office praised the deal.", "Pontus"),
        ("Dahl said that Norland would wait.", "Dahl"),
        ("Dahl's office praised the deal.", "Dahl"),
        ("The harbour minister spoke to NATO.", "NATO"),
    ],
)
def test_what_is_not_in_the_text_is_told(claim: str, missing: str) -> None:
    assert check(claim, CITED, KNOWN) == ("partial", (missing,))


@pytest.mark.parametrize("claim", ["Bananas ripen slowly.", "Tea exports fell."])
def test_a_claim_that_shares_no_word_of_the_passage_is_unsupported(claim: str) -> None:
    assert check(claim, CITED, KNOWN).support == "unsupported"


def test_a_claim_without_a_cited_text_is_uncited() -> None:
    assert check("Norland would wait.", []) == ("uncited", ())


@pytest.mark.parametrize(
    "text", [TEXT, "Åberg waits. 5 ships and “two. Boats” left on May 5, 1999."]
)
def test_a_text_supports_itself(text: str) -> None:
    assert check(text, [text]).support == "supported"


def test_each_thing_is_told_once_in_the_order_of_kinds() -> None:
    claim = "Dahl said “no” on March 3: 99 ships of Trade, 99 of Lena Dahl, “no”."

    assert check(claim, CITED, KNOWN).missing == ("“no”", "March 3", "99", "Dahl", "Lena Dahl")


@pytest.mark.parametrize("part", ["‘a’b", "1,000", "twenty-", "Feb. ", "Aa-", "(", "“", "1."])
def test_odd_text_is_compared_in_linear_time(part: str) -> None:
    text = part * (40_000 // len(part))
    start = time.process_time()

    check(text, [text])

    assert time.process_time() - start < 3
