from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.read.markup import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two <b>bold</b>\n word.</p>tail", "One\n\nTwo bold word.\n\ntail"),
        ("One<br>two<br/><br/>three", "One\ntwo\nthree"),
        ("<h2>Head</h2>Text<div>More</div>", "Head\n\nText\n\nMore"),
        ("<p>a<script>x()</script>b<style>p{}</style>c</p>", "abc"),
        ("<p>seen</p><p hidden>no</p><p style='display: none'>no</p>", "seen"),
        ("<ul><li>One</li><li><p>Two</p></li></ul>", "- One\n\n- Two"),
        ("<ol><li>One<li>Two</ol>after", "1. One\n\n2. Two\n\nafter"),
        ("<table><tr><th>A<th>B<tr><td><p>1</p><td>2</table>", "A | B\n\n1 | 2"),
        ("<table><tr><td><p>One</p><p>Two</p></td></tr></table>", "One\n\nTwo"),
        ("<pre>a\n b</pre>", "a\nb"),
        ("a<!-- no -->b &amp; c &nbsp;d", "ab & c d"),
        ("", ""),
        ("plain", "plain"),
        ("<figure><img alt='x'><figcaption>no</figcaption></figure><p>yes</p>", "yes"),
    ],
)
def test_blocks_become_paragraphs(html: str, text: str) -> None:
    assert text_of_html(html) == text


@given(st.text(st.sampled_from("<>/&;p bdivul\"'=\n\0a-!"), max_size=60))
def test_any_fragment_gives_text(fragment: str) -> None:
    assert "\0" not in text_of_html(fragment)


def test_a_fragment_nested_without_end_does_no_harm() -> None:
    assert "x" in text_of_html("<div>" * 200 + "x")
    assert isinstance(text_of_html("<div>" * 100_000 + "x"), str)
