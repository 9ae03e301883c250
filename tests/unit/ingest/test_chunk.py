from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import HEADER_CHARS, HEADER_TOKENS, chunk
from ingest.domain import Article, Passage, Precision, PublicationDate
from ingest.embed.weights import find_model
from ingest.embed.wordpieces import WordPieces

SENTENCE = "The ferry ran aground off the northern cape on Monday evening, {n} people said. "


class Pieces:
    """Counts a piece for every four characters of a word, and one for every other sign."""

    _PIECE = re.compile(r"\w{1,4}|[^\w\s]")

    def count(self, text: str) -> int:
        return len(self._PIECE.findall(text))

    def starts(self, text: str) -> list[int]:
        return [match.start() for match in self._PIECE.finditer(text)]

    def truncate(self, text: str, max_tokens: int) -> str:
        found = list(self._PIECE.finditer(text))
        return text if len(found) <= max_tokens else text[: found[max_tokens].start()].rstrip()


class GluedPieces(Pieces):
    """Counts more for a whole than for its parts, as tokenizers sometimes do."""

    def count(self, text: str) -> int:
        return super().count(text) * 5 // 4

    def starts(self, text: str) -> list[int]:
        once = super().starts(text)
        return sorted([*once, *once[3::4]])


PIECES = Pieces()
UNIT = st.sampled_from(
    [
        *(
            "He went. ",
            "“Stay,” she said. ",
            "The U.S. won. ",
            "word ",
            "e\u0301😀\u200d",
            "中文。",
        ),
        *("قال ذلك. ", "\n\n", "x" * 400, ", ", "?! ", "same sentence again. " * 9, "a b c d e f "),
    ]
)
TEXT = st.lists(UNIT, max_size=60).map("".join).filter(lambda text: bool(text.strip()))


def _article(text: str, title: str = "Ferry aground", outlet: str | None = None) -> Article:
    return Article("00ff", text, title, "/a.txt", "f", outlet=outlet)


def _texts(passages: list[Passage]) -> str:
    return "".join("".join(passage.text.split()) for passage in passages)


@settings(max_examples=60, deadline=None)
@given(TEXT | st.text(min_size=1).filter(lambda text: bool(text.strip())))
def test_every_visible_character_is_in_exactly_one_passage(text: str) -> None:
    passages = chunk(_article(text), PIECES)
    assert _texts(passages) == "".join(text.split())
    assert all(p.text == text[p.start : p.end] for p in passages)
    assert all(p.end <= q.start for p, q in pairwise(passages))


@settings(max_examples=60, deadline=None)
@given(TEXT, st.sampled_from([PIECES, GluedPieces()]), st.sampled_from([96, 256]))
def test_header_and_text_always_fit_the_model(text: str, pieces: Pieces, limit: int) -> None:
    for passage in chunk(_article(text, "A title " * 40, "Coast Daily"), pieces, limit):
        assert pieces.count(f"{passage.header}\n{passage.text}") + 2 <= limit


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_header_and_text_fit_the_bundled_model(text: str) -> None:
    pieces = WordPieces(find_model(None).tokenizer)
    for passage in chunk(_article(text, "A title " * 40, "Coast Daily"), pieces):
        assert pieces.count(f"{passage.header}\n{passage.text}") + 2 <= 256


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_sentences_lie_inside_and_cover_the_passage(text: str) -> None:
    for passage in chunk(_article(text), PIECES):
        spans = passage.sentences
        assert passage.start == spans[0].start and spans[-1].end == passage.end
        assert all(a.end <= b.start for a, b in pairwise(spans))
        assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(
            passage.text.split()
        )


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_every_sentence_has_a_size_and_none_counts_less_than_its_pieces(text: str) -> None:
    for passage in chunk(_article(text), PIECES):
        assert len(passage.sizes) == len(passage.sentences)
        for span, size in zip(passage.sentences, passage.sizes, strict=True):
            # A word that is cut may begin in the sentence before.
            cut = span.start > 0 and not text[span.start - 1].isspace()
            assert size >= PIECES.count(text[span.start : span.end]) - cut


