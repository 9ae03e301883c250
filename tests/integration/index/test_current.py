"""`CURRENT` may be lost or spoiled; the generations beside it are not."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ingest.errors import IndexDamaged
from ingest.index.cli import index_app
from ingest.index.generations import Generations
from ingest.index.library import Library
from tests.integration.index.conftest import entry, put

SAYS = r"names no generation \(there are: 1, 2\); run `dateline index use N`"


@pytest.fixture
def two(generations: Generations) -> Generations:
    put(generations, entry("a1", "The ferry sailed for Baku."))
    put(generations, entry("b2", "Wheat fell in Ankara."))
    return generations


def _index(generations: Generations, *arguments: str) -> str:
    """Run `dateline index …`; return what it prints."""
    runner = CliRunner(env={"DATELINE_DATA_DIR": str(generations.data_dir)})
    return runner.invoke(index_app, arguments, catch_exceptions=False).stdout


def test_without_it_the_newest_generation_is_used(two: Generations) -> None:
    (two.data_dir / "CURRENT").unlink()
    library = Library(two.data_dir)
    assert (two.current(), library.run(lambda reader: reader.number)) == (2, 2)
    library.close()
    assert put(two, entry("c3", "Rail opened in spring.")) == 3
    assert (two.current(), two.numbers()) == (3, [2, 3])


@pytest.mark.parametrize("content", [b"", b"newest\n", b"-1", b"\xff\xfe\x00", "٢".encode()])
def test_rubbish_in_it_is_an_error_that_says_what_mends_it(
    two: Generations, content: bytes
) -> None:
    (two.data_dir / "CURRENT").write_bytes(content)
    for ask in (two.current, Library(two.data_dir).refresh):
        with pytest.raises(IndexDamaged, match=SAYS):
            ask()
    _index(two, "use", "1")
    assert two.current() == 1


def test_rubbish_in_it_keeps_nobody_from_listing_the_generations(two: Generations) -> None:
    (two.data_dir / "CURRENT").write_text("rubbish")
    rows = json.loads(_index(two, "list", "--json"))["generations"]
    assert [(row["generation"], row["current"]) for row in rows] == [(1, False), (2, False)]
    assert [row["articles"] for row in rows] == [1, 2]


def test_a_generation_it_names_that_is_gone_leaves_the_one_before_serving(
    two: Generations,
) -> None:
    (two.data_dir / "CURRENT").write_text("000007\n")
    library = Library(two.data_dir)
    assert library.run(lambda reader: reader.number) == 2
    assert "generation 7 is damaged, 2 serves" in library.degraded[0]
    library.close()
