"""The services that the states of the page need."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.browser.states import Stage
from tests.e2e.serving import serving
from tests.model_server import ModelServer


@contextmanager
def staged(index: Path, folder: Path) -> Iterator[Stage]:
    """Serve an index twice, and an empty data folder.

    Args:
        index: A data folder; it is copied.
        folder: Takes what the services write.
    """
    places = [folder / name for name in ("extractive", "written", "empty")]
    for place in places:
        place.mkdir()
    for place in places[:2]:
        shutil.copytree(index, place / "data")
    with (
        ModelServer() as model,
        serving(places[0], places[0] / "data") as extractive,
        serving(places[1], places[1] / "data", DATELINE_LLM_BASE_URL=model.base_url) as written,
        serving(places[2], places[2] / "data") as empty,
    ):
        addresses = [served.address + "/" for served in (extractive, written, empty)]
        yield Stage(*addresses, model)
