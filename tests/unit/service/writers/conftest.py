"""A model server for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.writers import openai_chat
from tests.model_server import ModelServer


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A running server that has no reply in line."""
    with ModelServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_chat, "FIRST_WAIT_S", 0.01)
