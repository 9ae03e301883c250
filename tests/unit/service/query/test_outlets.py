from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.query.outlets import OutletNames

TIMES, POST = "The Times of Norland", "Harbour Post"
TIDE = "Tide Science: The Best of the Shore"
NAMES = OutletNames(
    [
        *("BBC News - Technology", "BBC News - Sport", TIMES, "The New York Times", "Lantern"),
        *("The Hour", TIDE, "thewatchman.com", "northgazette.co.uk", POST, "Fog Watch English"),
        *("Cargo Line | Markets", "The Brink", "Bell News", "Associated Ferries"),
    ]
)
BBC = ("BBC News - Sport", "BBC News - Technology")
TEXT = (
    "the hour of lantern bbc news - times norland new york nyt harbour post’s rain says brink and "
    "science: tide fog watch english thewatchman.com 🚢 ß é ( |"
)
WORDS = st.sampled_from(TEXT.split())


def named(text: str) -> list[tuple[str, ...]]:
    return [mention.outlets for mention in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("What did the Times of Norland write about rain?", TIMES),
        ("The Times of Norland on rain", TIMES),
        ("does times of norland write about rain?", TIMES),
        ("What does NYT say of the bridge?", "The New York Times"),
        ("What does nyt say of the bridge?", "The New York Times"),
        ("Was the New York Times first?", "The New York Times"),
        ("What is in the Lantern article?", "Lantern"),
        ("Did The Hour report rain?", "The Hour"),
        ("Did Tide Science report rain?", TIDE),
        ("What do Cargo Line and others say?", "Cargo Line | Markets"),
        ("Rain, says harbour post", POST),
    ],
)
def test_an_outlet_is_found_by_each_of_its_names(text: str, outlet: str) -> None:
    assert named(text) == [(outlet,)]


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("Did TheWatchman report rain?", "thewatchman.com"),
        ("Did the Watchman report rain?", "thewatchman.com"),
        ("Is rain on thewatchman.com too?", "thewatchman.com"),
        ("Did the North Gazette report rain?", "northgazette.co.uk"),
        ("Did NorthGazette report rain?", "northgazette.co.uk"),
    ],
)
def test_a_domain_is_the_name_that_it_was_made_of(text: str, outlet: str) -> None:
    assert named(text) == [(outlet,)]


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("What did AF report of rain?", [("Associated Ferries",)]),
        ("Is this af or not?", []),
        ("WHAT DID AF REPORT?", []),
    ],
)
def test_two_words_are_cut_to_their_initials_in_capitals(
    text: str, outlets: list[tuple[str, ...]]
) -> None:
    assert named(text) == outlets


def test_initials_that_stand_for_something_else_are_no_outlet() -> None:
    names = OutletNames(["Upper Kirk", "United Norland"])

    assert names.find("Did it rain in the UK, and what does the UN say?") == []


def test_what_kind_of_outlet_it_is_may_be_left_out_of_a_longer_name() -> None:
    assert named("What did Fog Watch report?") == [("Fog Watch English",)]
    assert named("What did Bell News report?") == [("Bell News",)]
    assert named("What did Doctor Bell report?") == []


@pytest.mark.parametrize(
    ("text", "outlets"),
    [
        ("Lantern reported rain, is that right?", [("Lantern",)]),
        ("Lantern articles on rain", [("Lantern",)]),
        ("Lantern is burning?", []),
        ("Lantern", []),
        ("Is Lantern right?", [("Lantern",)]),
    ],
)
def test_one_word_that_opens_a_question_is_an_outlet_only_beside_a_word_for_news(
    text: str, outlets: list[tuple[str, ...]]
) -> None:
    assert named(text) == outlets


@pytest.mark.parametrize(
    ("name", "outlets"),
    [
        ("harbour post", (POST,)),
        ("The Watchman", ("thewatchman.com",)),
        ("north gazette", ("northgazette.co.uk",)),
        ("Fog Watch", ("Fog Watch English",)),
        ("lantern", ("Lantern",)),
        ("af", ("Associated Ferries",)),
        ("BBC", BBC),
        ("bbc news - SPORT", ("BBC News - Sport",)),
        ("Nobody", ()),
        ("", ()),
    ],
)
def test_a_filter_may_call_an_outlet_by_each_of_its_names(
    name: str, outlets: tuple[str, ...]
) -> None:
    assert NAMES.called(name) == outlets


