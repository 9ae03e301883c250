"""The cache of vectors on a disk that is full."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.embed.cache import CachingEmbedder, EmbeddingCache
from ingest.embed.embedder import EmbedInput
from ingest.errors import StorageFull
from tests.fakes import FakeEmbedder
from tests.integration.conftest import SmallDisk


def _fill(disk: Path) -> Path:
    filler = disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(disk).free))
    return filler


def _texts(count: int) -> list[EmbedInput]:
    return [EmbedInput(f"The ferry of day {day} sailed for Baku.") for day in range(count)]


@pytest.mark.parametrize("there", [False, True])
def test_nobody_is_told_to_throw_a_cache_away_whose_disk_is_full(
    small_disk: SmallDisk, there: bool
) -> None:
    disk = small_disk(2_000_000)
    if there:
        EmbeddingCache(disk / "embeddings.db").close()
    _fill(disk)
    with pytest.raises(StorageFull, match="no space left") as refused:
        EmbeddingCache(disk / "embeddings.db").put_many({})
    assert "delete" not in str(refused.value)


def test_vectors_that_find_no_room_leave_those_that_were_there(
    small_disk: SmallDisk,
) -> None:
    disk = small_disk(2_000_000)
    cache = EmbeddingCache(disk / "embeddings.db")
    caching = CachingEmbedder(FakeEmbedder(), cache)
    caching.embed(_texts(10))
    filler = _fill(disk)
    with pytest.raises(StorageFull, match="no space left") as refused:
        caching.embed(_texts(5000))
    assert "delete" not in str(refused.value)
    filler.unlink()
    caching.embed(_texts(10))
    assert caching.cached >= 20
    cache.close()
