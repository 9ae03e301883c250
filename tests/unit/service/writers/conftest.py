"""A model server for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.model_server import ModelServer


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A running server that has no reply in line."""
    with ModelServer() as server:
        yield server
