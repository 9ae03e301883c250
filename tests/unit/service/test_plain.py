from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.plain import plain


@pytest.mark.parametrize(
    "text",
    [
        "A ship came at 5 < 6 & left on 9/11, e.g. the U.S./Norland one. [1]",
        "Line one. [1]\nLine two, “said” [he]. [2]",
        "It cost $1.5 million (about 13%), the Ledger-Post said; see ledger.com. [1]",
        "5. Mai und 3 - 4 Schiffe; it_is snake_case",
    ],
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See [the port](https://evil.example/?q=1). [1]", "See the port. [1]"),
        ("Ships came [1](https://evil.example).", "Ships came [1]."),
        ("Ships ![pixel](https://evil.example/a.png) came", "Ships came"),
        ("Ships <img src=x onerror=alert(1)> came", "Ships came"),
        ("Ships &lt;b&gt;came&lt;/b&gt;", "Ships came"),
        ("Ships <<b>script>came", "Ships script>came"),
        ("Go to https://evil.example/x?y=z, now.", "Go to, now."),
        ("Go to www.evil.example or evil.example/path now", "Go to or now"),
        ("Go to <https://evil.example> now", "Go to now"),
        ("Go to (HTTPS://evil.example) now", "Go to now"),
        ("Go to ht\u200btps://evil.example now", "Go to now"),
        ("Write mailto:a@evil.example or javascript:alert(1) now", "Write or now"),
        ("# Head\n\n- **Ships** came\n> `quoted` __text__\n---\n", "Head\nShips came\nquoted text"),
        ("1. Ships\n2. Boats", "Ships\nBoats"),
        ("```json\nShips\n```", "Ships"),
        ("Ships\u202e came\u00ad\U000e0041", "Ships came"),
    ],
)
def test_links_images_and_markup_are_taken_out(text: str, expected: str) -> None:
    assert plain(text) == expected


_PARTS = [
    "<",
    ">",
    "b",
    "/",
    "!",
    "[",
    "]",
    "(",
    ")",
    "://",
    "http",
    "www.",
    "x.yz",
    "*",
    "_",
    "`",
    "&lt;",
    "1",
]


@given(st.lists(st.sampled_from([*_PARTS, " ", "\n"]), max_size=30).map("".join))
def test_nothing_that_a_renderer_could_act_on_is_left(text: str) -> None:
    result = plain(text)

    assert not re.search(r"<[A-Za-z/!?]|\]\(|!\[|[a-z]://\w|\bwww\.\w|`", result)


@pytest.mark.parametrize(
    "part", ["<", "<a", "![", "[](", "_", "_a", " ", "- ", "-", "\n ", "www.", "a.", "&lt;", "[a]("]
)
def test_odd_text_is_cleaned_in_linear_time(part: str) -> None:
    text = part * (40_000 // len(part)) + "x"
    start = time.process_time()

    plain(text)

    assert time.process_time() - start < 3


HOSTS = """
evil.com?x=secret evil.com#x evil.com:8080/x 1.2.3.4/leak?q=s 1.2.3.4:80/leak localhost/x
пример.рф/утечка?д=1 xn--e1aybc.xn--p1ai/x evil。com/x .evil.com/leak?x=1 @evil.com/x
a.b.c.d.e.f.g.h.evil.com/x evil.com%2fx user@evil.com tel:123 sms:123?body=x magnet:?xt=1
"""


@pytest.mark.parametrize("address", HOSTS.split())
def test_no_address_comes_through_in_any_form(address: str) -> None:
    made = plain(f"See {address} for more.")

    assert "evil" not in made
    assert not any(part in made for part in ("leak", "secret", "/", "123", "?", "утечка"))


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. and the E.U. agreed on 1.5 percent.",
        "WANA.ir reported it.",
        "He said no. Then he left.",
        "It rose from 3.5 to 4.5/5 points.",
        "می\u200cگوید",
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<think>Let me see.</think>It rose.", "It rose."),
        ("\n<think>Let me", ""),
        ("It rose.<script>alert(1)</script> So", "It rose. So"),
    ],
)
def test_thinking_aloud_and_scripts_are_no_text(written: str, shown: str) -> None:
    assert plain(written) == shown
