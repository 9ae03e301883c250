from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.embed.int8 import quantise
from ingest.index.lines import LineRow, read_lines
from ingest.index.sentence_terms import pack_terms, term_hash
from tests.fakes import DIMENSION, FakeEmbedder


def vectors(*sentences: str) -> NDArray[np.float32]:
    return FakeEmbedder().embed_queries(sentences)


def row(passage_id: str, *sentences: str) -> LineRow:
    packed = quantise(vectors(*sentences)).tobytes() if sentences else b""
    return LineRow(passage_id, packed, pack_terms("Header", sentences))


def test_the_sentences_of_all_passages_follow_each_other() -> None:
    lines = read_lines(
        [row("a-0000", "Rain fell.", "Ships left."), row("b-0000", "Bread is dear.")]
    )

    assert (lines.passage_ids, lines.starts.tolist()) == (["a-0000", "b-0000"], [0, 2])
    assert lines.vectors.shape == (3, DIMENSION)
    assert lines.terms.rows.tolist() == [3, 2]


def test_each_sentence_is_compared_with_each_vector() -> None:
    said = ["Rain fell.", "Ships left.", "Bread is dear."]
    lines = read_lines([row("a-0000", *said[:2]), row("b-0000", said[2])])

    cosines = lines.cosines(vectors("Ships left.", "Is bread dear?"))

    assert cosines.shape == (2, 3)
    assert cosines.argmax(axis=1).tolist() == [1, 2]
    np.testing.assert_allclose(cosines[0], vectors(*said) @ vectors("Ships left.")[0], atol=0.02)


def test_a_passage_without_a_sentence_is_left_out_with_its_words() -> None:
    lines = read_lines([row("a-0000", "Rain fell."), row("b-0000"), row("c-0000", "Ships left.")])

    assert (lines.passage_ids, lines.starts.tolist()) == (["a-0000", "c-0000"], [0, 1])
    assert lines.terms.holds([[term_hash("ship")]])[:, 0].tolist() == [False, False, False, True]


@pytest.mark.parametrize("rows", [[], [row("a-0000")]])
def test_without_sentences_there_are_no_lines(rows: list[LineRow]) -> None:
    lines = read_lines(rows)

    assert (lines.passage_ids, len(lines.starts), len(lines.vectors)) == ([], 0, 0)
