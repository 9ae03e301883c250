from __future__ import annotations

from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from ingest.domain import Filters
from ingest.index import sparse
from ingest.index.lexical import TantivyLexical
from ingest.index.lexical_document import LexicalDocument
from ingest.index.sparse import MOST, passage_vector, question_vector
from ingest.index.spelling import name_keys

# Seven words each, two of them names that are long enough to have a key.
TEXTS = {
    "a-0000": "the ferry Caspian sailed and sailed Araghchi",
    "b-0000": "wheat Ankara fell while the ferry Caspian",
    "c-0000": "rail Isfahan Caspian opened in the spring",
    "d-0000": "tea Trabzon Araqchi drank the tea there",
}


@pytest.fixture
def lexical(tmp_path: Path) -> TantivyLexical:
    """Tantivy with all the texts."""
    with closing(TantivyLexical(tmp_path, create=True)) as made:
        made.add([LexicalDocument(i, i[0], text, None, None, None) for i, text in TEXTS.items()])
    return TantivyLexical(tmp_path)


@pytest.mark.parametrize(
    "question", ["ferry", "the ferry sailed", "Araghchi sailed to Isfahan", "Caspian tea, and tea"]
)
def test_the_product_is_tantivy_s_bm25(
    question: str, lexical: TantivyLexical, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparse, "AVERAGE_WORDS", 7.0)
    monkeypatch.setattr(sparse, "AVERAGE_KEYS", 2.0)
    asked = question_vector(question, lexical)
    products = {i: asked.dot(passage_vector(text)) for i, text in TEXTS.items()}
    hits = {hit.passage_id: hit.score for hit in lexical.search(question, 10, Filters())}
    assert len(hits) > 0
    assert {i: p for i, p in products.items() if p} == pytest.approx(hits, rel=1e-3)


def test_of_passages_that_are_much_shorter_than_most_the_same_one_is_first(
    lexical: TantivyLexical,
) -> None:
    for question in ("Caspian ferry sailed", "wheat in Ankara", "tea of Araghchi"):
        asked = question_vector(question, lexical)
        products = {i: asked.dot(passage_vector(text)) for i, text in TEXTS.items()}
        [first] = lexical.search(question, 1, Filters())
        assert max(products, key=products.__getitem__) == first.passage_id


def test_a_passage_s_vector_depends_on_it_alone(lexical: TantivyLexical) -> None:
    vector = passage_vector("rail rail Isfahan")
    assert vector.indices == sorted(set(vector.indices))
    # Two words, and the key of a name.
    assert len(vector.indices) == len(vector.values) == 3
    assert passage_vector("… 🚂") == question_vector("snow", lexical)
    assert passage_vector("…").indices == []


def test_of_a_header_without_end_the_passage_s_own_words_are_kept() -> None:
    sounds = ["".join(one) for one in product("bdfklmnprst", repeat=3)]
    names = [f"Mar{a}o{b}i{c}e" for a, b, c in sounds]
    own = "The ferry sailed for Trabzon."
    vector = passage_vector(f"Trabzon {' '.join(names)}\n{own}")
    assert len(name_keys(" ".join(names))) > MOST
    assert len(vector.indices) == MOST
    # "the", "ferri", "sail", "for", "trabzon", and the name in any spelling.
    assert set(passage_vector(own).indices) < set(vector.indices)