def test_sizes_are_what_the_bundled_model_counts() -> None:
    pieces = WordPieces(find_model(None).tokenizer)
    text = "".join(SENTENCE.format(n=n) for n in range(60))

    for passage in chunk(_article(text), pieces):
        counted = [pieces.count(text[s.start : s.end]) for s in passage.sentences]
        assert list(passage.sizes) == counted
        assert sum(counted) == pieces.count(passage.text)


def test_passages_are_whole_sentences_of_about_200_pieces() -> None:
    text = "".join(SENTENCE.format(n=n) for n in range(60))
    passages = chunk(_article(text), PIECES)
    assert all(p.text.startswith("The ferry") and p.text.endswith("said.") for p in passages)
    assert all(140 <= PIECES.count(p.text) <= 200 for p in passages[:-1])


def test_repeated_sentences_keep_their_own_places() -> None:
    passages = chunk(_article("It sank again. " * 200), PIECES)
    assert [p.start for p in passages] == sorted({p.start for p in passages})
    assert sum(len(p.sentences) for p in passages) == 200


def test_the_last_passage_is_never_tiny() -> None:
    for count in range(2, 40):
        passages = chunk(_article("".join(SENTENCE.format(n=n) for n in range(count))), PIECES)
        assert len(passages) == 1 or PIECES.count(passages[-1].text) >= 60


def test_a_word_without_end_is_cut_into_readable_passages() -> None:
    passages = chunk(_article("x" * 10_000 + " and more of it."), PIECES)
    assert all(len(p.text) < 2600 for p in passages)


def test_a_word_that_is_cut_loses_and_repeats_no_letter() -> None:
    text = "He went. " * 3 + "x" * 1273 + "He went."
    assert _texts(chunk(_article(text), PIECES)) == "".join(text.split())


def test_passages_are_numbered_and_know_their_article() -> None:
    passages = chunk(_article("".join(SENTENCE.format(n=n) for n in range(40))), PIECES)
    assert [p.passage_id for p in passages[:2]] == ["00ff-0000", "00ff-0001"]
    assert {p.article_id for p in passages} == {"00ff"}


@pytest.mark.parametrize(
    ("outlet", "precision", "header"),
    [
        ("Coast Daily", "minute", "Coast Daily, 2024-05-06. Ferry aground"),
        ("Coast Daily", "month", "Coast Daily, 2024-05. Ferry aground"),
        (None, "year", "2024. Ferry aground"),
        ("Coast Daily", "unknown", "Coast Daily. Ferry aground"),
        (None, "unknown", "Ferry aground"),
    ],
)
def test_the_header_says_who_when_and_what(
    outlet: str | None, precision: Precision, header: str
) -> None:
    at = None if precision == "unknown" else datetime(2024, 5, 6, 10, 30, tzinfo=UTC)
    article = Article(
        "00ff",
        "It sank.",
        "Ferry aground",
        "/a",
        "f",
        outlet,
        published=PublicationDate(at, precision),
    )
    assert chunk(article, PIECES)[0].header == header


def test_needs_no_nltk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nltk", None)
    assert len(chunk(_article(SENTENCE * 40), PIECES)) > 1


def test_a_long_header_is_cut() -> None:
    [passage] = chunk(_article("It sank.", title="ferry " * 200), PIECES)
    assert PIECES.count(passage.header) <= HEADER_TOKENS


def test_a_title_of_one_endless_word_leaves_room_for_the_text() -> None:
    text = SENTENCE.format(n=3) * 20
    title = "data:" + "A" * 4000
    article = Article("a" * 16, text, title=title, origin="/a.txt", fingerprint="f")
    passages = chunk(article, PIECES)
    assert len(passages) < 60
    assert all(len(passage.header) <= HEADER_CHARS for passage in passages)
