from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.domain import PassageVectors, Span
from ingest.embed.cache import SUB_BATCH, CachingEmbedder, EmbeddingCache, cache_key, packed
from ingest.embed.embedder import EmbedInput
from ingest.errors import EmbeddingFailed, IndexUnavailable, StorageFull
from tests.fakes import FakeEmbedder

RAIN = EmbedInput("Rain fell. Ships left.", (Span(0, 10), Span(11, 22)))

READER = """
import sys
from pathlib import Path
from ingest.embed.cache import EmbeddingCache
cache = EmbeddingCache(Path(sys.argv[1]))
print(len(cache.get_many([b"known"])))
"""


class FailingEmbedder(FakeEmbedder):
    """Fails from the second call on."""

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        if self.embedded:
            raise EmbeddingFailed("no more")
        return super().embed(inputs)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "embeddings.db"


@pytest.fixture
def cache(path: Path) -> Iterator[EmbeddingCache]:
    cache = EmbeddingCache(path)
    yield cache
    cache.close()


def vectors_of(given: EmbedInput) -> PassageVectors:
    return FakeEmbedder().embed([given])[0]


def assert_same(a: PassageVectors, b: PassageVectors) -> None:
    np.testing.assert_array_equal(a.passage, b.passage)
    np.testing.assert_array_equal(a.sentences, b.sentences)


def test_what_was_packed_elsewhere_is_what_would_have_been_put(cache: EmbeddingCache) -> None:
    put = cache.put_many({b"1": vectors_of(RAIN)})[b"1"]
    cache.put_packed(
        [packed(b"2", vectors_of(RAIN)), packed(b"1", vectors_of(EmbedInput("Other")))]
    )

    found = cache.get_many([b"1", b"2"])

    assert_same(found[b"1"], put)
    assert_same(found[b"2"], put)


def test_tells_what_is_known_without_reading_it(cache: EmbeddingCache) -> None:
    cache.put_many({bytes([n]): vectors_of(RAIN) for n in range(3)})

    assert cache.known([b"\x01", b"\x02", b"\x03", b"\x01"]) == {b"\x01", b"\x02"}


def test_what_was_put_is_found_again(cache: EmbeddingCache) -> None:
    put = vectors_of(RAIN)
    cache.put_many({b"1": put, b"2": vectors_of(EmbedInput("no sentences"))})

    found = cache.get_many([b"1", b"2", b"3"])

    assert found.keys() == {b"1", b"2"}
    np.testing.assert_array_equal(found[b"1"].passage, put.passage)
    np.testing.assert_allclose(found[b"1"].sentences, put.sentences, atol=0.01)
    assert found[b"2"].sentences.shape == (0, 64)


def test_a_known_vector_is_never_replaced(cache: EmbeddingCache) -> None:
    cache.put_many({b"1": vectors_of(RAIN)})
    cache.put_many({b"1": vectors_of(EmbedInput("other"))})

    np.testing.assert_array_equal(cache.get_many([b"1"])[b"1"].passage, vectors_of(RAIN).passage)


def test_a_key_depends_on_the_embedder_the_text_and_the_spans() -> None:
    identity = FakeEmbedder().identity
    changed = {"name": "b", "dimension": 2, "hash": "b", "precision": "int8"}
    others = [replace(identity, **{name: value}) for name, value in changed.items()]  # type: ignore[arg-type]
    inputs = [RAIN, EmbedInput(RAIN.text), EmbedInput(RAIN.text + "\ud800")]

    keys = [cache_key(other, RAIN) for other in others]
    keys += [cache_key(identity, given) for given in inputs]

    assert len(set(keys)) == 7
    assert cache_key(identity, RAIN) == keys[4]


def test_more_keys_than_one_query_takes_are_looked_up(cache: EmbeddingCache) -> None:
    known = {str(n).encode(): vectors_of(RAIN) for n in range(1100)}
    cache.put_many(known)

    assert cache.get_many(known).keys() == known.keys()


