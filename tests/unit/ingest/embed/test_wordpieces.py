from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.embed.wordpieces import WordPieces, bundled
from ingest.errors import SettingsError
from ingest.settings import IndexSettings

# Emoji with modifiers, combining accents, Persian with a zero-width non-joiner, Korean, Chinese.
FRAGMENTS = [
    "👩🏽‍🚒",
    "e\u0301",
    "می\u200cرود",
    "خبر",
    "한국어",
    "新闻",
    "İ",
    "ﬁ",
    " ",
    "\n",
    "unlikeliest",
    "a",
]
texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4)).map("".join)


@given(text=texts, limit=st.integers(0, 12))
def test_a_truncated_text_is_a_prefix_within_the_limit(
    pieces: WordPieces, text: str, limit: int
) -> None:
    cut = pieces.truncate(text, limit)

    assert text.startswith(cut)
    assert pieces.count(cut) <= limit


@given(st.lists(st.sampled_from(["storms", "harbour", "🌊", "unlikeliest"])), st.integers(0, 9))
def test_truncation_keeps_as_many_pieces_as_fit(
    pieces: WordPieces, words: list[str], limit: int
) -> None:
    text = " ".join(words)

    kept = pieces.ids(pieces.truncate(text, limit))

    assert kept == pieces.ids(text)[:limit]


def test_a_text_within_the_limit_stays_whole(pieces: WordPieces) -> None:
    assert pieces.truncate("Rain fell. ", 3) == "Rain fell. "


def test_counts_leave_out_the_special_pieces(pieces: WordPieces) -> None:
    assert pieces.count("") == 0
    assert pieces.count("rain fell") == len(pieces.ids("rain fell")) == 2
    assert len(pieces.encode("rain fell").ids) == 4


def test_a_long_text_is_neither_cut_nor_padded(pieces: WordPieces) -> None:
    assert pieces.count("rain " * 700) == 700


@given(text=texts)
def test_offsets_count_code_points(pieces: WordPieces, text: str) -> None:
    marked = text + " harbour"

    start, end = pieces.encode(marked).offsets[-2]

    assert marked[start:end] == "harbour"


def test_a_special_piece_written_in_an_article_is_only_text(pieces: WordPieces) -> None:
    special = {pieces.encode("").ids[0], pieces.encode("").ids[-1]}

    assert not special & set(pieces.ids("[CLS] he wrote [SEP]"))


def test_the_bundled_pieces_need_no_model(pieces: WordPieces) -> None:
    assert bundled(IndexSettings()).ids("Harbour") == pieces.ids("harbour")


def test_an_unreadable_vocabulary_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")

    with pytest.raises(SettingsError, match=r"tokenizer\.json"):
        WordPieces(path)
