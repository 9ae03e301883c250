"""What tests of generations on a Chroma server share."""

from __future__ import annotations

from ingest.index.generations import Generations
from ingest.index.own_collection import own_collection
from tests.integration.index.conftest import entry

FERRY = entry("a1", "The ferry sailed for Baku.")
WHEAT = entry("b2", "Wheat fell in Ankara.")
RAIL = entry("c3", "Rail opened in spring.")


def collection(generations: Generations) -> str:
    """Return the name of the collection of vectors that is in use."""
    return str(own_collection(generations.data_dir))