def test_another_process_reads_while_this_one_writes(cache: EmbeddingCache, path: Path) -> None:
    cache.put_many({b"known": vectors_of(RAIN)})
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    command = [sys.executable, "-c", READER, str(path)]

    read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)

    writer.close()
    assert read.stdout == "1\n"


@pytest.mark.parametrize("damage", ["header", "page", "other"])
def test_a_damaged_file_is_named_and_may_be_deleted(path: Path, damage: str) -> None:
    path.parent.mkdir()
    if damage == "other":
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE vectors (something)")
        connection.close()
    else:
        cache = EmbeddingCache(path)
        cache.put_many({str(n).encode(): vectors_of(RAIN) for n in range(500)})
        cache.close()
        content = bytearray(path.read_bytes())
        start = 0 if damage == "header" else 4096
        content[start : start + 8192] = b"x" * 8192
        path.write_bytes(content)

    with pytest.raises(IndexUnavailable, match=r"embeddings\.db.*delete") as caught:
        EmbeddingCache(path).get_many([b"1"])

    assert not isinstance(caught.value, StorageFull)


def test_a_full_disk_is_said_and_loses_nothing(cache: EmbeddingCache) -> None:
    cache.put_many({b"1": vectors_of(RAIN)})
    pages = cache._connection.execute("PRAGMA page_count").fetchone()[0]
    cache._connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StorageFull, match=r"embeddings\.db"):
        cache.put_many({str(n).encode(): vectors_of(RAIN) for n in range(100)})

    assert cache.get_many([b"1", b"5"]).keys() == {b"1"}


def test_a_path_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(IndexUnavailable, match=r"embeddings\.db"):
        EmbeddingCache(tmp_path / "file" / "embeddings.db")


def test_nothing_is_embedded_twice(cache: EmbeddingCache) -> None:
    fake = FakeEmbedder()
    embedder = CachingEmbedder(fake, cache)

    embedder.embed([RAIN, EmbedInput("b"), RAIN])
    embedder.embed([EmbedInput("c"), RAIN])

    assert sorted(fake.embedded) == sorted([RAIN.text, "b", "c"])
    assert (embedder.embedded, embedder.cached) == (3, 2)


def test_vectors_are_the_same_whether_known_or_new(cache: EmbeddingCache) -> None:
    embedder = CachingEmbedder(FakeEmbedder(), cache)
    inputs = [EmbedInput(f"text {n} " * n, (Span(0, 6),)) for n in range(1, 5)]

    new = embedder.embed(inputs)
    known = embedder.embed(inputs)

    for given, a, b in zip(inputs, new, known, strict=True):
        assert_same(a, b)
        np.testing.assert_array_equal(a.passage, vectors_of(given).passage)


def test_what_was_embedded_before_a_failure_is_kept(cache: EmbeddingCache) -> None:
    inputs = [EmbedInput("x" * n) for n in range(SUB_BATCH + 36, 0, -1)]

    with pytest.raises(EmbeddingFailed):
        CachingEmbedder(FailingEmbedder(), cache).embed(inputs)

    fake = FakeEmbedder()
    CachingEmbedder(fake, cache).embed(inputs)
    # The shortest came first.
    assert [len(text) for text in fake.embedded] == list(range(SUB_BATCH + 1, SUB_BATCH + 37))


def test_no_texts_need_no_identity(cache: EmbeddingCache) -> None:
    assert CachingEmbedder(FakeEmbedder(), cache).embed([]) == []


def test_questions_pass_through(cache: EmbeddingCache) -> None:
    embedder = CachingEmbedder(FakeEmbedder(), cache)

    expected = FakeEmbedder().embed_queries(["rain?", "snow?"])

    np.testing.assert_array_equal(embedder.embed_queries(["rain?", "snow?"]), expected)
    assert embedder.identity == FakeEmbedder().identity
