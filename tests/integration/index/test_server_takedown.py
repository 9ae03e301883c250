"""Articles taken out for good, and what is told of their vectors on a Chroma server."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import IndexUnavailable, VectorsUnavailable
from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_collection import ChromaCollection
from ingest.index.generations import Generations
from ingest.index.own_collection import NAME
from ingest.index.sweeping import sweep
from ingest.index.takedown import take_down
from tests.chroma_run import ChromaRun
from tests.integration.index.conftest import entry, put
from tests.integration.index.on_server import FERRY, WHEAT, collection

pytestmark = pytest.mark.usefixtures("checked_here")


@pytest.fixture
def here(tmp_path: Path, chroma: ChromaRun) -> Generations:
    """Two articles on the server; what is built again is checked in this process."""
    made = Generations(tmp_path / "data", chroma.address)
    put(made, FERRY, WHEAT)
    return made


def test_what_is_taken_down_leaves_the_server_too(here: Generations, chroma: ChromaRun) -> None:
    before = collection(here)
    assert take_down(here, ["a1"], 0).unswept is None
    assert before not in chroma.collections()
    assert len(chroma.ids(collection(here))) == 1


def test_what_cannot_be_swept_away_is_told(
    here: Generations, monkeypatch: pytest.MonkeyPatch, chroma: ChromaRun
) -> None:
    def fail(*_: object) -> None:
        raise VectorsUnavailable("the Chroma server is away")

    before = collection(here)
    monkeypatch.setattr(ChromaCollection, "remove", fail)
    assert take_down(here, ["a1"], 0).unswept == "the Chroma server is away"
    monkeypatch.undo()
    sweep(here)
    assert before not in chroma.collections()


@pytest.mark.parametrize("text", ["", "dateline-12\n", "\xff\xff", "someone-elses\n"])
def test_names_that_cannot_be_read_are_refused_before_anything_is_changed(
    text: str, here: Generations
) -> None:
    (here.data_dir / NAME).write_text(text, "latin-1")
    with pytest.raises(IndexUnavailable, match="does not hold names of collections"):
        take_down(here, ["a1"], 0)
    assert here.numbers() == [1]


def test_a_file_that_cannot_be_opened_is_refused(here: Generations) -> None:
    (here.data_dir / NAME).unlink()
    (here.data_dir / NAME).mkdir()
    with pytest.raises(IndexUnavailable, match="cannot be read"):
        take_down(here, ["a1"], 0)
    assert here.numbers() == [1]


def test_a_collection_whose_name_was_lost_is_told(here: Generations, chroma: ChromaRun) -> None:
    lost = collection(here)
    (here.data_dir / NAME).unlink()
    assert f"{lost} is not written down" in str(take_down(here, ["a1"], 0).unswept)
    assert lost in chroma.collections()


def test_a_collection_on_another_server_is_told_until_it_is_gone(
    here: Generations, chroma: ChromaRun
) -> None:
    left = collection(here)
    there = ChromaAddress(url=chroma.url, database="other", timeout_s=10)
    chroma.make_database("other")
    moved = Generations(here.data_dir, there)
    for article in ("a1", "b2"):
        said = str(take_down(moved, [article], 0).unswept)
        assert f"the server that is set does not have {left}: set the one that does" in said
        put(moved, entry("c3", "Tea is sold in Rize."))
    assert left in chroma.collections()
    with pytest.raises(VectorsUnavailable, match="no such"):
        # What is in use is not there.
        sweep(here)
    assert left not in chroma.collections()
