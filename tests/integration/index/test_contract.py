"""What every generation promises, however it came about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.domain import Filters
from ingest.index import shards
from ingest.index.check import check
from ingest.index.chroma_address import ChromaAddress
from ingest.index.generations import Generations
from ingest.index.lexical import TantivyLexical
from ingest.index.mend import mend
from ingest.index.reader import IndexReader, article_of
from ingest.index.shards import SIZE
from tests.fakes import FakeEmbedder
from tests.integration.index.conftest import entry, put, shards_of

VECTOR = FakeEmbedder().vector
SERVER = "a server, not one"
SPARSE = "a server that indexes words, not one"
RAIL = "The railway along the Caspian shore opens in spring.\nFreight comes first."


@pytest.fixture(scope="module", params=[SIZE, 2, 1, SERVER, SPARSE], ids="{} in a shard".format)
def vectors(request: pytest.FixtureRequest) -> Iterator[ChromaAddress | None]:
    """Where vectors lie: in shards of some size, or on a server, which may index words too."""
    if request.param in (SERVER, SPARSE):
        name = "chroma" if request.param == SERVER else "sparse"
        yield request.getfixturevalue(name).address
    else:
        with shards_of(request.param):
            yield None


@pytest.fixture(scope="module", params=["built at once", "built in two runs", "rebuilt"])
def reader(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    vectors: ChromaAddress | None,
) -> Iterator[IndexReader]:
    generations = Generations(tmp_path_factory.mktemp("data"), vectors)
    rail = entry("a1", RAIL, day="2025-02-25")
    wheat = entry("b2", "Wheat prices fell in Ankara.", outlet="Ledger", day="2025-12-17")
    undated = entry("c3", "Nobody knows when the ferry sank.", outlet="Ledger")
    if request.param == "built in two runs":
        older = entry("a1", "An older text about a ferry.")
        put(generations, older, undated, entry("d4", "Gone tomorrow."))
        put(generations, rail, wheat, remove=("d4",))
    else:
        put(generations, rail, wheat, undated)
    if request.param == "rebuilt":
        mend(generations)
    opened = IndexReader(generations, generations.require_current())
    assert (opened.folder / "chroma").is_dir() == (vectors is None)
    assert vectors or len(list((opened.folder / "chroma").iterdir())) >= 4 // shards.SIZE
    with pytest.MonkeyPatch.context() as patch:
        if opened.manifest.vectors.words:
            # What is found by words is the server's: Tantivy has nothing to say.
            patch.setattr(TantivyLexical, "search", lambda *_: [])
        yield opened
    opened.close()
    assert opened.degraded == []


def test_every_store_holds_the_same_passages(
    reader: IndexReader, vectors: ChromaAddress | None
) -> None:
    assert check(reader.folder, vectors) == []
    assert (reader.manifest.articles, reader.manifest.passages) == (3, 4)


def test_a_passage_is_found_by_its_words_and_by_its_vector(reader: IndexReader) -> None:
    words = reader.lexical("railway shore", 5, Filters())
    near = reader.dense(VECTOR("railway along the Caspian shore"), 5, Filters())
    assert words[0].passage_id == near[0].passage_id == "a1-0000"


def test_words_of_a_replaced_text_are_gone(reader: IndexReader) -> None:
    found = reader.lexical("older text ferry gone tomorrow", 10, Filters())
    assert {article_of(hit.passage_id) for hit in found} == {"c3"}


def test_offsets_give_the_passage_text(reader: IndexReader) -> None:
    for stored in reader.passages(["a1-0000", "a1-0001"]).values():
        passage = stored.passage
        assert RAIL[passage.start : passage.end] == passage.text
        assert stored.vectors.sentences.shape == (1, 64)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(outlets=("ledger",)), {"b2", "c3"}),
        (Filters(published_after=date(2025, 3, 1)), {"b2"}),
        (Filters(published_before=date(2025, 2, 25)), {"a1"}),
        (Filters(as_of=date(2025, 2, 24)), set()),
        (Filters(as_of=date(2025, 12, 17), outlets=("Courier",)), {"a1"}),
        (Filters(outlets=("Nobody",)), set()),
    ],
)
def test_filters_let_through_what_they_should(
    reader: IndexReader, filters: Filters, expected: set[str]
) -> None:
    words = reader.lexical("railway wheat ferry the in", 10, filters)
    near = reader.dense(VECTOR("railway wheat ferry the in"), 10, filters)
    assert {article_of(hit.passage_id) for hit in words} == expected
    assert {article_of(hit.passage_id) for hit in near} == expected


@pytest.mark.parametrize("text", ['"', "a:b AND (", "+-*^~", "", "🚂", "قطار", "x" * 5000])
def test_no_text_is_query_syntax(reader: IndexReader, text: str) -> None:
    assert reader.lexical(text, 5, Filters()) == []


def test_many_equal_texts_hide_no_other_passage(
    tmp_path: Path, vectors: ChromaAddress | None
) -> None:
    generations = Generations(tmp_path, vectors)
    same = [entry(f"a{n:03x}", "Only subscribers may read this.") for n in range(300)]
    texts = [f"The {word} report names {word} growers." for word in ("wheat", "rye", "oats", "tea")]
    put(generations, *same, *(entry(f"b{n}", text) for n, text in enumerate(texts)))
    opened = IndexReader(generations, 1)
    found = [opened.dense(VECTOR(f"{text}\n{text}"), 3, Filters())[0].passage_id for text in texts]
    copies = opened.dense(VECTOR("Only subscribers may read this."), 10, Filters())
    opened.close()
    assert found == ["b0-0000", "b1-0000", "b2-0000", "b3-0000"]
    assert [hit.passage_id for hit in copies] == [f"a{n:03x}-0000" for n in range(10)]
