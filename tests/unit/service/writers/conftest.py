"""A model server for every test that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from service.writers import openai_chat
from service.writers.chat_writer import ChatWriter
from service.writers.openai_chat import OpenAiChat, Patience
from tests.model_server import ModelServer
from tests.unit.service.writers.written import Make


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A running server that has no reply in line."""
    with ModelServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_chat, "FIRST_WAIT_S", 0.01)


@pytest.fixture
async def make(model_server: ModelServer) -> AsyncIterator[Make]:
    """Makes writers over the server; what fails is asked once."""
    chat = OpenAiChat("tiny", model_server.base_url, None, Patience(attempts=1))
    yield lambda manner: ChatWriter(chat, manner)
    await chat.aclose()
