from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentences

NASTY = st.text(
    st.sampled_from("ab AB.!?…“”\"'‘’()[]\n\t 1.é\u0301😀\u200d中。\u0627\u061f-,:")
    | st.characters(),
    max_size=80,
)
WORDS = st.lists(
    st.sampled_from(
        [
            "He",
            "went.",
            "“Stay,”",
            "U.S.",
            "Mr.",
            "No.",
            "7",
            "end.”",
            "(so)",
            "\n\n",
            "Dec.",
            "ok?",
        ]
    ),
    max_size=90,
).map(" ".join)


def _split(text: str, language: str | None = None) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text, language)]


@pytest.mark.parametrize(
    "expected",
    [
        ["He met Mr. Lee on Dec. 5 in the U.S. Senate.", "Sen. Holt came too."],
        ["It is No. 7 on the list.", "Dr. Who left at 5 a.m. for St. John's."],
        ["Coast.Az reported it first.", "Others followed."],
        ["“Stay,” she said.", "“We will not.”", "Then he left."],
        ["He said “no.”", "She did not (so he says)."],
        ["1. First the hull.", "2. Then the deck."],
        ["Really?", "Yes!", "It cost $3.5 million."],
    ],
)
def test_news_sentences_end_where_they_end(expected: list[str]) -> None:
    assert _split(" ".join(expected)) == expected


def test_a_sentence_never_crosses_a_newline() -> None:
    assert _split("A headline\n\nIt sank and\nwas lost.") == [
        "A headline",
        "It sank and",
        "was lost.",
    ]


def test_an_opening_quote_goes_with_what_it_opens() -> None:
    assert _split('The race was hard," he said. "We won it.') == [
        'The race was hard," he said.',
        '"We won it.',
    ]


def test_a_long_quote_is_opened_at_its_sentences() -> None:
    inner = ["We had to wait for the tide to come in and lift her off the sand bank."] * 5
    quote = "“" + " ".join(inner) + "”"
    assert len(quote) > 250
    assert _split(quote) == ["“" + inner[0], *inner[1:-1], inner[-1] + "”"]


def test_a_short_quote_stays_whole() -> None:
    assert _split("“Go. Now.”") == ["“Go. Now.”"]


def test_other_scripts_have_sentences_too() -> None:
    assert _split("他说。我们走了。", "zh") == ["他说。", "我们走了。"]
    assert len(_split("قال ذلك. ثم ذهب؟ نعم.", "ar")) == 3


@given(NASTY | WORDS, st.sampled_from([None, "en", "de", "xx"]))
def test_every_visible_character_is_in_exactly_one_sentence(
    text: str, language: str | None
) -> None:
    covered = 0
    for span in sentences(text, language):
        assert not text[covered : span.start].strip()
        assert covered <= span.start < span.end
        covered = span.end
    assert not text[covered:].strip()


@given(NASTY | WORDS)
def test_sentences_have_no_space_at_their_ends_and_no_newline(text: str) -> None:
    for sentence in _split(text):
        assert sentence == sentence.strip() and "\n" not in sentence
