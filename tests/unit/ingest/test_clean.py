from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean

PROSE = (
    "The ferry ran aground off the northern cape on Monday evening.",
    "All ninety people on board were brought ashore before it was dark.",
    "The company said that divers would look at the hull on Wednesday.",
    "Harbour master Lena Holt called the rescue a small miracle of the sea.",
)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("toolbar", "date 2024-05-06 + ↺ − 16 px"),
        ("toolbar", "Listen to this article 4 min"),
        ("comments", "Leave a Comment"),
        ("comments", "Comments (12)"),
        ("share", "Facebook Twitter Whatsapp Email Share"),
        ("share", "Share this article"),
        ("sign-up", "CLICK HERE TO SIGN UP FOR OUR HARBOUR NEWSLETTER"),
        ("sign-up", "Subscribe now"),
        ("cookies", "Accept all cookies"),
        ("advertisement", "ADVERTISEMENT Article continues below this ad"),
        ("related", "Read more: Ten ferries that never came home"),
        ("related", "You may also like"),
        ("related", "Read more about the ferry"),
        ("related", "Read more: Why did the ferry sink?"),
        ("related", "Read this"),
        ("related", "More from Coast Daily"),
        ("share", "Share this: Facebook"),
        ("share", "Share on Facebook Share to Twitter"),
        ("share", "Click to share on Facebook (Opens in new window)"),
        ("share", "Follow us on Facebook and Twitter."),
        ("share", "Follow us on Google News"),
        ("sign-up", "Sign in to continue reading."),
        ("sign-up", "Already a subscriber? Log in."),
        ("sign-up", "Join our Telegram channel for the latest news from the coast."),
        ("cookies", "We use cookies to improve your experience."),
        ("comments", "Your email address will not be published. Required fields are marked *"),
        ("navigation", "Home > World > Sea"),
        ("navigation", "Tags: ferry, cape"),
        ("copyright", "© 2024 Coast Daily"),
        ("copyright", "© 2024 Coast Daily. All rights reserved."),
        ("copyright", "Copyright 2024 Coast Daily"),
    ],
)
def test_furniture_goes_and_says_by_which_rule(rule: str, line: str) -> None:
    cleaned = clean(f"{PROSE[0]}\n\n{line}\n\n{PROSE[1]}")
    assert cleaned.paragraphs == [PROSE[0], PROSE[1]]
    assert [(dropped.rule, dropped.line) for dropped in cleaned.dropped] == [(rule, line)]


@pytest.mark.parametrize(
    "line",
    [
        "Share prices of the two ferry lines fell by nine per cent on Tuesday.",
        "Read more books, the minister told the pupils of the island school.",
        "We use cookies to feed the sailors, joked the cook of the ferry.",
        "Advertisement of tobacco is banned on all ferries, the court said.",
        "Related parties sold shares",
        "Print runs fell again",
    ],
)
def test_prose_stays_whatever_it_says(line: str) -> None:
    assert line in clean(f"{PROSE[0]}\n\n{line}\n\n{PROSE[1]}").paragraphs


@pytest.mark.parametrize(
    "line",
    [
        *("Font sizes fell, the printer said.", "Print this story, he told them."),
        *("Listen to this story, she said.", "Comments are closed, he told us."),
        *("Leave a comment, the judge said.", "Join the discussion, she urged."),
        *("Share this burden, he told ministers.", "Share with them, she said."),
        *("Follow us, the guide said.", "Find us on foot, they wrote."),
        *("Tweet that, he joked.", "Register for the draft, he said."),
        *("Sign up to fight, they were told.", "Click here to die, it read."),
        *("Already subscribed readers were angry.", "Enter your email, it said."),
        *("Join our channel crossing, the swimmer said.", "We use cookies, the cook joked."),
        *("Story continues after his death, she wrote.", "Advertising, he said, was banned."),
        *("Like this town, many others are empty.", "Read this carefully, the judge said."),
        *("See more violence, and people flee.", "Watch this, the boy said."),
        *("Related: he was her uncle.", "You may also like silence, he said."),
        *("More in sorrow than in anger.", "More on that later, she said."),
        *("Tag: you are it.", "Search the ship, he said.", "Home/office work has changed."),
        *("Copyright law must change, he said.", "The treaty left all rights reserved."),
        *("(c) 2024 saw the ferry sink.", "(c) The third point is void."),
    ],
)
def test_a_short_sentence_stays_like_a_long_one(line: str) -> None:
    assert clean(f"{PROSE[0]}\n\n{line}\n\n{PROSE[1]}").dropped == ()


