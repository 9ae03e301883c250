from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ArticleError
from ingest.read.decode import decode

SENTENCE = "The mayor of Besançon said on Tuesday: “the café near the bridge stays open”."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_reads_every_common_encoding(encoding: str) -> None:
    assert decode(SENTENCE.encode(encoding)) == SENTENCE


def test_reads_cyrillic_of_one_byte_a_letter() -> None:
    text = "Президент заявил во вторник, что новый мост через реку скоро откроется."
    assert decode(text.encode("cp1251")) == text


def test_utf8_cut_inside_a_character_stays_utf8() -> None:
    assert decode("čtyři řeky a šest měst".encode() + b"\xc5") == "čtyři řeky a šest měst\ufffd"


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, b"%PDF-1.7 text", b"\x89PNG\r\n", b"\x01\x02\x03\x04 ab" * 20]
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(ArticleError, match="is not a text file"):
        decode(data)


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_an_article_error(data: bytes) -> None:
    try:
        assert isinstance(decode(data), str)
    except ArticleError as error:
        assert str(error).startswith("is ")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    text = "a" + text
    assert decode(text.encode()) == text