def test_in_a_filter_an_outlets_whole_name_goes_before_a_name_that_others_share() -> None:
    names = OutletNames(["Tide Daily", "Tide Daily - Sport", "tidedaily.com"])

    assert names.called("tide daily") == ("Tide Daily",)
    assert names.called("The Tide Daily") == ("Tide Daily", "Tide Daily - Sport", "tidedaily.com")


@pytest.mark.parametrize("text", ["BBC on rain", "bbc on rain", "What did the BBC News say?"])
def test_a_short_name_that_outlets_share_means_all_of_them(text: str) -> None:
    assert named(text) == [BBC]


def test_a_full_name_means_one_of_those_that_share_the_short_one() -> None:
    assert named("What is in the BBC News - Sport article?") == [("BBC News - Sport",)]


@pytest.mark.parametrize(
    "text",
    [
        "What lantern did she make?",
        "Who named the hour of AI?",
        "WHO NAMED THE HOUR OF AI?",
        "On the brink of winter",
        "What new times?",
        "",
        "?",
    ],
)
def test_common_words_are_no_outlets(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    "text", ["Harbour Post's story", "Harbour Post’s story", "THE HARBOUR POST’S STORY"]
)
def test_a_possessive_belongs_to_the_name(text: str) -> None:
    [mention] = NAMES.find(text)

    assert mention.outlets == (POST,)
    assert text[mention.start : mention.end].casefold().startswith(("harbour", "the harbour"))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("What is in an article by the Norland Street Journal?", "Norland Street Journal"),
        ("What does the story in the Courier say?", "Courier"),
        ("What is new in Gazetteer's coverage of rain?", "Gazetteer"),
        ("Is the 'Evening Star' article right?", "Evening Star"),
        ("What does the Norland Herald say of rain?", "Norland Herald"),
        ("According to Westmark Gazette, did it rain?", "Westmark Gazette"),
    ],
)
def test_an_outlet_that_the_index_does_not_have_is_told_as_missing(text: str, missing: str) -> None:
    [mention] = NAMES.find(text)

    assert mention.outlets == ()
    assert text[mention.start : mention.end] == missing


@pytest.mark.parametrize(
    "text",
    [
        "What do reports from Gaza say?",
        "Is the report by the World Bank right?",
        "Which stories in October were right?",
        "Is the October article right?",
        "What does an article from Monday say?",
        "IS THE EVENING STAR ARTICLE RIGHT?",
    ],
)
def test_places_bodies_and_months_are_no_missing_outlets(text: str) -> None:
    assert named(text) == []


def test_the_verb_that_opens_a_question_is_no_part_of_a_missing_outlets_name() -> None:
    text = "Does the Evening Star article say so?"

    assert [text[m.start : m.end] for m in NAMES.find(text)] == ["Evening Star"]


def test_known_and_missing_outlets_come_in_the_order_of_the_text() -> None:
    text = "Why does the Evening Star article agree with the Harbour Post and Lantern?"

    assert named(text) == [(), (POST,), ("Lantern",)]


def test_of_no_outlets_none_is_known() -> None:
    [mention] = OutletNames([]).find("What did the Harbour Post say?")

    assert mention.outlets == ()


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_capitals_and_small_letters_name_the_same_outlets(text: str) -> None:
    assert named(text.upper()) == named(text.lower())


@given(st.lists(WORDS | st.text(max_size=5), max_size=12).map(" ".join))
def test_mentions_are_slices_of_the_text_that_do_not_overlap(text: str) -> None:
    found = NAMES.find(text)

    ends = [0, *(mention.end for mention in found)]
    assert all(end <= mention.start for end, mention in zip(ends, found, strict=False))
    assert all(mention.start < mention.end <= len(text) for mention in found)