@pytest.mark.parametrize(
    "line",
    [
        "Like this town, many others are empty",
        "See more violence, and people flee",
        "Share this burden, ministers told",
        "Copyright law faces overhaul",
        "You may also like silence, says monk",
    ],
)
def test_a_subhead_that_begins_like_furniture_stays(line: str) -> None:
    assert clean(f"{PROSE[0]}\n\n{line}\n\n{PROSE[1]}").dropped == ()


def test_every_line_is_a_paragraph_unless_wrapped() -> None:
    assert clean("\n".join(PROSE)).text == "\n\n".join(PROSE)


def test_text_wrapped_at_a_fixed_width_is_joined() -> None:
    wrapped = (
        "The ferry ran aground off the northern cape on Monday\n"
        "evening, and all ninety people on board were brought well-\n"
        "wrapped to the shore before it was dark, the company said.\n\n"
        "Divers would look at the hull on Wednesday, it added, and\n"
        "then decide what to do with it."
    )
    first, second = clean(wrapped).paragraphs
    assert "on Monday evening, and" in first and "well-wrapped" in first
    assert second.endswith("it added, and then decide what to do with it.")


def test_the_outlet_alone_at_the_end_goes() -> None:
    named = f"{PROSE[0]} Coast.Az reports.\n\n{PROSE[1]}\n\nCoast.Az"
    assert clean(named).paragraphs[-1] == PROSE[1]
    assert clean(f"{PROSE[0]}\n{PROSE[1]}\nThe Cape", outlet="the cape").paragraphs[-1] == PROSE[1]
    assert clean(f"{PROSE[0]}\n{PROSE[1]}\nLena Holt").paragraphs[-1] == "Lena Holt"


NEXT = (
    "Lighthouse to get a new lamp",
    "The old lighthouse on the northern cape will get a new lamp in the spring of next year, said "
    "the island council, which wants to spend the money that it has saved on",
)


def test_the_start_of_the_next_story_goes() -> None:
    cleaned = clean("\n".join((*PROSE, "", *NEXT)))
    assert cleaned.paragraphs == list(PROSE)
    assert [dropped.rule for dropped in cleaned.dropped] == ["next story", "next story"]


def test_an_article_with_subheads_that_is_cut_off_keeps_its_end() -> None:
    lines = [*PROSE[:3], "A rescue in the dark", PROSE[3], *NEXT]
    assert clean("\n".join(lines)).paragraphs == lines


def test_a_last_paragraph_that_is_cut_off_after_a_whole_sentence_stays() -> None:
    lines = [*PROSE, NEXT[0], f"{PROSE[0]} {NEXT[1]}"]
    assert clean("\n".join(lines)).paragraphs == lines


def test_a_finished_last_paragraph_under_a_subhead_stays() -> None:
    lines = [*PROSE, NEXT[0], f"{NEXT[1]} the spring."]
    assert clean("\n".join(lines)).paragraphs == lines


@given(st.lists(st.sampled_from([*PROSE, "Advertisement", "Share", "", "  ", *NEXT]), max_size=9))
def test_every_sentence_of_prose_is_kept_in_order(lines: list[str]) -> None:
    prose = [line for line in lines if line in PROSE]
    assert [line for line in clean("\n".join(lines)).paragraphs if line in PROSE] == prose


@given(st.text())
def test_any_text_gives_stripped_paragraphs(text: str) -> None:
    paragraphs = clean(text).paragraphs
    assert all(line and line == line.strip() and "\n" not in line for line in paragraphs)
