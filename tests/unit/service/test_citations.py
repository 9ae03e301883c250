from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.citations import Claim, cite, claims
from tests.unit.service.articles import START, passage

SHOWN = {1, 2, 3, 4}
HARBOUR = (
    "The harbour opened in spring. Dredging cost 40 million crowns. "
    "Captain Lund praised the work. Ships of 200 metres may enter."
)


@pytest.mark.parametrize(
    ("markers", "cited"),
    [
        ("[1]", (1,)),
        ("[1, 2]", (1, 2)),
        ("[1][2]", (1, 2)),
        ("[2] [1]", (2, 1)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3]", (1, 2, 3)),
        ("【1】", (1,)),
        ("【2†source】", (2,)),
        ("\uff3b\uff11\uff3d", (1,)),
        ("[\u0663]", (3,)),
        ("【1】\u3001【2】", (1, 2)),
        ("[[1]]", (1,)),
        ("([1])", (1,)),
        ("[[1], [2]]", (1, 2)),
        ("[^1]", (1,)),
        ("[source 1]", (1,)),
        ("[Sources: 1 and 3]", (1, 3)),
        ("[Source 1, Source 2]", (1, 2)),
        ("(source 4)", (4,)),
        ("[1], [2] and [3]", (1, 2, 3)),
        ("[1][1]", (1,)),
    ],
)
@pytest.mark.parametrize("form", ["Ships came {}.", "Ships came. {}", "Ships came.{}"])
def test_markers_are_read_in_all_the_ways_models_write_them(
    form: str, markers: str, cited: tuple[int, ...]
) -> None:
    assert claims(form.format(markers), SHOWN) == [Claim("Ships came.", cited, (), True)]


@pytest.mark.parametrize("text", ["[he] came.", "In (2024) it came.", "[sic] 5 came.", "(1) came."])
def test_other_brackets_are_left_alone(text: str) -> None:
    assert claims(text, SHOWN) == [Claim(text, opens_line=True)]


@pytest.mark.parametrize("number", ["5", "0", "99", "2025", "9" * 5000])
def test_a_number_that_was_not_shown_is_taken_out_and_told(number: str) -> None:
    (claim,) = claims(f"Ships came [1][{number}].", SHOWN)

    assert (claim.text, claim.cited) == ("Ships came.", (1,))
    assert claim.invented == (number[:4],)


@pytest.mark.parametrize("markers", ["[9[1]]", "[[9][1]]", "[[[9]1]]", "[\uff19[1]]", "[1[9[1]]]"])
def test_a_marker_around_another_is_read_too(markers: str) -> None:
    found = claims(f"Ships came [2]. Boats left {markers}. Gulls cried [3].", SHOWN)

    assert found == [
        Claim("Ships came.", (2,), (), True),
        Claim("Boats left.", (1,), ("9",)),
        Claim("Gulls cried.", (3,)),
    ]


def test_brackets_around_too_many_others_are_made_round() -> None:
    (claim,) = claims("Ships came " + "[9" * 30 + "[1]" + "]" * 30, SHOWN)

    assert claim.cited == (1,)
    assert "(9)" in claim.text
    assert "[9]" not in claim.text


def test_without_a_marker_its_surroundings_do_not_become_an_address() -> None:
    assert claims("See www[1].example", SHOWN)[0].text == "See www .example"


def test_a_range_beyond_what_was_shown_cites_what_was() -> None:
    (claim,) = claims("Ships came [3-900].", SHOWN)

    assert (claim.cited, claim.invented) == ((3, 4), ("900",))


def test_each_sentence_has_the_markers_that_stand_in_it_or_after_it() -> None:
    found = claims("Ships [1] came [2]. Boats left. [3] Gulls cried. Done.[4]", SHOWN)

    assert [(claim.text, claim.cited) for claim in found] == [
        ("Ships came.", (1, 2)),
        ("Boats left.", (3,)),
        ("Gulls cried.", ()),
        ("Done.", (4,)),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Lund of the U.S. Navy spoke on Feb. 3 about 1.5 million tons.",
        "“We won. We are glad,” Lund said.",
        'Lund said "We won. We are glad" at noon.',
        "The U.S. [1] officials came.",
    ],
)
def test_a_sentence_is_not_cut_at_abbreviations_or_inside_quotation_marks(sentence: str) -> None:
    found = claims(f"{sentence} [1] Then they left. [2]", SHOWN)

    assert [claim.cited for claim in found] == [(1,), (2,)]


def test_a_marker_ends_a_sentence_that_an_abbreviation_seems_to_continue() -> None:
    found = claims("It left for the U.S. [1] Lund stayed. [2]", SHOWN)

    assert [claim.text for claim in found] == ["It left for the U.S.", "Lund stayed."]


def test_a_line_of_markers_alone_belongs_to_the_line_before() -> None:
    found = claims("Ships came.\n[1]\nBoats left. [2]", SHOWN)

    assert [(claim.text, claim.cited) for claim in found] == [
        ("Ships came.", (1,)),
        ("Boats left.", (2,)),
    ]


def test_a_marker_between_commas_leaves_one() -> None:
    assert claims("Ships, [1], came.", SHOWN)[0].text == "Ships, came."


@given(st.text(alphabet='aB1\uff11 [](),-.“”"^【】\uff3b\uff3d†\n'))
@example("a [9[1]].")
@example("a [[1]].")
@example("a \uff3b\uff19\uff3d [\uff19].")
@example("a [9[]], [8[(source 1)]], [[7] ]")
def test_no_marker_is_left_and_no_number_is_made_up(text: str) -> None:
    found = claims(text, SHOWN)

    assert all(set(claim.cited) <= SHOWN for claim in found)
    assert not any(re.search(r"\[\d+\]", claim.text) for claim in found)


@pytest.mark.parametrize(
    "part", ["[1", "[1,", "[", "(source 1, ", ".", '"a. B', "“A. ", "a. [1-4] ", "[9", "[[1]"]
)
def test_odd_text_is_read_in_linear_time(part: str) -> None:
    text = part * (40_000 // len(part)) + "[1]" + "]" * 13_000
    start = time.process_time()

    claims(text, SHOWN)

    assert time.process_time() - start < 3


def test_the_quote_is_the_sentence_that_shares_the_claims_words() -> None:
    citation = cite("Lund praised what was done", passage(HARBOUR))

    assert citation.quote == "Captain Lund praised the work."


def test_numbers_weigh_more_than_words() -> None:
    citation = cite("The harbour work was priced at 40", passage(HARBOUR))

    assert "Dredging cost 40 million crowns." in citation.quote


def test_a_claim_about_two_sentences_quotes_both() -> None:
    citation = cite("Dredging cost 40 million crowns and Captain Lund praised it", passage(HARBOUR))

    assert citation.quote == "Dredging cost 40 million crowns. Captain Lund praised the work."


def test_a_passage_that_shares_nothing_is_quoted_whole() -> None:
    assert cite("Bananas ripen", passage(HARBOUR)).quote == HARBOUR


@given(st.text(alphabet="ships 4.\n"), st.sampled_from(HARBOUR.split()))
def test_offsets_are_those_of_the_quote_in_the_article(text: str, word: str) -> None:
    article = "x" * START + text + HARBOUR

    citation = cite(word, passage(text + HARBOUR))

    assert article[citation.start : citation.end] == citation.quote != ""
