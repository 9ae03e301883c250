from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from service.statements import compose
from tests.unit.service.articles import passage

PASSAGES = [
    passage("The harbour opened in spring. Ships of 200 metres may enter."),
    passage("Captain Lund praised the work.", n=2, outlet="Evening Post", day="2025-05-06"),
]


def test_a_statement_has_its_place_in_the_answer_and_its_quote() -> None:
    composed = compose("The harbour opened in spring [1]. Lund praised it [2].", PASSAGES)

    first, second = composed.statements
    assert composed.text == "The harbour opened in spring. [1] Lund praised it. [2]"
    assert composed.text[second.start : second.end] == "Lund praised it. [2]"
    assert first.citations[0].quote == "The harbour opened in spring."
    assert {first.support, second.support} == {"supported"}


def test_outlet_and_day_of_the_article_count_as_its_text() -> None:
    composed = compose("On 6 May 2025 the Evening Post said that Lund praised it. [2]", PASSAGES)

    assert composed.statements[0].support == "supported"


def test_what_the_passage_does_not_say_is_told() -> None:
    composed = compose("Ships of 300 metres may enter. [1]", PASSAGES)

    assert (composed.statements[0].support, composed.statements[0].missing) == ("partial", ["300"])


def test_an_invented_number_is_told_even_beside_a_good_one() -> None:
    (statement,) = compose("The harbour opened in spring [1][7].", PASSAGES).statements

    assert (statement.support, statement.missing) == ("partial", ["[7]"])


def test_a_sentence_with_an_invented_number_alone_is_uncited() -> None:
    composed = compose("The harbour opened in spring [7].", PASSAGES)

    assert composed.text == "The harbour opened in spring."
    assert composed.statements[0].support == "uncited"


def test_an_invented_number_around_a_good_one_is_told() -> None:
    composed = compose("The harbour opened in spring [9[1]].", PASSAGES)

    assert composed.text == "The harbour opened in spring. [1]"
    assert composed.statements[0].missing == ["[9]"]


def test_a_passage_that_was_not_cited_supports_nothing() -> None:
    composed = compose("The harbour opened in spring. [2]", PASSAGES)

    assert composed.statements[0].support == "unsupported"


def test_the_passage_that_bears_a_claim_out_is_named_when_another_is_cited() -> None:
    composed = compose("Ships of 200 metres may enter. [2] Lund praised it. [2]", PASSAGES)

    first, second = composed.statements
    assert (first.support, first.right_sources) == ("unsupported", [1])
    assert (second.support, second.right_sources) == ("supported", [])


def test_no_passage_is_named_for_one_shared_word_or_an_altered_claim() -> None:
    composed = compose("The harbour. [2] Ships of 300 metres may enter. [2]", PASSAGES)

    assert [statement.right_sources for statement in composed.statements] == [[], []]


def test_a_claim_without_a_citation_names_no_passage() -> None:
    composed = compose("Ships of 200 metres may enter.", PASSAGES)

    assert composed.statements[0].right_sources == []


def test_lines_are_kept() -> None:
    assert compose("Ships enter. [1]\n\n* Lund agreed. [2]", PASSAGES).text == (
        "Ships enter. [1]\nLund agreed. [2]"
    )


_PARTS = [
    "Ships",
    ".",
    "[1]",
    "[2]",
    "[9]",
    "[",
    "]",
    "(",
    ")",
    "<",
    "b>",
    "//x.yz",
    "https:",
    "www.",
    "!",
    "“",
    '"',
    "1",
    ",",
    "\uff3b",
    "\uff3d",
    "\uff19",
]


@given(st.lists(st.sampled_from([*_PARTS, " ", "\n", ". "]), max_size=30).map("".join))
@example("The harbour opened [9[1]].")
@example("The harbour opened [[1]].")
@example("Ships<[1]!")
@example("<<//x.yz>Ships")
@example("Ships!&#xff3b;a\uff3d(b)")
@example("The harbour opened \uff3b\uff11\uff3d [\uff19].")
def test_whatever_a_model_writes_comes_out_cited_right_and_harmless(written: str) -> None:
    composed = compose(written, PASSAGES)

    assert set(re.findall(r"\[(\d+)\]", composed.text)) <= {"1", "2"}
    assert not re.search(r"<[A-Za-z/!?]|\]\(|!\[|:/+\w|\bwww\.\w", composed.text)
    for statement in composed.statements:
        shown = composed.text[statement.start : statement.end]
        markers = "".join(f"[{citation.source}]" for citation in statement.citations)
        assert shown == f"{statement.text} {markers}".strip()
